"""What a web page says about itself: meta tags, JSON-LD, the link to itself, <time>, <title>."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qa.ingest.canonical import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Fact = tuple[str, str]  # value, the way it was found

# field → names of <meta property|name|itemprop>, best first
_METAS: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title", "headline"),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "publisher", "citation_journal_title"),
    "section": ("article:section", "section", "category"),
    "author": ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author", "citation_author"),
    "language": ("og:locale", "content-language", "dc.language", "inlanguage"),
    "published": (
        *("article:published_time", "og:published_time", "datepublished", "article:published", "parsely-pub-date"),
        *("publishdate", "publish-date", "publish_date", "pubdate", "dc.date.issued", "dcterms.date", "dc.date"),
        *("sailthru.date", "citation_publication_date", "citation_date", "date"),
    ),
    "url": ("og:url", "twitter:url", "parsely-link"),
}
_LINKED: Mapping[str, str] = {  # field → key of a JSON-LD article
    "title": "headline",
    "published": "datePublished",
    "author": "author",
    "publisher": "publisher",
    "section": "articleSection",
    "language": "inLanguage",
    "url": "url",
}
_ARTICLE = re.compile(
    r"(?:News|Blog|Report|Analysis|Opinion|Review|Tech|Scholarly|Backgrounder)?(?:Article|Posting|NewsArticle)$"
)
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_DEEPEST, _LONGEST = 6, 2_000


def read_metadata(tree: HtmlElement) -> dict[str, Fact]:
    """Return field → (value, way) for what the page states: meta tags, then JSON-LD, then markup."""
    facts: dict[str, Fact] = {}
    for name, value, how in (*_metas(tree), *_linked(tree), *_markup(tree)):
        text = one_line(value)
        usable = 0 < len(text) <= _LONGEST and not (name == "author" and "://" in text)
        if usable and (name != "url" or text.startswith(("http://", "https://"))):
            facts.setdefault(name, (text, how))
    return _tidied(facts)


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str, str]]:
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            key = (meta.get(attribute) or "").strip().lower()
            if key and meta.get("content"):
                stated.setdefault(key, meta.get("content"))
    for name, keys in _METAS.items():
        for key in keys:
            if key in stated:
                yield name, stated[key], f"meta {key}"


def _linked(tree: HtmlElement) -> Iterator[tuple[str, str, str]]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text_content(), strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data, 0):
            for name, key in _LINKED.items():
                yield name, _spelled(node.get(key)), f"JSON-LD {key}"


def _nodes(data: object, depth: int) -> Iterator[Mapping[str, object]]:
    """Yield the nodes of JSON-LD that are articles, also inside lists and @graph."""
    if isinstance(data, list) and depth < _DEEPEST:
        for item in data:
            yield from _nodes(item, depth + 1)
    elif isinstance(data, dict):
        types = data.get("@type")
        if any(isinstance(t, str) and _ARTICLE.fullmatch(t) for t in (types if isinstance(types, list) else [types])):
            yield data
        yield from _nodes(data.get("@graph") or [], depth + 1)


def _spelled(value: object) -> str:
    if isinstance(value, dict):
        return _spelled(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_spelled, value[:20])))
    return value if isinstance(value, str) else ""


def _markup(tree: HtmlElement) -> Iterator[tuple[str, str, str]]:
    for link in tree.xpath("//link[@rel='canonical'][@href]"):
        yield "url", link.get("href"), "link canonical"
    for comment in tree.xpath("//comment()")[:20]:
        if match := _SAVED_FROM.search(comment.text or ""):
            yield "url", match[1], "saved-from comment"
    headings = tree.xpath("//h1")
    if len(headings) == 1:
        yield "title", headings[0].text_content(), "h1"
    for title in tree.xpath("//head/title|//title")[:1]:
        yield "title", title.text_content(), "title"
    yield "language", tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "", "html lang"
    for element in tree.xpath("//*[@itemprop='datePublished'][@datetime or @content]"):
        yield "published", element.get("datetime") or element.get("content"), "itemprop datePublished"
    times = tree.xpath(
        "(//article|//main|//header)//time[@datetime][not(ancestor::aside or ancestor::footer or ancestor::nav)]"
    )
    days = {time.get("datetime")[:10] for time in times}
    if len(days) == 1:  # several days: teasers, comments, or an update
        yield "published", times[0].get("datetime"), "time"


def _tidied(facts: dict[str, Fact]) -> dict[str, Fact]:
    """Take the site's name off the end of the title, and the country off the language."""
    if "title" in facts:
        title, how = facts["title"]
        site = facts.get("publisher", ("", ""))[0]
        head, _, tail = _last_part(title)
        if head and (
            tail.casefold() == site.casefold() or (how == "title" and len(tail.split()) <= 4 < len(head.split()))
        ):
            facts["title"] = (head, how)
            if not site and how == "title":
                facts["publisher"] = (tail, "end of the title")
    if "language" in facts:
        language, how = facts["language"]
        facts["language"] = (re.split(r"[_-]", language)[0].lower(), how)
    return facts


def _last_part(title: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(.+\S)\s+([|–—\-·»:])\s+(\S.*)", title)
    return (match[1], match[2], match[3]) if match else ("", "", title)
