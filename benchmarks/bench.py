"""What the sets of the table share: archives, assistants that embed nothing twice, asking, lines with intervals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import baselines
from benchmarks.reading import dumped, taken_in
from benchmarks.suites import Suite
from benchmarks.tables import Row
from benchmarks.vectors import Remembering
from qa.assistant import Assistant
from qa.config import load
from qa.evaluate.bootstrap import Figure
from qa.evaluate.expected import Case, Expected
from qa.evaluate.measures import MEASURES, Table, figures
from qa.evaluate.outcomes import CaseOutcome, run
from qa.evaluate.report import page
from qa.evaluate.results import DIGITS
from qa.progress import ProgressNarrator
from qa.wiring import Wiring
from vectorstore.embedding import Embedder
from vectorstore.store import Store

RETRIEVAL = ("hits@1", "hits@3", "hits@5", "hits@10", "mrr@10")


@dataclass(frozen=True, slots=True)
class Warm(Wiring):
    """The wiring that users get, but for an embedder that remembers."""

    warm: Embedder | None = None

    def embedder(self) -> Embedder:
        """Return the one that remembers."""
        assert self.warm is not None
        return self.warm


@dataclass(frozen=True, slots=True)
class Bench:
    """Where data, archives and vectors are; `done` keeps what came of each run, by its name; `alone`: no baselines."""

    shared: Path
    stores: Path
    cache: Path | None
    limit: int | None
    reports: Path | None
    embedder: Remembering
    alone: bool = False
    done: dict[str, tuple[CaseOutcome, ...]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        """The folder of the data sets."""
        return self.shared / "data"

    def archive(self, suite: Suite) -> Path:
        """Return the folder of an archive of the suite's texts; what is there already costs nothing."""
        folder = self.stores / suite.name
        return taken_in(suite.dump or dumped(suite.texts, self.stores / f"{suite.name}.jsonl"), folder)

    @contextmanager
    def assistant(self, folder: Path) -> Iterator[Assistant]:
        """Open an archive as `qa eval` does."""
        with self.opened(folder) as (wiring, store):
            yield wiring.assistant(store)

    @contextmanager
    def opened(self, folder: Path) -> Iterator[tuple[Wiring, Store]]:
        """Open an archive, with its wiring."""
        wiring = Warm(load(), folder, warm=self.embedder)
        with wiring.store() as store:
            yield wiring, store

    def ask(self, name: str, folder: Path, cases: Sequence[Case]) -> tuple[CaseOutcome, ...]:
        """Ask the cases of an archive, once for each name, and write the page of what came of it."""
        if name not in self.done:
            narrator = ProgressNarrator(color=False)
            narrator.say(f"{name}: {len(cases)} questions")
            with self.assistant(folder) as assistant:
                self.done[name] = narrator.follow(run(assistant, cases))
            self._report(name)
        return self.done[name]

    def _report(self, name: str) -> None:
        if self.reports:
            self.reports.mkdir(parents=True, exist_ok=True)
            path = self.reports / f"{name.replace(', ', '-').replace(' ', '-')}.html"
            path.write_text(
                page(self.done[name], name, load().answer.min_confidence), encoding="utf-8", errors="replace"
            )

    def digests(self) -> dict[str, str]:
        """Return a hash of all answers of each run."""
        return {name: digest(outcomes) for name, outcomes in self.done.items()}

    def systems(self, suite: Suite) -> Iterator[tuple[str, baselines.Rank]]:
        """Yield the baselines over the suite's texts."""
        if self.alone:
            return
        yield "BM25 alone", baselines.Lexical(suite.texts).rank
        yield "dense alone", baselines.dense(suite.texts, self.embedder.inner, self.cache)
        yield "stock llama-index + Chroma", baselines.stock(suite.texts, self.embedder.inner, self.cache)

    def baselines(self, suite: Suite) -> Iterator[Row]:
        """Yield the lines of the baselines, which are asked the same questions."""
        for system, rank in self.systems(suite):
            outcomes = [CaseOutcome(case, rank=place(case.expected, rank(case.row.text))) for case in suite.answerable]
            found = {m.name: figure for m in MEASURES if m.name in RETRIEVAL and (figure := m.figure(outcomes))}
            yield from lines(suite.name, system, found)


def place(expected: Expected, urls: Sequence[str]) -> int | None:
    """Return the rank of the first expected article in a ranking, from 1."""
    gold = frozenset().union(*expected.articles)
    return next((at for at, url in enumerate(urls, 1) if url in gold), None)


def digest(outcomes: Iterable[CaseOutcome]) -> str:
    """Return a hash of all answers, confidences and ranked passages: equal where two runs said the same."""
    said = hashlib.sha256()
    for o in outcomes:
        spans = [(c.article.id, c.start, c.end) for c in o.answer.citations] if o.answer else []
        ranked = [(hit.article.id, hit.start, hit.end) for hit in o.answer.passages] if o.answer else []
        told = (o.answer.text, f"{o.answer.confidence:.{DIGITS}f}") if o.answer else (o.error,)
        said.update(repr((o.case.name, told, spans, ranked)).encode("utf-8", "surrogatepass"))
    return said.hexdigest()[:16]


def lines(name: str, system: str, table: Table, only: Sequence[str] = ()) -> Iterator[Row]:
    """Yield a line for each figure, or for those named."""
    for measure, figure in table.items():
        if not only or measure in only:
            yield line(name, system, measure, figure)


def ours(name: str, outcomes: Sequence[CaseOutcome], system: str = "ours") -> Iterator[Row]:
    """Yield the lines of all figures of ours."""
    yield from lines(name, system, figures(outcomes))


def line(name: str, system: str, measure: str, figure: Figure | None, value: float | None = None) -> Row:
    """Return a line of the table; without a figure a value alone."""
    bounds = (figure.value, figure.low, figure.high) if figure else (value, None, None)
    known = dict(
        zip(("value", "low", "high"), (b if b is None else round(float(b), DIGITS) for b in bounds), strict=True)
    )
    return {"set": name, "system": system, "measure": measure, **known, "questions": figure.count if figure else None}
