"""Paths to archive: read → clean → date → split → embed → ledger (commit) → index. Yields Progress, then the report.

Files are read twice: first to count the articles and the lines that many of them share, then to take in what changed.
Articles are committed in groups, so that a stop at any moment loses at most one group and repeats nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from qa.ingest import prune
from qa.ingest.ahead import ahead
from qa.ingest.clean import to_article
from qa.ingest.identity import CLEANING, LIMIT, identity_of
from qa.ingest.raw import ArticleReader, RawArticle
from qa.ingest.read import is_alone, takes
from qa.ingest.readers import readers
from qa.ingest.sources import FoundFiles, file_of, find, name_of
from qa.ingest.split import split
from qa.ingest.survey import Request, Survey, digest, drafts, survey
from qa.ingest.worker import Worker
from qa.types import Failure, IngestReport, Progress
from vectorstore.articles import Article, Entry, Known, Passage, content_hash
from vectorstore.embedding import Embedder
from vectorstore.errors import AppError, StoreMissing, Unreadable
from vectorstore.index import IndexUnusable
from vectorstore.places import Place
from vectorstore.store import Store, Writer
from vectorstore.writer import Record

GROUP = 32  # articles in one transaction
FIRST_GROUP = 4  # the first ones are smaller, so that something is there soon


@dataclass(slots=True)
class _Tally:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class _Source:
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
        files = {name_of(path): path for path in self.found.files}
        chosen = [files[name] for name in names if name in files] if names <= files.keys() else self.found.files
        return drafts(
            replace(self.request, stdin=None, fetched=()), replace(self.found, files=tuple(chosen)), self.known
        )


def ingest(
    place: Path | Place, request: Request, open_embedder: Callable[[], Embedder]
) -> Iterator[Progress | IngestReport]:
    """Take articles into the archive, yielding Progress and at last the IngestReport.

    Where nothing can be read the archive is not touched, nor made. Raises what Store.writing raises.
    """
    began = time.perf_counter()
    with Worker() as worker:
        known = readers(request.fields, worker)
        found = find(request.paths, request.exclude, takes=lambda path: takes(path, known), follow=request.follow_links)
        found = request.shard.files(found, lambda path: is_alone(path, known))
        seen = yield from survey(request, found, known)
        source = _Source(request, found, known)
        doomed = _doomed(place, source, seen)
        if seen.chosen or doomed:
            yield from _written(place, source, seen, open_embedder(), began, doomed)
        else:
            yield _untouched(place, seen, began)


def _written(
    place: Path | Place, source: _Source, seen: Survey, embedder: Embedder, began: float, doomed: set[str]
) -> Iterator[Progress | IngestReport]:
    """Take in what was surveyed and remove what is doomed, under the writer's lock."""
    tally = _Tally()
    with Store.writing(place, identity_of(embedder)) as writer:
        with Worker() as worker:
            yield from _Taking(writer, embedder, seen, tally, worker, source.request.longest).run(source)
        if doomed:
            yield from _prune(writer, source, seen, doomed, tally)
        yield from _index(writer, seen)
        articles, passages = writer.ledger.count()
    yield IngestReport(
        tally.added,
        tally.changed,
        tally.unchanged,
        tally.removed,
        seen.skipped,
        tuple(seen.failures),
        tuple(seen.warnings),
        articles,
        passages,
        round(time.perf_counter() - began, 3),
        tuple(seen.passed_over),
    )


def rebuild(place: Path | Place, embedder: Embedder) -> Iterator[Progress | IngestReport]:
    """Re-split and re-embed every article, and put the result in place in one step."""
    began = time.perf_counter()
    identity = identity_of(embedder)
    with Store.writing(place) as writer:
        listed = writer.ledger.articles()
        with writer.rebuilding(identity) as fresh:
            done = fresh.ledger.known()
            group: list[tuple[Entry, str]] = []
            for at, listing in enumerate(listed, 1):
                if listing.article.source not in done:
                    original = writer.ledger.original(listing.article.id)
                    article = writer.ledger.article(listing.article.id)
                    group.append((entry_of(article, original, embedder), digest(original)))
                if group and (len(group) == GROUP or at == len(listed)):
                    fresh.add(records(group, embedder))
                    group.clear()
                yield Progress("embed", at, len(listed), listing.article.source)
        survey = Survey()
        yield from _index(writer, survey)
        articles, passages = writer.ledger.count()
    seconds = round(time.perf_counter() - began, 3)
    warnings = tuple(survey.warnings)
    yield IngestReport(changed=articles, warnings=warnings, articles=articles, passages=passages, seconds=seconds)


