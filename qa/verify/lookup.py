"""Statements looked up in the whole archive: borne out, contradicted, or not found. `verify` is the front door."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.answer.cite import verify as compared
from qa.batch.output import RowForm, appending, resume, writing
from qa.batch_input import Row
from qa.reader.reading import Reader
from qa.render import citation_json, dumped
from qa.retrieve.search import Retriever
from qa.retrieve.understand import Query
from qa.types import Citation, Progress, Verdict
from qa.verify.contradiction import contradicting
from qa.verify.spans import Span
from qa.verify.verifier import Verifier
from vectorstore.store import Store

PASSAGES = 10  # that a statement is held against
LONGEST = 2_000  # characters of a statement that are searched for
FORM = RowForm("text", "verdict", "statement", "verdicts")


class ClaimVerdict(StrEnum):
    """What the archive says of a statement."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement with what came of it: how sure it is that it is supported, 0 … 1, and the quotes that decide."""

    row: Row
    outcome: ClaimVerdict
    confidence: float
    citations: tuple[Citation, ...] = ()

    @property
    def json(self) -> dict[str, Any]:
        """As a line of an output."""
        return {
            "id": self.row.key,
            "text": self.row.text,
            "verdict": self.outcome.value,
            "confidence": round(self.confidence, 4),
            "citations": [citation_json(citation) for citation in self.citations],
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements came to what."""

    counts: Mapping[str, int]


def verify(rows: Iterable[Row], store: Store, retriever: Retriever, reader: Reader) -> Iterator[Finding]:
    """Yield what the archive says of each statement, in order; raises StoreDamaged for a quote that does not stand."""
    for row in rows:
        with store.reading():
            found = _finding(row, store, retriever, reader)
        yield found


def _finding(row: Row, store: Store, retriever: Retriever, reader: Reader) -> Finding:
    hits = retriever.search(Query(row.text[:LONGEST]), PASSAGES)
    verifier = Verifier(hits, reader)
    checked = verifier.check(row.text)
    if checked.verdict is not Verdict.UNSUPPORTED:
        return Finding(row, ClaimVerdict.SUPPORTED, checked.confidence, _cited(checked.spans, store))
    if basis := contradicting(row.text, verifier.judged(row.text), reader):
        return Finding(row, ClaimVerdict.CONTRADICTED, checked.confidence, _cited(basis.spans, store))
    return Finding(row, ClaimVerdict.NOT_FOUND, checked.confidence)


def written(
    rows: Sequence[Row], store: Store, retriever: Retriever, reader: Reader, output: Path
) -> Generator[Progress | Tally, None, None]:
    """Verify the rows that the output does not hold yet, each on disk at once, yielding Progress and at last Tally.

    Raises UsageError when the output holds something else, AppError when it cannot be written.
    """
    with writing(output):
        known = resume(output, rows, FORM)
    told = [value["verdict"] for value in known.values()]
    left = [row for row in rows if row.name not in known]
    with appending(output) as append:
        for finding in verify(left, store, retriever, reader):
            append(dumped(finding.json))
            told.append(finding.outcome.value)
            yield Progress("verify", len(told), len(rows), finding.row.text)
    yield Tally({outcome.value: told.count(outcome.value) for outcome in ClaimVerdict})


def found(
    rows: Sequence[Row], store: Store, retriever: Retriever, reader: Reader
) -> Generator[Progress | list[Finding], None, None]:
    """Verify the rows, yielding Progress and at last all findings."""
    findings = []
    for at, finding in enumerate(verify(rows, store, retriever, reader), 1):
        findings.append(finding)
        yield Progress("verify", at, len(rows), finding.row.text)
    yield findings


def _cited(spans: Sequence[Span], store: Store) -> tuple[Citation, ...]:
    return tuple(_citation(number, span, store) for number, span in enumerate(spans, 1))


def _citation(number: int, span: Span, store: Store) -> Citation:
    """The quote, cut out of the stored text and compared with what was judged, letter by letter."""
    article = span.hit.article
    citation = Citation(number, article, span.start, span.end, span.text)
    compared(citation, store.ledger.article(article.id).text)
    return citation
