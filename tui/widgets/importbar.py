"""One line while an import runs: what is being read, how far it has come, and a way to stop it."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Button, ProgressBar, Static

from qa.sanitize import line
from qa.types import Progress


class ImportBar(Horizontal):
    """Hidden unless an import runs."""

    class StopPressed(Message):
        """The user wants the import to stop."""

    async def furnish(self) -> None:
        """Put in text, bar and button; called after the first frame."""
        text = Static("", id="import-text", markup=False)
        await self.mount(text, ProgressBar(show_eta=True), Button("Stop", compact=True))

    def begin(self) -> None:
        """Show that an import has begun."""
        self.display = True
        self.query_one(Static).update("Importing …")
        self.query_one(ProgressBar).update(total=None, progress=0)

    def show(self, progress: Progress) -> None:
        """Show how far it has come."""
        of = f" of {progress.total:,}" if progress.total else ""
        source = line(progress.source.rstrip("/").rsplit("/", 1)[-1], 60)
        text = f"{progress.stage.capitalize()} {progress.done:,}{of}  {source}"
        self.query_one(Static).update(text)
        self.query_one(ProgressBar).update(total=progress.total, progress=progress.done)

    def end(self) -> None:
        """Hide."""
        self.display = False

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Pass the wish on."""
        event.stop()
        self.post_message(self.StopPressed())
