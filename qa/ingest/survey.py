"""The first reading: which articles there are, which lines many of them share, and what cannot be read."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from qa.ingest.boilerplate.tally import LineTally
from qa.ingest.clean import prose_lines, short_lines
from qa.ingest.raw import ArticleReader, RawArticle
from qa.ingest.read import read_file, read_stdin
from qa.ingest.shard import WHOLE, Shard
from qa.ingest.sources import FoundFiles, name_of
from qa.ingest.web.fetched import Fetched, Missed
from qa.ingest.web.pages import drafts_of
from qa.types import Failure, Progress


@dataclass(frozen=True, slots=True)
class Request:
    """What to take in: paths, the bytes of standard input, what was fetched; `fields` maps dump keys.

    `longest` is the number of characters that an article may have. `confirm` is asked, with a sentence that says why,
    before `prune` removes much; nobody agrees by default. Of all but what was fetched, `shard` is taken alone.
    """

    paths: tuple[Path, ...] = ()
    stdin: bytes | None = None
    exclude: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    prune: bool = False
    follow_links: bool = False
    confirm: Callable[[str], bool] = lambda _: False
    fetched: tuple[Fetched | Missed, ...] = ()
    longest: int = 2_000_000
    shard: Shard = WHOLE


LISTED = 500  # of what was skipped: nobody reads more
NO_ARTICLES = "not a kind of file that holds articles"
AGAIN = "its address came up again later on"


@dataclass(slots=True)
class Survey:
    """What the first reading found: the hash under which each source is to be read, shared lines, what failed.

    Of the `skipped`, `passed_over` names the first LISTED.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    repeated: dict[str, set[str]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    skipped: int = 0
    unreachable: bool = False
    passed_over: list[Failure] = field(default_factory=list)

    def choose(self, draft: RawArticle) -> None:
        """Let a draft be read in the place of an earlier one with its source."""
        earlier, found = self.chosen.get(draft.source), digest(draft.original)
        self.chosen[draft.source] = found
        if earlier is not None:
            self.skip(draft.place or draft.source, AGAIN)
        if earlier not in {None, found}:
            self.warnings.append(f"{draft.place}: takes the place of an earlier row with its URL, {draft.source}")

    def skip(self, place: str, why: str) -> None:
        """Count what is not taken in, and remember it unless there is too much of it."""
        self.skipped += 1
        if len(self.passed_over) < LISTED:
            self.passed_over.append(Failure(place, why))

    def leave_out(self, source: str, why: str) -> None:
        """Count what could have been taken in and is not, and warn of it."""
        self.skip(source, why)
        self.warnings.append(f"{source}: skipped, {why}")

    def shared(self, draft: RawArticle) -> Collection[str]:
        """Return the lines that many articles of the draft's publisher share."""
        return self.repeated.get(_group_of(draft), ())


def survey(request: Request, found: FoundFiles, known: Sequence[ArticleReader]) -> Generator[Progress, None, Survey]:
    """Read everything once, yielding Progress; of several articles with one source, the last one counts."""
    seen = Survey(failures=list(found.failures), unreachable=bool(found.failures))
    for path in found.unread:
        seen.skip(name_of(path), NO_ARTICLES)
    for left in found.left_out:
        seen.leave_out(left.source, left.reason)
    with closing(LineTally()) as lines:
        for at, draft in enumerate(drafts(request, found, known), 1):
            if isinstance(draft, Failure):
                seen.failures.append(draft)
                continue
            seen.choose(draft)
            seen.warnings.extend(draft.warnings)
            lines.add(_group_of(draft), short_lines(draft), prose_lines(draft))
            yield Progress("read", at, None, draft.source)
        seen.repeated = lines.shared()
    return seen


def drafts(request: Request, found: FoundFiles, known: Sequence[ArticleReader]) -> Iterator[RawArticle | Failure]:
    """Yield what stands in the files, on standard input, and in what was fetched."""
    for path in found.files:
        yield from request.shard.drafts(read_file(path, known))
    if request.stdin is not None:
        yield from request.shard.drafts(read_stdin(io.BytesIO(request.stdin), known))
    for page in request.fetched:
        yield from drafts_of(page, known)


def _group_of(draft: RawArticle) -> str:
    """Articles that may share their furniture: those of a publisher, a host, or a folder."""
    return draft.fields.get("publisher") or _host(draft.fields.get("url", "")) or str(Path(draft.source).parent)


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") >= 2 else ""


def digest(original: bytes) -> str:
    """Return the hash by which an original is known to be unchanged."""
    return hashlib.sha256(original).hexdigest()
