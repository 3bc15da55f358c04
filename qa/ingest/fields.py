"""The facts about an article under the many names that front matter and dumps give them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

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
        "source",  # of web clippers; a publisher's name in most other places
        "original",
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
_NAMES_TOO = frozenset({"source", "original"})  # keys of a URL only where an address stands
LONGEST = 2_000  # characters of a fact; anything longer is not one
_LINK = re.compile(  # [[note|shown]], [shown](address)
    r"\[\[(?:[^\]\[|]*\|)?([^\]\[]*)\]\]|\[([^\]\[]*)\]\(https?://[^)]{1,2000}\)"
)
MOST = 100_000  # lists and values within a value


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
            if value and not (name == "url" and _squash(key) in _NAMES_TOO and "://" not in value):
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
    """Spell a stated value as text: those in lists, at any depth, joined; "" for what is none."""
    return ("\n\n" if name == "text" else ", ").join(filter(None, (_spelled(item, name) for item in _items(value))))


def _items(value: object) -> Iterable[object]:
    """What stands in lists and lists in them, {"name": …} by its name; nothing where that is more than MOST.

    In YAML a list may hold itself, or another ten times that holds a third ten times.
    """
    items, waiting, left = [], [value], MOST
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            item = [item.get("name") or item.get("title")]
        if isinstance(item, list | tuple):
            waiting.extend(reversed(item[:left]))
            left -= 1 + len(item)
        else:
            items.append(item)
        if left < 0:
            return ()
    return items


def _spelled(value: object, name: str) -> str:
    """A single value; "" for what is neither text nor a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).strip()
    return text if name == "text" else _fact(text, name)


def _fact(text: str, name: str) -> str:
    """One line, entities resolved; a link where a publisher's name should be is none."""
    text = one_line(_LINK.sub(lambda link: link[1] or link[2] or "", html.unescape(text)))
    if len(text) > LONGEST or text.lower() in {"none", "null", "~", "nan", "n/a", "unknown"}:
        return ""
    if name == "publisher":
        return "" if "://" in text else text.removeprefix("www.")
    return text
