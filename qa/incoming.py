"""What comes in from files, from the web and from feeds, in one stream: for the command line and the screens alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qa.ingest.shard import shard_of
from qa.ingest.web.addresses import is_web_address
from qa.types import IngestReport, Progress
from vectorstore.errors import AppError, UsageError

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.ingest.web.fetched import Fetched, Missed
    from qa.ingest.web.following import Following

Step = Progress | IngestReport


def taking_in(
    archive: Archive,
    names: Sequence[str],
    *,
    stdin: bytes | None = None,
    exclude: Sequence[str] = (),
    prune: bool = False,
    confirm: Callable[[str], bool] = lambda _: False,
    follow_links: bool = False,
    allow_private: bool = False,
    shard: str = "",
) -> Iterator[Step]:
    """Fetch the web addresses among the names, then ingest what was fetched along with the files and folders.

    Of a `shard` such as "3/16", only its own addresses are fetched. Raises UsageError for what is no shard, and for a
    name that is empty: it would be the folder in which the process runs.
    """
    share = shard_of(shard)
    if "" in names:
        raise UsageError("A file or folder has no name.", "For the folder that you are in, write .")
    paths = [Path(name) for name in names if not is_web_address(name)]
    fetched: list[Fetched | Missed] = []
    addresses = [name for name in dict.fromkeys(names) if is_web_address(name) and share.takes(name)]
    for step in _fetched(addresses, allow_private):
        if isinstance(step, Progress):
            yield step
        else:
            fetched.append(step)
    yield from archive.ingesting(
        paths,
        stdin=stdin,
        exclude=exclude,
        prune=prune,
        confirm=confirm,
        follow_links=follow_links,
        fetched=fetched,
        shard=shard,
    )


def _fetched(addresses: Sequence[str], allow_private: bool) -> Iterator[Progress | Fetched | Missed]:
    if addresses:
        from qa.ingest.web.fetch import Fetcher  # httpx takes 0.2 s

        with Fetcher(allow_private=allow_private) as web:
            yield from web.each(addresses)


def catching_up(
    archive: Archive, following: Following, addresses: Sequence[str] = (), *, allow_private: bool = False
) -> Iterator[Step]:
    """Follow the addresses and ingest what is new in them, or without any in all that is followed.

    The caller holds `following`. Raises NotFetched and Unreadable for an address that cannot be followed, UsageError
    for one that is none, AppError where nothing is followed yet.
    """
    from qa.ingest.web.fetch import Fetcher  # httpx takes 0.2 s
    from qa.ingest.web.follow import Follower
    from qa.ingest.worker import Worker

    if not addresses and not following.list():
        raise AppError("Nothing is followed yet.", "Follow a feed or a sitemap with: qa follow URL")
    if strange := [one for one in addresses if not is_web_address(one)]:
        raise UsageError(f"{strange[0]} is not a web address.", "Web addresses begin with https:// or http://")

    def take(pages: tuple[Fetched | Missed, ...]) -> Iterator[Step]:
        yield from archive.ingesting((), fetched=pages)

    with Fetcher(allow_private=allow_private) as web, Worker() as worker:
        follower = Follower(following, web, worker, take)
        wanted = [follower.add(address) for address in addresses] if addresses else following.list()
        yield (yield from follower.run(wanted))
