"""Paths to archive: read → clean → date → split → embed → ledger (commit) → index. Yields Progress, then the report.

Files are read twice: first to count the articles and the lines that many of them share, then to take in what changed.
Articles are committed in groups, so that a stop at any moment loses at most one group and repeats nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from qa.ingest import prune
from qa.ingest.identity import identity_of
from qa.ingest.read import is_alone, takes
from qa.ingest.readers import readers
from qa.ingest.records import GROUP, entry_of, records
from qa.ingest.sources import find
from qa.ingest.survey import Request, Survey, digest, survey
from qa.ingest.taking import Input, Outcomes, Taking
from qa.ingest.worker import Worker
from qa.types import IngestReport, Progress
from vectorstore.articles import Entry
from vectorstore.embedding import Embedder
from vectorstore.errors import StoreMissing
from vectorstore.index import IndexUnusable
from vectorstore.places import Place
from vectorstore.store import Store, Writer


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
        source = Input(request, found, known)
        doomed = _doomed(place, source, seen)
        if seen.chosen or doomed:
            yield from _written(place, source, seen, open_embedder(), began, doomed)
        else:
            yield _untouched(place, seen, began)


def _written(
    place: Path | Place, source: Input, seen: Survey, embedder: Embedder, began: float, doomed: set[str]
) -> Iterator[Progress | IngestReport]:
    """Take in what was surveyed and remove what is doomed, under the writer's lock."""
    tally = Outcomes()
    with Store.writing(place, identity_of(embedder)) as writer:
        with Worker() as worker:
            yield from Taking(writer, embedder, seen, tally, worker, source.request.longest).run(source)
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


def _doomed(place: Path | Place, source: Input, seen: Survey) -> set[str]:
    """The ids of articles to remove; raises UsageError where they are many and nobody agrees."""
    if not source.request.prune or seen.unreachable:
        return set()
    try:
        with Store.open(place) as store:
            known = {name: id_ for name, id_ in store.ledger.sources() if source.request.shard.takes(name)}
    except StoreMissing:
        return set()
    return prune.agreed(prune.gone(known, source.request, source.found, seen), known, source.request)


def _prune(writer: Writer, source: Input, seen: Survey, doomed: set[str], tally: Outcomes) -> Iterator[Progress]:
    """Remove what was gone before the lock was taken, and still is."""
    lost = prune.gone(dict(writer.ledger.sources()), source.request, source.found, seen)
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
