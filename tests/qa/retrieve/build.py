"""Hits made by hand, and a retriever that finds them whatever is asked."""

from __future__ import annotations

from qa.retrieve.understand import Query
from vectorstore.articles import Hit, Reference


def hit(number: int, score: float = 0.5, article: str = "", text: str = "", also: tuple[Reference, ...] = ()) -> Hit:
    """Return a passage, of an article of its own unless one is named."""
    name = article or f"a{number}"
    return Hit(number, Reference(name, f"/{name}"), 0, 1, text or f"text {number}", (), score, also)


def dated(number: int, published: str | None, score: float = 0.5) -> Hit:
    """Return a passage of an article that was published then."""
    return Hit(number, Reference(f"a{number}", f"/{number}", published=published), 0, 1, "x", (), score)


class Fixed:
    """Finds the same hits always, and remembers what it was asked."""

    def __init__(self, *hits: Hit) -> None:
        self.hits, self.asked = list(hits), list[tuple[Query, int]]()

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Return the hits in the order that they were given in."""
        self.asked.append((query, limit))
        return self.hits[:limit]
