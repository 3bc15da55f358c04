"""How the terminal UI is started: in this terminal, or in a browser. Nothing heavy is imported before it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tui.ports import Load, Settings
from vectorstore.errors import UsageError


def run(load: Load, settings: Settings = Settings()) -> None:  # noqa: B008 - frozen
    """Run the application in this terminal until the user quits; `load` opens the core behind the first frame.

    Raises UsageError where there is no terminal to draw on.
    """
    import os

    # Textual draws on stderr; in a browser another driver does
    if "TEXTUAL_DRIVER" not in os.environ and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("This needs a terminal.", "For scripts there are: qa ask and qa batch")
    from tui.app import FootnoteApp  # Textual costs 0.4 s

    FootnoteApp(load, settings).run()


def settings(keys: dict[str, str] | None = None, theme: str | None = None) -> Settings:
    """Return the settings of this machine's user: what is remembered goes to the user's state folder."""
    import platformdirs

    memory = platformdirs.user_state_path("footnote-qa", appauthor=False) / "screen.json"
    return Settings(keys=keys or {}, theme=theme, memory=memory, exports=Path.cwd())


def serve(command: Sequence[str], host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the application that `command` starts to browsers until Ctrl-C; raises UsageError."""
    from tui.web import serve as serving

    serving(command, host, port)