def headed(article: Article, passage: Passage) -> str:
    """Return a passage as it is embedded: under its title, publisher and date, which are in no offsets."""
    who = ", ".join(filter(None, (article.publisher, article.published)))
    return "\n".join(filter(None, (article.title, who, article.text[passage.start : passage.end])))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A draft and its hash, cleaned and split, or why it cannot be; with neither it is not wanted, or not new."""

    draft: RawArticle
    found: str
    entry: Entry | None = None
    problem: str = ""
    warnings: tuple[str, ...] = ()


class _Taking:
    """The second reading: what is new or changed goes into the archive, a group at a time.

    While a group is embedded, another thread reads, cleans and splits the next one.
    """

    def __init__(
        self, writer: Writer, embedder: Embedder, survey: Survey, tally: _Tally, extractor: Worker, longest: int
    ) -> None:
        self._writer, self._embedder, self._survey, self._tally = writer, embedder, survey, tally
        self._extractor, self._longest = extractor, longest
        self._known = writer.ledger.known()
        self._group: list[tuple[Entry, str]] = []
        self._size, self._done = FIRST_GROUP, 0
        self._total = sum(not self._same(*chosen) for chosen in survey.chosen.items())

    def run(self, source: _Source) -> Iterator[Progress]:
        """Take the articles, yielding Progress for each that is new or changed, and for each group of them.

        What changed since it was surveyed is read once more.
        """
        taken: set[str] = set()
        changed: dict[str, str] = {}
        yield from self._taken(source.drafts(), self._survey.chosen, taken, changed)
        if left := self._survey.chosen.keys() - taken:
            yield from self._taken(source.again(left), {**self._survey.chosen, **changed}, taken, {})
        for name in sorted(self._survey.chosen.keys() - taken):
            self._survey.leave_out(name, "it changed each time it was read")
        yield from self._commit()

    def _taken(
        self,
        drafts: Iterator[RawArticle | Failure],
        wanted: Mapping[str, str],
        taken: set[str],
        changed: dict[str, str],
    ) -> Iterator[Progress]:
        """Take the drafts that are as `wanted` says by their hash, and note those that are not."""
        with closing(ahead(self._prepared(drafts, wanted), GROUP)) as prepared:
            for one in prepared:
                source = one.draft.source
                if source in taken:
                    continue
                if wanted.get(source) != one.found:
                    changed[source] = one.found
                    continue
                taken.add(source)
                if title := self._take(one):
                    yield Progress("embed", self._done, self._total, source, title)
                if len(self._group) >= self._size:
                    yield from self._commit()
                    self._size = min(2 * self._size, GROUP)

    def _prepared(self, drafts: Iterator[RawArticle | Failure], wanted: Mapping[str, str]) -> Iterator[_Prepared]:
        for draft in drafts:
            if not isinstance(draft, Failure):
                found = digest(draft.original)
                new = wanted.get(draft.source) == found and not self._same(draft.source, found)
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

    def _same(self, source: str, digest: str) -> bool:
        known = self._known.get(source)
        return known is not None and known.original_hash == digest and known.cleaning == CLEANING

    def _take(self, one: _Prepared) -> str:
        """Put an article into the group that is committed next, and return how it is called; "" where it stays out."""
        known = self._known.get(one.draft.source)
        self._survey.warnings.extend(one.warnings)
        if one.problem:
            self._survey.failures.append(Failure(one.draft.source, one.problem))
            self._done += 1
            return ""
        if one.entry is None:
            self._tally.unchanged += 1
            return ""
        article = one.entry.article
        if known and known.content_hash == content_hash(article):
            self._writer.update_metadata(article, one.draft.original, one.found)
            self._tally.unchanged += 1
            self._done += 1
            return ""
        self._count(known)
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


def records(group: Sequence[tuple[Entry, str]], embedder: Embedder) -> list[Record]:
    """Embed split articles, which come with the hash of their original."""
    texts = [headed(entry.article, passage) for entry, _ in group for passage in entry.passages]
    vectors = embedder.embed_passages(texts)
    records, at = [], 0
    for entry, found in group:
        records.append(Record(entry, vectors[at : at + len(entry.passages)], found))
        at += len(entry.passages)
    return records


def entry_of(article: Article, original: bytes, embedder: Embedder) -> Entry:
    """Return an article split into sentences and passages."""
    sentences, passages = split(article, embedder.count_tokens, LIMIT)
    return Entry(article, original, sentences, passages)


def _doomed(place: Path | Place, source: _Source, seen: Survey) -> set[str]:
    """The ids of articles to remove; raises UsageError where they are many and nobody agrees."""
    if not source.request.prune or seen.unreachable:
        return set()
    try:
        with Store.open(place) as store:
            known = {name: entry for name, entry in store.ledger.known().items() if source.request.shard.takes(name)}
    except StoreMissing:
        return set()
    return prune.agreed(prune.gone(known, source.request, source.found, seen), known, source.request)


def _prune(writer: Writer, source: _Source, seen: Survey, doomed: set[str], tally: _Tally) -> Iterator[Progress]:
    """Remove what was gone before the lock was taken, and still is."""
    lost = prune.gone(writer.ledger.known(), source.request, source.found, seen)
    ids = sorted(doomed.intersection(lost.values()))
    yield Progress("prune", 0, len(ids))
    tally.removed = writer.remove(ids)


def _index(writer: Writer, survey: Survey) -> Iterator[Progress]:
    try:
        for done, total in writer.sync_index(0):
            yield Progress("index", done, total)
    except IndexUnusable as error:
        what = f"Chroma could not be brought up to date ({error}); exact search answers meanwhile."
        survey.warnings.append(f"{what} {error.hint}".strip())


def _untouched(place: Path | Place, survey: Survey, began: float) -> IngestReport:
    try:
        with Store.open(place) as store:
            articles, passages = store.ledger.count()
    except StoreMissing:
        articles = passages = 0
    return IngestReport(
        skipped=survey.skipped,
        failed=tuple(survey.failures),
        warnings=tuple(survey.warnings),
        articles=articles,
        passages=passages,
        seconds=round(time.perf_counter() - began, 3),
        passed_over=tuple(survey.passed_over),
    )
