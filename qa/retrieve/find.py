"""Full-text search while one types: the passages that have all the words, and where they have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.marks import Span
from qa.retrieve.search import spread
from qa.types import Match
from qa.words import keys, tokens
from vectorstore.articles import EVERYTHING, Filter, Hit
from vectorstore.fulltext import TextQuery
from vectorstore.store import Store

POOL = 200  # passages that are read, of which each article gets PER_ARTICLE
PER_ARTICLE = 3
BEGINNING = 2  # characters from which a last word may be the beginning of one


def find(store: Store, words: str, limit: int, chosen: Filter = EVERYTHING) -> list[Match]:
    """Return the passages that have every word in title, publisher or text, best first by BM25.

    The last word may be the beginning of one. No model is needed.
    """
    sought = [word for word in words.split() if any(map(str.isalnum, word))]
    if not sought:
        return []
    scored = store.lexical(_query(sought), POOL, chosen)
    hits = spread(store.hits([passage for passage, _ in scored], chosen), limit, PER_ARTICLE)
    return [Match(hit, tuple(_places(hit, sought))) for hit in hits]


def _query(words: Sequence[str]) -> TextQuery:
    return TextQuery(tuple((word,) for word in words), beginning=len(words[-1]) >= BEGINNING)


def _places(hit: Hit, words: Sequence[str]) -> Iterator[Span]:
    """Where the passage's text has the words, in offsets into its article."""
    wanted, last = keys(" ".join(words)), words[-1].casefold()
    for token in tokens(hit.text):
        begun = len(last) >= BEGINNING and token.text.casefold().startswith(last)
        if begun or token.key in wanted:
            yield hit.start + token.start, hit.start + token.end
