"""The feeds that the archive follows: listed, added, removed, and fetched when the user wants it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.controllers.archiving import ArchivingController
from tui.controllers.context import Context

if TYPE_CHECKING:
    from qa.ingest.web.following import Followed


class FeedsController:
    """Shows the feeds; what is fetched comes in as any import does."""

    def __init__(self, context: Context, archiving: ArchivingController) -> None:
        self._context, self._archiving = context, archiving

    def show(self) -> None:
        """List the feeds and ask what to do with them."""
        services = self._context.services
        if services is not None and services.demo:
            self._context.say("Feeds belong to your own archive; the demo follows none.", warning=True)
        elif not self._archiving.refuses():
            self._context.fetch("feeds", self._context.archive.feeds, self._ask)

    def _ask(self, feeds: Sequence[Followed]) -> None:
        self._context.dialogs.feeds(feeds, self._do)

    def _do(self, wish: tuple[str, str]) -> None:
        what, address = wish
        archive = self._context.archive
        if what == "remove":
            self._context.fetch("feeds", lambda: archive.unfollow(address), lambda _: self._removed(address))
        else:
            self._archiving.run(lambda: archive.follow([address] if address else []))

    def _removed(self, address: str) -> None:
        self._context.say(f"{address} is followed no longer; its articles stay.")
        self.show()
