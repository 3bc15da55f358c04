"""Filters as SQL, with the normal forms in which publishers, hosts and days are compared."""

from __future__ import annotations

import calendar
import json
import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from vectorstore.articles import Filter


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def day_bounds(published: str) -> tuple[str, str]:
    """Return the first and last day of YYYY, YYYY-MM or YYYY-MM-DD; raises ValueError for anything else."""
    if (match := _DATE.fullmatch(published)) is None:
        raise ValueError(f"not a date: {published!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
    if day is None:
        last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 1
        return date(year, month, 1).isoformat(), date(year, month, last).isoformat()
    return date(year, month, day).isoformat(), date(year, month, day).isoformat()


def publisher_key(publisher: str | None) -> str | None:
    """Return the form in which publishers are compared: case folded, runs of spaces collapsed."""
    return " ".join(publisher.casefold().split()) or None if publisher else None


def publisher_keys(chosen: Filter) -> list[str]:
    """Return the filter's publishers in the form in which they are compared."""
    return [key for name in chosen.publishers if (key := publisher_key(name))]


def host_of(url: str | None) -> str | None:
    """Return a URL's host in lower case and without its www., or None."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:  # a URL with half an IPv6 address
        return None
    return host.removeprefix("www.") or None if host else None


def admits(chosen: Filter, publisher: str | None, url: str | None, published: str | None) -> bool:
    """Return whether an article passes a filter's publisher and days, as in `where`; other fields are ignored."""
    keys = publisher_keys(chosen)
    if keys and not any(_published_by(key, publisher, url) for key in keys):
        return False
    if not (chosen.since or chosen.until):
        return True
    if not published:
        return False
    first, last = day_bounds(published)
    return last >= (chosen.since or "") and first <= (chosen.until or "9999-12-31")


def where(chosen: Filter, names: str) -> tuple[str, list[str]]:
    """Return a condition on the columns of `articles` and its parameters; `names` is the database's."""
    conditions: list[str] = []
    parameters: list[str] = []
    if keys := publisher_keys(chosen):
        conditions.append("(" + " OR ".join([_PUBLISHED_BY] * len(keys)) + ")")
        for key in keys:
            host = key.removeprefix("www.")
            parameters += [key, host, "%." + re.sub(r"([\\%_])", r"\\\1", host)]
    # an article whose date is only a month may have appeared on any of its days: overlap is enough
    if chosen.since:
        conditions.append("published_until >= ?")
        parameters.append(chosen.since)
    if chosen.until:
        conditions.append("published_from <= ?")
        parameters.append(chosen.until)
    if chosen.sources:
        conditions.append("(" + " OR ".join([_GLOB] * len(chosen.sources)) + ")")
        parameters += [value for glob in chosen.sources for value in (glob, glob, f"*/{glob}", glob)]
    if chosen.articles:
        conditions.append(f"articles.id IN {names}")
        parameters.append(json.dumps(chosen.articles))
    return " AND ".join(conditions) or "1 = 1", parameters


_PUBLISHED_BY = "publisher_key = ? OR host = ? OR host LIKE ? ESCAPE '\\'"


def _published_by(key: str, publisher: str | None, url: str | None) -> bool:
    name, host = key.removeprefix("www."), host_of(url) or ""
    return key == publisher_key(publisher) or host == name or host.endswith(f".{name}")


# a file name may contain brackets without being a glob; a relative glob matches the end of any path
_GLOB = "(source = ? OR glob(?, source) OR glob(?, source) OR glob(?, url))"


# Thai and Lao, Myanmar, Khmer, kana, Han; Hangul has spaces, but its words end in particles
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003134f"
)
RUN = re.compile(f"[{UNSPACED}]+")
# vowels and tones of Thai, Lao, Myanmar and Khmer, which FTS5 would drop: private characters are letters to it
SIGN = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3]")
PRIVATE = 0xE000


def pairs(run: str) -> list[str]:
    """Return the pairs of neighbouring characters in a run; a single character stays as it is."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def worded(text: str) -> str:
    """Return a text as it is indexed: runs become their pairs and the last character, by which one alone is found."""
    return text if text.isascii() else RUN.sub(_indexed, text)


def _indexed(run: re.Match[str]) -> str:
    found = run.group()
    return f" {_lettered([*pairs(found), *found[1:][-1:]])} "


def sought(words: str) -> tuple[str, bool]:
    """Return the text by which a word or phrase is found, and whether its end may be the beginning of a word.

    A character that stands alone is sought in every pair.
    """
    # a lone surrogate as in the index; for SQLite a NUL ends a text
    text = words.replace("\0", " ").encode("utf-8", "replace").decode()
    if text.isascii():
        return text, False
    last = [run for run in RUN.finditer(text) if run.end() == len(text.rstrip())]
    alone = any(len(run[0]) == 1 for run in last)
    return RUN.sub(lambda run: f" {_lettered(pairs(run[0]))} ", text), alone


def phrase(words: str) -> str:
    """Return the FTS5 expression for a word or phrase."""
    text, alone = sought(words)
    return _quoted(text) + (" *" if alone else "")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _lettered(words: list[str]) -> str:
    return SIGN.sub(lambda sign: chr(PRIVATE + ord(sign[0])), " ".join(words))


def apart(text: str) -> str:
    """Return a text with spaces around its runs, so that figures and Latin words among them can be told."""
    return text if text.isascii() else RUN.sub(lambda run: f" {run.group()} ", text)
