"""How articles and filters are named on the screen, and the colour of what stands second."""

from __future__ import annotations

from qa.answer.compose import attribution
from qa.export import day, describe
from qa.sanitize import line
from vectorstore.articles import Filter, Reference

MUTED = "$foreground 78%"  # no paler: it must be readable on a chosen option too


def name_of(article: Reference, limit: int = 60) -> str:
    """Return a short name of the article: its title, or the last part of its source."""
    return line(article.title, limit) or line(article.source.rstrip("/").rsplit("/", 1)[-1], limit)


def origin(article: Reference) -> str:
    """Return who published the article and when, as far as it is known."""
    return " · ".join(line(part, 40) for part in (article.publisher, day(article.published)) if part)


def byline(article: Reference) -> str:
    """Return who published the article and when, as under an answer: CNN, 11 June 2022."""
    return line(attribution(article), 100)


def describe_scope(scope: Filter, as_typed: bool = False) -> str:
    """Return in words for the line under a question what it was asked of, and whether word for word."""
    parts = [f"only {line(describe(scope), 120)}"] if scope else []
    return " · ".join([*(["as typed"] if as_typed else []), *parts])
