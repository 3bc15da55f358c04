"""The second reading: what is new or changed is cleaned, split and embedded, and stored a group at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from qa.ingest.ahead import ahead
from qa.ingest.clean import to_article
from qa.ingest.identity import CLEANING
from qa.ingest.raw import ArticleReader, RawArticle
from qa.ingest.records import GROUP, entry_of, records
from qa.ingest.sources import FoundFiles, Paths, file_of, name_of
from qa.ingest.survey import Request, Survey, digest, drafts
from qa.ingest.worker import Worker
from qa.types import Failure, Progress
from vectorstore.articles import Entry, Known, content_hash
from vectorstore.embedding import Embedder
from vectorstore.errors import AppError, Unreadable
from vectorstore.store import Writer

FIRST_GROUP = 4  # the first ones are smaller, so that something is there soon


@dataclass(slots=True)
class Outcomes:
    """What became of the articles, in numbers."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Input:
    """What was asked for, the files that it comes to, and who reads them."""

    request: Request
    found: FoundFiles
    known: Sequence[ArticleReader]

    def drafts(self) -> Iterator[RawArticle | Failure]:
        """Read everything, once more each time."""
        return drafts(self.request, self.found, self.known)

    def again(self, sources: Collection[str]) -> Iterator[RawArticle | Failure]:
        """Read the files of these sources once more; all files, if one of them is known by its address alone."""
        names = {file_of(source) for source in sources}
        chosen = Paths.of(path for path in self.found.files if name_of(path) in names)
        files = chosen if len(chosen) == len(names) else self.found.files
        return drafts(replace(self.request, stdin=None, fetched=()), replace(self.found, files=files), self.known)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A draft and its hash, cleaned and split, or why it cannot be; with neither it is not wanted, or not new.

    `known` is what the archive has under its source.
    """

    draft: RawArticle
    found: str
    entry: Entry | None = None
    problem: str = ""
    warnings: tuple[str, ...] = ()
    known: Known | None = None


class Taking:
    """The second reading: what is new or changed goes into the archive, a group at a time.

    While a group is embedded, another thread reads, cleans and splits the next one.
    """

    def __init__(
        self, writer: Writer, embedder: Embedder, survey: Survey, tally: Outcomes, extractor: Worker, longest: int
    ) -> None:
        self._writer, self._embedder, self._survey, self._tally = writer, embedder, survey, tally
        self._extractor, self._longest = extractor, longest
        self._new = self._unlike(survey.chosen)
        self._group: list[tuple[Entry, str]] = []
        self._size, self._done = FIRST_GROUP, 0
        self._others: dict[str, str] = {}  # what somebody else works on, with the hash under which it is wanted
        self._total = len(self._new)

    def run(self, source: Input) -> Iterator[Progress]:
        """Take the articles, yielding Progress for each that is new or changed, and for each group of them.

        What changed since it was surveyed is read once more.
        """
        chosen = self._survey.chosen
        left = set(chosen)
        changed: dict[str, str] = {}
        yield from self._taken(source.drafts(), chosen, left, changed)
        if left:
            again, wanted = source.again(left), {**chosen, **changed}
            left |= changed.keys() - chosen.keys()
            self._new = self._unlike(wanted)
            yield from self._taken(again, wanted, left, {})
        yield from self._commit()
        left.intersection_update(chosen)
        if wanted := self._others:
            # what somebody else worked on is there by now, or taken in here if they died
            self._new = self._unlike(wanted)
            self._done += len(wanted) - len(self._new)
            others = set(wanted)
            yield from self._taken(source.drafts(), wanted, others, {}, wait=True)
            yield from self._commit()
            left |= others
        for name in sorted(left):
            self._survey.leave_out(name, "it changed each time it was read")

    def _taken(
        self,
        drafts: Iterator[RawArticle | Failure],
        wanted: Mapping[str, str],
        left: set[str],
        changed: dict[str, str],
        *,
        wait: bool = False,
    ) -> Iterator[Progress]:
        """Take the drafts that are `left` and as `wanted` says by their hash, and note those that are not.

        What somebody else works on is noted, or waited for.
        """
        with closing(ahead(self._prepared(drafts, wanted), GROUP)) as prepared:
            for one in prepared:
                source = one.draft.source
                if wanted.get(source) != one.found:
                    changed[source] = one.found
                    continue
                if source not in left:
                    continue
                left.discard(source)
                if one.entry and not self._writer.claim(source):
                    if not wait:
                        self._others[source] = one.found
                        continue
                    yield from self._commit()
                    self._writer.unclaim()
                    self._writer.claim(source, wait=True)
                if title := self._take(self._still_new(one)):
                    yield Progress("embed", self._done, self._total, source, title)
                elif one.entry:
                    self._writer.unclaim(source)
                if len(self._group) >= self._size:
                    yield from self._commit()
                    self._size = min(2 * self._size, GROUP)

    def _prepared(self, drafts: Iterator[RawArticle | Failure], wanted: Mapping[str, str]) -> Iterator[_Prepared]:
        for draft in drafts:
            if not isinstance(draft, Failure):
                found = digest(draft.original)
                new = wanted.get(draft.source) == found and draft.source in self._new
                yield self._cleaned(draft, found) if new else _Prepared(draft, found)

    def _cleaned(self, draft: RawArticle, found: str) -> _Prepared:
        warnings: list[str] = []
        try:
            self._bounded("" if draft.form.taken_apart else draft.text)
            shared = self._survey.shared(draft)
            article = to_article(draft, shared, extractor=self._extractor, warn=warnings.append)
            self._bounded(article.text)
        except AppError as error:
            return _Prepared(draft, found, None, error.message, tuple(warnings))
        entry = entry_of(article, draft.original, self._embedder)
        return _Prepared(draft, found, entry, "", tuple(warnings))

    def _unlike(self, wanted: Mapping[str, str]) -> set[str]:
        """Return the sources that the archive does not have as they are wanted."""
        unlike = set(wanted)
        unlike.difference_update(
            source
            for source, found, cleaning in self._writer.ledger.hashes()
            if wanted.get(source) == found and cleaning == CLEANING
        )
        return unlike

    def _still_new(self, one: _Prepared) -> _Prepared:
        """Return what is still to be taken in, now that nobody else works on it."""
        if one.entry is None:
            return one
        known = self._writer.ledger.known_as(one.draft.source)
        if not known or (known.original_hash, known.cleaning) != (one.found, CLEANING):
            return replace(one, known=known)
        self._done += 1
        return _Prepared(one.draft, one.found)

    def _take(self, one: _Prepared) -> str:
        """Put an article into the group that is committed next, and return how it is called; "" where it stays out."""
        self._survey.warnings.extend(one.warnings)
        if one.problem:
            self._survey.failures.append(Failure(one.draft.source, one.problem))
            self._done += 1
            return ""
        if one.entry is None:
            self._tally.unchanged += 1
            return ""
        article = one.entry.article
        if one.known and one.known.content_hash == content_hash(article):
            self._writer.update_metadata(article, one.draft.original, one.found)
            self._tally.unchanged += 1
            self._done += 1
            return ""
        self._count(one.known)
        self._group.append((one.entry, one.found))
        return article.title or one.draft.source

    def _bounded(self, text: str) -> None:
        """Raise Unreadable for a text that is longer than an article may be."""
        if len(text) > self._longest:
            raise Unreadable(
                f"it has {len(text):,} characters; an article may have {self._longest:,} ([ingest] max_characters)"
            )

    def _count(self, known: Known | None) -> None:
        if known:
            self._tally.changed += 1
        else:
            self._tally.added += 1

    def _commit(self) -> Iterator[Progress]:
        if self._group:
            self._writer.add(records(self._group, self._embedder))
            self._done += len(self._group)
            articles, _ = self._writer.ledger.count()
            source = self._group[-1][0].article.source
            yield Progress("embed", self._done, self._total, source, articles=articles)
            self._group.clear()
