"""Finding the one article that a typed name refers to."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from vectorstore.database import Database
from vectorstore.errors import UnknownArticle

SHORTEST_PREFIX = 4
SHOWN = 5
_HEX = re.compile(r"[0-9a-f]{4,16}")


def resolve(database: Database, name: str) -> str:
    """Return the id of the one article that matches `name`: an id, a prefix of one, a source or a URL.

    Relative paths start from the working folder. Raises UnknownArticle, listing the likeliest articles.
    """
    wanted = name.strip()
    for candidates in (_by_source(database, wanted), _by_prefix(database, wanted.lower())):
        if len(candidates) == 1:
            return candidates[0][0]
        if candidates:
            raise UnknownArticle(f"{len(candidates)} articles match {name!r}.", "One of: " + _list(candidates))
    raise UnknownArticle(f"No article matches {name!r}.", _hint(database, wanted))


def _hint(database: Database, name: str) -> str:
    if len(name) < SHORTEST_PREFIX:
        return f"Type at least {SHORTEST_PREFIX} characters of an id. List the articles with: qa articles"
    near = _near(database, name)
    return f"Did you mean {_list(near)}?" if near else "List the articles with: qa articles"


def _by_source(database: Database, name: str) -> list[tuple[str, str]]:
    try:
        path = str(Path(name).expanduser().resolve())
    except (OSError, RuntimeError, ValueError):  # a NUL, a loop of links, an unknown user
        path = name
    sources = [database.text(text) for text in (name, path)]
    sql = "SELECT id, source FROM articles WHERE source IN (CAST(? AS TEXT), CAST(? AS TEXT))"
    url = "SELECT id, source FROM articles WHERE url = CAST(? AS TEXT) ORDER BY key"
    return database.rows(sql, sources) or database.rows(url, sources[:1])


def _by_prefix(database: Database, name: str) -> list[tuple[str, str]]:
    if _HEX.fullmatch(name) is None:
        return []
    return database.rows("SELECT id, source FROM articles WHERE id LIKE ? ORDER BY id", (f"{name}%",))


def _near(database: Database, name: str) -> list[tuple[str, str]]:
    wanted = name.casefold()
    by_name: dict[str, tuple[str, str]] = {}
    for article, source, title in database.rows("SELECT id, source, title FROM articles ORDER BY key"):
        for known in (source, Path(source).name, title, article):
            by_name.setdefault(known.casefold(), (article, source))
    within = [by_name[known] for known in by_name if wanted in known]
    close = [by_name[known] for known in get_close_matches(wanted, by_name, SHOWN)] if not within else []
    return list(dict.fromkeys(within + close))


def _list(articles: list[tuple[str, str]]) -> str:
    more = ", …" if len(articles) > SHOWN else ""
    return ", ".join(f"{article} ({source})" for article, source in articles[:SHOWN]) + more
