"""One line about an import: what comes in, how far it is and how long it takes; at the end, what came of it."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Button, ProgressBar, Static

from qa.sanitize import line
from qa.types import Progress

STAGES = {
    "fetch": "Fetching",
    "read": "Reading",
    "embed": "Taking in",
    "prune": "Removing",
    "index": "Indexing",
}


class ImportBar(Horizontal):
    """Hidden unless an import runs or has ended a moment ago."""

    class StopPressed(Message):
        """The user wants the import to stop."""

    class DetailsPressed(Message):
        """The user wants to know what came in, and what did not and why."""

    class ClosePressed(Message):
        """The user has seen what came of the import."""

    async def furnish(self) -> None:
        """Put in text, bar and buttons; called after the first frame."""
        text = Static("", id="import-text", markup=False)
        bar = ProgressBar(show_eta=False, show_percentage=False)
        buttons = (Button(name, id=f"import-{name.lower()}", compact=True) for name in ("Stop", "Details", "Close"))
        await self.mount(text, bar, *buttons)

    def begin(self) -> None:
        """Show that an import has begun."""
        self._show_running(True)
        self.query_one(Static).update("Importing …")
        self.query_one(ProgressBar).update(total=None, progress=0)

    def show(self, progress: Progress, left: str, title: str) -> None:
        """Show how far it has come, how long it takes, and what came in last."""
        if progress.stage == "prepare":
            self.query_one(Static).update(line(progress.source, 100))
            return
        of = f" of {progress.total:,}" if progress.total else ""
        done = f"{STAGES.get(progress.stage, progress.stage.capitalize())} {progress.done:,}{of}"
        named = f"“{line(title, 100)}”" if title else line(progress.source.rstrip("/").rsplit("/", 1)[-1], 60)
        self.query_one(Static).update("  ·  ".join(part for part in (done, left, named) if part))
        self.query_one(ProgressBar).update(total=progress.total, progress=progress.done)

    def end(self, said: str) -> None:
        """Show what came of it, until it is closed."""
        self._show_running(False)
        self.query_one(Static).update(line(said, 200))

    def hide(self) -> None:
        """Take the line away."""
        self.display = False

    def _show_running(self, running: bool) -> None:
        self.display = True
        self.query_one(ProgressBar).display = self.query_one("#import-stop").display = running
        self.query_one("#import-details").display = self.query_one("#import-close").display = not running

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Pass the wish on."""
        event.stop()
        wish = {"import-stop": self.StopPressed, "import-details": self.DetailsPressed}
        self.post_message(wish.get(event.button.id or "", self.ClosePressed)())
