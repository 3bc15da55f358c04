"""The line that says that the demo's archive is shown, and how to go to one's own."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui.widgets.chrome import link


class DemoBar(Static):
    """Stands above the panes as long as the demo lasts."""

    def say(self, key: str) -> None:
        """Show the line; `key` is the one that leads back."""
        back = link(Content.styled(f"{key}: to your own" if key else "To your own", "underline"), "archive.demo")
        self.update(Content.assemble(("Demo archive", "bold"), ", kept apart from yours.  ", back))
