"""Notes beside an answer: how the question was understood, and where nothing was found."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.examine import Examined
from qa.export import describe
from qa.language.detect import NAME, trained_on
from qa.retrieve.understand import Query
from qa.types import Citation
from vectorstore.articles import Filter, counted
from vectorstore.filters import admits
from vectorstore.store import Store


def understood(query: Query) -> tuple[str, ...]:
    """Return how a question is searched for, line by line: its words, then the hints it gives."""
    hints = [f"{'only' if hint.cuts else 'prefer'} {describe(hint.filter)} (“{hint.words}”)" for hint in query.hints]
    phrases = [f"only with the words “{phrase}”" for phrase in query.phrases]
    return f"searched for: {query.text}", *hints, *phrases


def mistyped(query: Query) -> str:
    """Return which words were corrected, because no article has them, or ""."""
    slips = ", ".join(f"{right} for “{wrong}”" for wrong, right in query.corrected)
    return f"Also searched for: {slips}." if slips else ""


def left_out(store: Store, chosen: Filter) -> str:
    """Return how many articles a date filter excludes because they have no date, or ""."""
    count = store.ledger.undated(chosen)
    return f"The date filter excludes {counted(count, 'undated article')}." if count else ""


def outside(store: Store, chosen: Filter) -> str:
    """Return that no article passes a filter, or "" if one does or the archive is empty."""
    if not chosen or store.ledger.count(chosen)[0] or not store.ledger.count()[0]:
        return ""
    return f"No article passes the filter “{describe(chosen)}”."


def elsewhere(query: Query, citations: Sequence[Citation]) -> str:
    """Return which source or time the question names that the answer is not from, or ""."""
    articles = [citation.article for citation in citations]
    missed = [
        f"Nothing {describe(hint.filter)} answers this; the answer is from elsewhere."
        for hint in query.hints
        if hint.cuts and articles and not any(admits(hint.filter, a.publisher, a.url, a.published) for a in articles)
    ]
    return " ".join(missed)


def unnamed(read: Sequence[Examined]) -> str:
    """Return which names in the question the nearest article lacks, or ""."""
    missing = dict.fromkeys(name for part in read for name in part.lacks.of)
    return f"The nearest article does not mention {' or '.join(f'“{name}”' for name in missing)}." if missing else ""


def less_sure(read: Sequence[Examined], *, answered: bool = True) -> str:
    """Return that a question, or the passage that answers it, is in a language the reader was not trained on, or ""."""
    best = [one.hit.text for part in read for one in part.readings[:1]] if answered else []
    texts = [*(part.question for part in read), *best]
    known = all(map(trained_on, texts))
    return "" if known else f"The reader was trained on {NAME} and is less certain here."
