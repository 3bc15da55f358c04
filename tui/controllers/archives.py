"""Which archive is shown, the user's own or the demo's, and how an empty one begins."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from tui.controllers.archiving import ArchivingController
from tui.controllers.context import Context
from tui.ports import Load


@dataclass
class ArchiveWanted(Message):
    """Another archive is to be shown; with `adding`, to add articles to it at once."""

    open: Load
    adding: bool = False


class ArchivesController:
    """Leads from one archive to the other, so that they never mix, and says which one is shown."""

    def __init__(self, context: Context, archiving: ArchivingController) -> None:
        self._context, self._archiving = context, archiving

    @property
    def is_demo(self) -> bool:
        """Whether the archive on the screen is the demo's."""
        services = self._context.services
        return services is not None and services.demo

    def begin(self, adding: bool) -> None:
        """Say which archive this is; fill the demo's, and greet someone whose own is empty."""
        context = self._context
        context.panes.show_demo(self.is_demo, context.keys_of("archive.demo"))
        if adding:
            self._archiving.ask_what_to_add()
        else:
            context.fetch("count", context.archive.count, self._counted)

    def _counted(self, counts: tuple[int, int]) -> None:
        if counts != (0, 0):
            return
        if self.is_demo:
            self._archiving.add([str(self._context.archive.seeds())])
        else:
            self._context.dialogs.welcome(self._chosen)

    def _chosen(self, choice: str) -> None:
        if choice == "demo":
            self.change()
        else:
            self._archiving.ask_what_to_add()

    def change(self, adding: bool = False) -> None:
        """Go from the user's own archive to the demo's, or back."""
        services = self._context.services
        if services is None or services.other is None:
            self._context.say("There is no demo archive here.", warning=True)
        elif not self._archiving.refuses():
            self._context.post(ArchiveWanted(services.other, adding))

    def add(self) -> None:
        """Ask what to add; from the demo, go to the user's own archive first."""
        if self.is_demo:
            self.change(adding=True)
        else:
            self._archiving.ask_what_to_add()
