"""What a reader should know beside the answer: how the question was taken, and where nothing was found."""

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
    """Return how a question is searched for, line by line: its words, and the part of the archive it points to."""
    hints = [f"{'only' if hint.cuts else 'rather'} {describe(hint.filter)} (“{hint.words}”)" for hint in query.hints]
    phrases = [f"only with the words “{phrase}”" for phrase in query.phrases]
    return f"searched for: {query.text}", *hints, *phrases


def mistyped(query: Query) -> str:
    """Say for which words others were searched, as no article has them."""
    slips = ", ".join(f"{right} for “{wrong}”" for wrong, right in query.corrected)
    return f"Searched also: {slips}." if slips else ""


def left_out(store: Store, chosen: Filter) -> str:
    """Say how many articles a date filter left out because they have no date; nothing where it left out none."""
    count = store.ledger.undated(chosen)
    return f"The date filter leaves out {counted(count, 'undated article')}." if count else ""


def outside(store: Store, chosen: Filter) -> str:
    """Say that no article passes a filter; nothing where one does, or where the archive has none."""
    if not chosen or store.ledger.count(chosen)[0] or not store.ledger.count()[0]:
        return ""
    return f"No article passes the filter “{describe(chosen)}”."


def elsewhere(query: Query, citations: Sequence[Citation]) -> str:
    """Say which source or time the question names and the answer is not from; nothing without an answer."""
    articles = [citation.article for citation in citations]
    missed = [
        f"Nothing {describe(hint.filter)} answers this; the answer is from elsewhere."
        for hint in query.hints
        if hint.cuts and articles and not any(admits(hint.filter, a.publisher, a.url, a.published) for a in articles)
    ]
    return " ".join(missed)


def unnamed(read: Sequence[Examined]) -> str:
    """Say what the question names and the nearest article does not; nothing where it names all."""
    missing = dict.fromkeys(name for part in read for name in part.lacks.of)
    return f"The nearest article does not name {' or '.join(f'“{name}”' for name in missing)}." if missing else ""


def less_sure(read: Sequence[Examined]) -> str:
    """Say that a question, or its likeliest passage, is in a language that the reader was not trained on; else ""."""
    texts = [text for part in read for text in (part.question, *(one.hit.text for one in part.readings[:1]))]
    known = all(map(trained_on, texts))
    return "" if known else f"This archive's reader was trained on {NAME}: it is less sure here."
