"""The facts about an article under the many names that front matter and dumps give them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date

from qa.ingest.canonical import one_line

# Keys are compared in lower case without separators: publishDate, publish_date and "Publish date" are one.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "heading", "articletitle"),
    "url": (
        "url",
        "link",
        "canonicalurl",
        "canonical",
        "permalink",
        "weburl",
        "sourceurl",
        "articleurl",
        "uri",
        "href",
    ),
    "text": ("text", "body", "content", "maintext", "articlebody", "articletext", "fulltext", "plaintext", "article"),
    "publisher": (
        *("publisher", "publishername", "sitename", "outlet", "newspaper", "publication", "sourcename"),
        *("source", "site", "sourcedomain", "domain", "media"),
    ),
    "section": ("section", "articlesection", "sectionname", "category", "categories", "channel", "topic"),
    "author": ("author", "authors", "byline", "creator", "by"),
    "language": ("language", "lang", "inlanguage", "locale"),
    "published": (
        *("published", "publishdate", "publisheddate", "publishedat", "publishedon", "datepublished", "datepublish"),
        *("publicationdate", "pubdate", "publishtime", "publishedtime", "date"),
    ),
}
LONGEST = 2_000  # characters of a fact; anything longer is not one


def take(
    values: Mapping[str, object], how: str, mapping: Mapping[str, str] | None = None
) -> dict[str, tuple[str, str]]:
    """Return field → (value, the way it was found) for the fields that `values` states.

    `mapping` (field → key) wins over the usual names; `how` begins the way, as in "json headline".
    """
    plain = {_squash(key): key for key in reversed(list(values))}
    taken: dict[str, tuple[str, str]] = {}
    for name, synonyms in SYNONYMS.items():
        for key in _candidates(name, synonyms, plain, mapping or {}):
            value = _text_of(values.get(key), name)
            if value:
                taken[name] = (value, f"{how} {key}")
                break
    return taken


def _candidates(
    name: str, synonyms: tuple[str, ...], plain: Mapping[str, str], mapping: Mapping[str, str]
) -> list[str]:
    chosen = [mapping[name]] if name in mapping else []
    return chosen + [plain[synonym] for synonym in synonyms if synonym in plain]


def _squash(key: object) -> str:
    return re.sub(r"[\W_]+", "", str(key)).lower()


def _text_of(value: object, name: str) -> str:
    """Spell a stated value as text: lists joined, {"name": …} by its name, dates in ISO form; "" for anything else."""
    if isinstance(value, Mapping):
        return _text_of(value.get("name") or value.get("title"), name)
    if isinstance(value, list | tuple):
        return ("\n\n" if name == "text" else ", ").join(filter(None, (_text_of(item, name) for item in value)))
    if isinstance(value, date):  # datetime too: YAML reads dates by itself
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return text if name == "text" else _fact(text, name)


def _fact(text: str, name: str) -> str:
    """One line, entities resolved; a link where a publisher's name should be is none."""
    text = one_line(html.unescape(text))
    if len(text) > LONGEST or text.lower() in {"none", "null", "~", "nan", "n/a", "unknown"}:
        return ""
    if name == "publisher":
        return "" if "://" in text else text.removeprefix("www.")
    return text
