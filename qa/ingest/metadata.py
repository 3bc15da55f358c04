"""What a web page says about itself: meta tags, JSON-LD, the link to itself, its headline, byline and days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.ingest import authors, jsonld, pagedate
from qa.ingest.canonical import one_line
from qa.ingest.date import at_home, puts_day_first
from qa.ingest.headline import named_site, title_of
from qa.ingest.surroundings import around
from vectorstore.filters import host_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Fact = tuple[str, str]  # value, the way it was found

# field → names of <meta property|name|itemprop>, best first
_METAS: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title", "headline"),
    "publisher": ("og:site_name", "application-name", "dc.publisher", "publisher", "citation_journal_title"),
    "section": ("article:section", "section", "category"),
    "language": ("og:locale", "content-language", "dc.language", "inlanguage"),
    "url": ("og:url", "twitter:url", "parsely-link"),
}
_LINKED: Mapping[str, str] = {  # field → key of a JSON-LD article
    "title": "headline",
    "publisher": "publisher",
    "section": "articleSection",
    "language": "inLanguage",
    "url": "url",
}
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
_SINGLE_FILE = re.compile(r"Page saved with SingleFile\s+url:\s*(\S+)\s+saved date:\s*([^\n]+)")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Field → (value, way) of what a page states once, every day that it states, and whether it is a live blog."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    days: Sequence[Fact] = ()
    guess: Fact | None = None  # the day that a library finds where the page states none
    live: bool = False


def read_metadata(tree: HtmlElement) -> PageFacts:
    """Return what the page states: meta tags before JSON-LD before markup."""
    metas = _metas(tree)
    nodes = jsonld.described(tree, metas.get("og:title", ""))
    facts: dict[str, Fact] = {}
    for name, value, how in (*_stated(metas, nodes), *_markup(tree)):
        text = one_line(value)
        if 0 < len(text) <= _LONGEST and (name != "url" or text.startswith(("http://", "https://"))):
            facts.setdefault(name, (text, how))
    _settle_title(tree, metas, nodes, facts)
    near = around(tree, facts.get("title", ("", ""))[0])
    if author := authors.author_of(tree, metas, nodes, near, _site(facts)):
        facts["author"] = author
    language = facts.get("language", ("", ""))[0]
    stated = pagedate.stated(tree, metas, nodes, near, day_first=puts_day_first(language))
    days = [(at_home(day, language), how) for value, how in stated if (day := one_line(value))]
    guess = None if days else pagedate.guessed(tree, near)
    return PageFacts(facts, list(dict.fromkeys(days)), guess, jsonld.is_live(nodes))


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Return name → content of the meta tags; the first of a name wins, but several authors are joined."""
    stated: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            key, content = (meta.get(attribute) or "").strip().lower(), meta.get("content")
            if key and content and (key not in stated or key == "citation_author"):
                stated[key] = f"{stated[key]}; {content}" if key in stated else content
    return stated


def _stated(metas: Mapping[str, str], nodes: Sequence[jsonld.Node]) -> Iterator[tuple[str, str, str]]:
    for name, keys in _METAS.items():
        yield from ((name, metas[key], f"meta {key}") for key in keys if key in metas)
    for node in nodes:
        yield from ((name, jsonld.spelled(node.get(key)), f"JSON-LD {key}") for name, key in _LINKED.items())


def _markup(tree: HtmlElement) -> Iterator[tuple[str, str, str]]:
    for link in tree.xpath("//link[@rel='canonical'][@href]"):
        yield "url", link.get("href"), "link canonical"
    for comment in tree.xpath("//comment()")[:20]:
        if match := _SAVED_FROM.search(comment.text or ""):
            yield "url", match[1], "saved-from comment"
        if match := _SINGLE_FILE.search(comment.text or ""):
            yield "url", match[1], "SingleFile comment"
            yield "saved", match[2], "SingleFile comment"
    yield "language", tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "", "html lang"


def _settle_title(
    tree: HtmlElement, metas: Mapping[str, str], nodes: Sequence[jsonld.Node], facts: dict[str, Fact]
) -> None:
    """Take the site's name off the title, and the country off the language."""
    stated = [(metas[key], f"meta {key}") for key in _METAS["title"] if key in metas]
    stated += [(text, "JSON-LD headline") for node in nodes if (text := jsonld.spelled(node.get("headline")))]
    host = host_of(facts.get("url", ("", ""))[0]) or ""
    section = facts.get("section", ("", ""))[0]
    if title := title_of(tree, stated, _site(facts), host, section):
        facts["title"] = title
    if site := named_site(one_line(tree.findtext(".//title") or "")):
        facts.setdefault("publisher", (site, "end of the title"))
    if "language" in facts:
        language, how = facts["language"]
        facts["language"] = (re.split(r"[_-]", language)[0].lower(), how)


def _site(facts: Mapping[str, Fact]) -> str:
    return facts.get("publisher", ("", ""))[0]
