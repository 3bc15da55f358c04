"""Following: what is new in a feed or a sitemap is fetched and taken in, each page once, and none is lost on the way.

An entry is done with when its page was taken in, or is not to be had. What failed for the moment (a busy site, a broken
connection) is not, and as long as there is such an entry the feed is asked for in full again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from qa.ingest.web.body import gunzipped
from qa.ingest.web.fetch import Fetcher
from qa.ingest.web.fetched import NOTHING, Fetched, Missed, Validators
from qa.ingest.web.following import Followed, Following
from qa.ingest.worker import Worker
from qa.types import Failure, IngestReport, Progress
from vectorstore.articles import counted
from vectorstore.errors import NotFetched, Unreadable
from vectorstore.urls import page_of

BATCH = 24  # pages that are fetched, taken in and noted before the next ones
MOST = 500  # pages of one feed in one run; the next run goes on
MOST_SITEMAPS = 50  # of an index
LARGEST = 50 * 2**20  # bytes of a sitemap, unpacked

Step = Progress | IngestReport
Take = Callable[[tuple[Fetched | Missed, ...]], Iterator[Step]]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A page that a feed names: at which address, and of which day (ISO or "")."""

    address: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class FeedListing:
    """What a feed lists at this time, and which of its sitemaps cannot be had."""

    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    validators: Validators = NOTHING
    failed: tuple[Failure, ...] = ()


class Follower:
    """Looks into feeds with one fetcher; `take` takes pages into the archive, yielding what an ingest yields."""

    def __init__(self, following: Following, web: Fetcher, worker: Worker, take: Take) -> None:
        self._following, self._web, self._worker, self._take = following, web, worker, take

    def add(self, address: str) -> Followed:
        """Follow a feed, a sitemap, or the feed that a page names; raises NotFetched or Unreadable."""
        found = self._listed(self._web.get(address))
        feed = next(iter(found["feeds"]), address)
        known = {one.address: one for one in self._following.list()}
        followed = known.get(feed) or Followed(feed, found["title"])
        self._following.save(followed)
        return followed

    def run(self, followed: Sequence[Followed]) -> Generator[Progress, None, IngestReport]:
        """Take in what is new, feed by feed; one that fails stops none of the others."""
        reports = []
        for one in followed:
            try:
                reports.append((yield from self._look(one)))
            except (NotFetched, Unreadable) as error:
                reports.append(IngestReport(failed=(Failure(one.address, error.message),)))
        return total(reports)

    def _look(self, followed: Followed) -> Generator[Progress, None, IngestReport]:
        listing = self._listing(followed)
        wanted = new(listing.entries, followed.seen)
        looked = replace(followed, title=listing.title or followed.title, looked=_now())
        reports = [IngestReport(failed=listing.failed)]
        for start in range(0, min(len(wanted), MOST), BATCH):
            batch = wanted[start : min(start + BATCH, MOST)]
            pages = yield from self._fetched(batch)
            reports.append((yield from _reported(self._take(pages))))
            again = {page.address for page in pages if isinstance(page, Missed) and page.again}
            looked = replace(looked, seen=looked.seen.union(_key(e) for e in batch if e.address not in again))
            self._following.save(looked)
        left = {_key(entry) for entry in wanted} - looked.seen
        self._following.save(replace(looked, validators=NOTHING if left else listing.validators))
        return total(reports, _more(followed, len(wanted) - MOST))

    def _fetched(self, batch: Sequence[FeedEntry]) -> Generator[Progress, None, tuple[Fetched | Missed, ...]]:
        pages: list[Fetched | Missed] = []
        days = {entry.address: entry.published for entry in batch}
        for step in self._web.each([entry.address for entry in batch]):
            if isinstance(step, Progress):
                yield step
            else:
                pages.append(replace(step, published=days[step.address]) if isinstance(step, Fetched) else step)
        return tuple(pages)

    def _listing(self, followed: Followed) -> FeedListing:
        page = self._web.get(followed.address, followed.validators)
        if page.unchanged:
            return FeedListing(validators=followed.validators)
        found = self._listed(page)
        if not found["sitemaps"]:
            return FeedListing(found["title"], _entries(found), page.validators)
        # an index may stay as it is while a sitemap in it changes, so it is asked for in full each time
        entries: list[FeedEntry] = []
        failed: list[Failure] = []
        for address in found["sitemaps"][:MOST_SITEMAPS]:
            try:
                entries += _entries(self._listed(self._web.get(address)))
            except (NotFetched, Unreadable) as error:
                failed.append(Failure(address, error.message))
        return FeedListing("", tuple(entries), failed=tuple(failed))

    def _listed(self, page: Fetched) -> dict[str, Any]:
        return self._worker.feed(gunzipped(page.data, LARGEST), page.found_at, page.kind)


def new(entries: Iterable[FeedEntry], seen: frozenset[str]) -> list[FeedEntry]:
    """Return the entries of pages that were not seen, each page once.

    The ids that feeds give their entries tell nothing: some give one id to all of them.
    """
    first = {_key(entry): entry for entry in reversed([*entries])}
    return [entry for key, entry in reversed(first.items()) if key not in seen]


def _key(entry: FeedEntry) -> str:
    return page_of(entry.address) or entry.address


def _more(followed: Followed, count: int) -> list[str]:
    return [f"{followed.address}: {counted(count, 'page')} more wait for the next run"] if count > 0 else []


def total(reports: Sequence[IngestReport], warnings: Sequence[str] = ()) -> IngestReport:
    """Return several reports as one; the size of the archive is that of the last."""
    last = next((one for one in reversed(reports) if one.articles), IngestReport())
    counted_up = {name: sum(getattr(one, name) for one in reports) for name in IngestReport().counts}
    return replace(
        IngestReport(**counted_up),
        failed=tuple(failure for one in reports for failure in one.failed),
        warnings=(*(warning for one in reports for warning in one.warnings), *warnings),
        passed_over=tuple(passed for one in reports for passed in one.passed_over),
        articles=last.articles,
        passages=last.passages,
        seconds=round(sum(one.seconds for one in reports), 3),
    )


def _entries(found: dict[str, Any]) -> tuple[FeedEntry, ...]:
    return tuple(FeedEntry(*row) for row in found["entries"])


def _reported(steps: Iterator[Step]) -> Generator[Progress, None, IngestReport]:
    for step in steps:
        if isinstance(step, IngestReport):
            return step
        yield step
    raise AssertionError("an ingest ends with what it came to")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
