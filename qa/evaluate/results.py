"""An evaluation as JSON for programs and as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qa.answer.compose import short
from qa.evaluate.bootstrap import Figure
from qa.evaluate.measures import GROUPS, Table, figures, kinds, seconds
from qa.evaluate.outcomes import CaseOutcome, ranked
from qa.render import citation_json
from qa.sanitize import line
from vectorstore.articles import Reference

DIGITS = 4
SHOWN = 5  # articles listed as retrieved


def evaluation_json(outcomes: Sequence[CaseOutcome]) -> dict[str, Any]:
    """Return the figures, overall and by kind, the misses and every row; only `seconds` holds times."""
    return {
        "questions": len(outcomes),
        "answered": sum(o.answered for o in outcomes),
        "failed": sum(bool(o.error) for o in outcomes),
        "measures": table_json(figures(outcomes)),
        "kinds": {
            kind: {"questions": len(some), "measures": table_json(figures(some))}
            for kind, some in kinds(outcomes).items()
        },
        "misses": [miss_json(o) for o in outcomes if not o.good],
        "rows": [_row(o) for o in outcomes],
        "seconds": table_json(seconds(outcomes)),
    }


def table_json(table: Table) -> dict[str, dict[str, float | int]]:
    """Return figures by name, rounded."""
    return {name: figure_json(figure) for name, figure in table.items()}


def figure_json(figure: Figure) -> dict[str, float | int]:
    """Return a figure with its interval and its number of questions."""
    low, high = round(figure.low, DIGITS), round(figure.high, DIGITS)
    return {"value": round(figure.value, DIGITS), "low": low, "high": high, "questions": figure.count}


def why(outcome: CaseOutcome) -> str:
    """Return the reason why an outcome is not good."""
    expected = outcome.case.expected
    if outcome.error:
        return outcome.error
    if not expected.answerable:
        return "answered, though the archive has no answer"
    if expected.articles and outcome.rank is None:
        return "the article was not found" + ("" if outcome.answered else ", and it abstained")
    if not outcome.answered:
        return "abstained" + (f", though the article ranks {outcome.rank}" if outcome.rank else "")
    if expected.checkable and not outcome.quoted:
        return "no quote holds the answer"
    return "cites no expected article"


def miss_json(outcome: CaseOutcome) -> dict[str, Any]:
    """Return a miss: what was expected, and what was found instead."""
    answer, expected = outcome.answer, outcome.case.expected
    return {
        "id": outcome.case.name,
        "question": outcome.case.row.text,
        "kind": expected.kind,
        "why": why(outcome),
        "expected": {
            "answerable": expected.answerable,
            "articles": [sorted(entry) for entry in expected.articles],
            "answer": list(expected.answers),
            "gold": [pattern.pattern for pattern in expected.gold],
        },
        "retrieved": [_article(articles[0]) for articles in retrieved(outcome)],
        "answer": answer.text if answer else None,
        "citations": [citation_json(citation) for citation in answer.citations] if answer else [],
        "confidence": round(answer.confidence, DIGITS) if answer else None,
    }


def retrieved(outcome: CaseOutcome) -> list[list[Reference]]:
    """Return the first retrieved articles, each with its copies."""
    return ranked(outcome.answer.passages)[:SHOWN] if outcome.answer else []


def _row(o: CaseOutcome) -> dict[str, Any]:
    answer = o.answer
    return {
        "id": o.case.name,
        "kind": o.case.expected.kind,
        "answerable": o.case.expected.answerable,
        "answered": o.answered,
        "confidence": round(answer.confidence, DIGITS) if answer else None,
        "rank": o.rank,
        "passage": o.passage,
        "told": o.told,
        "first": o.first,
        "quoted": o.quoted,
        "cited": o.cited,
        "right": o.right,
        "good": o.good,
        "error": o.error or None,
        "seconds": answer.seconds if answer else 0.0,
    }


def _article(article: Reference) -> dict[str, Any]:
    return {"source": article.source, "url": article.url, "title": article.title}


def evaluation_text(outcomes: Sequence[CaseOutcome]) -> str:
    """Return the table of figures, the figures by kind, and the misses."""
    return "\n".join([*_table(outcomes), *_by_kind(outcomes), *_misses(outcomes)])


def _table(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    yield f"{'':26}{'value':>7}  {'95 % interval':15}{'questions':>9}"
    group = ""
    for name, figure in figures(outcomes).items():
        if GROUPS[name] != group:
            group = GROUPS[name]
            yield group
        yield f"  {name:24}{_figure(figure)}"
    yield "seconds"
    for name, figure in seconds(outcomes).items():
        yield f"  {name:24}{_figure(figure)}"


def _figure(figure: Figure) -> str:
    return f"{figure.value:7.3f}  {f'{figure.low:.3f} … {figure.high:.3f}':15}{figure.count:9}"


KIND_COLUMNS = ("hits@1", "answer in a quote", "answer in first quote", "abstention recall", "false abstentions")


def _by_kind(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    grouped = kinds(outcomes)
    if not grouped:
        return
    yield "\n" + " ".join([f"{'kind':20}", f"{'questions':>9}", *(f"{name:>21}" for name in KIND_COLUMNS)])
    for kind, some in grouped.items():
        found = figures(some)
        cells = (f"{found[name].value:21.3f}" if name in found else f"{'-':>21}" for name in KIND_COLUMNS)
        yield " ".join([f"{line(kind or '-', 20):20}", f"{len(some):9}", *cells])


def _misses(outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    missed = [outcome for outcome in outcomes if not outcome.good]
    yield f"\n{len(missed)} of {len(outcomes)} missed"
    for outcome in missed:
        expected = outcome.case.expected
        yield f"\n{line(outcome.case.name)}: {line(outcome.case.row.text, 300)}\n  {line(why(outcome), 300)}"
        wanted = [*expected.answers, *(pattern.pattern for pattern in expected.gold)]
        wanted += [min(entry, key=len) for entry in expected.articles]
        if wanted:
            yield f"  expected: {line('; '.join(wanted), 300)}"
        titles = (short(articles[0].title) or short(articles[0].source) for articles in retrieved(outcome))
        yield f"  retrieved: {line('; '.join(titles), 400)}"
        if outcome.answer and outcome.answered:
            yield f"  answer: {line(outcome.answer.text, 400)}"
