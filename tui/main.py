"""How the terminal UI is started: in this terminal, or in a browser."""

from __future__ import annotations

from tui.ports import Load, Settings


def run(load: Load, settings: Settings = Settings()) -> None:  # noqa: B008 - frozen
    """Run the application in this terminal until the user quits; `load` opens the core behind the first frame."""
    from tui.app import FootnoteApp  # Textual costs 0.4 s

    FootnoteApp(load, settings).run()
