"""Feeds (RSS, Atom) and sitemaps: what a feed's own file says of its articles, and what either lists to be fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urljoin

from qa.ingest.canonical import one_line
from qa.ingest.kinds.packed import parsed
from qa.ingest.markup import looks_like_html, plain_text
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 50 * 2**20  # bytes of a feed or a sitemap; a sitemap may have as many
_BEGINNING = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b", re.S)
_LINKED = re.compile(r"application/(?:rss|atom)\+xml", re.I)


def looks_like_feed(data: bytes) -> bool:
    """Tell by its beginning whether a file is a feed."""
    return bool(_BEGINNING.match(data[:4096].removeprefix(b"\xef\xbb\xbf")))


class FeedReader:
    """Reads a feed that was saved: an entry with its own text is an article, its link the source."""

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith((".rss", ".atom"))

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the entries that carry text."""
        data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            yield Failure(source, f"the feed is larger than {LARGEST // 2**20} MB")
            return
        found = _parsed(data, source if source.startswith("http") else "")
        publisher = one_line(str(found.feed.get("title", "")))
        drafts = [_draft(entry, publisher, f"{source}#{number}") for number, entry in enumerate(found.entries, 1)]
        yield from filter(None, drafts)
        if not any(drafts):
            yield Failure(source, "the feed holds no article with text")


def listed(data: bytes, address: str, kind: str) -> dict[str, Any]:
    """Return what a feed, a sitemap, or a page that names its feed lists, as JSON can carry it.

    `kind` is its content type. "entries" are [address, day or ""] of pages, "sitemaps" and "feeds" the addresses to
    look into instead, "title" what it calls itself. Raises Unreadable where it is none of these.
    """
    if looks_like_feed(data):
        return _feed(data, address, kind)
    tree = parsed(data)
    name = "" if tree is None or not isinstance(tree.tag, str) else tree.tag.rpartition("}")[2]
    if tree is not None and name in {"urlset", "sitemapindex"}:
        links = _links(tree, address)
        return _listing(sitemaps=links) if name == "sitemapindex" else _listing([[link, ""] for link in links])
    if named := _named_feeds(data, address):
        return _listing(feeds=named)
    raise Unreadable("there is no feed and no sitemap at this address, nor a page that names one")


def _listing(
    entries: Sequence[list[str]] = (), sitemaps: Sequence[str] = (), feeds: Sequence[str] = (), title: str = ""
) -> dict[str, Any]:
    return {"title": title, "entries": [*entries], "sitemaps": [*sitemaps], "feeds": [*feeds]}


def _feed(data: bytes, address: str, kind: str) -> dict[str, Any]:
    found = _parsed(data, address, kind)
    entries = [[link, _day(entry)] for entry in found.entries if (link := _link(entry, address))]
    return _listing(entries, title=one_line(str(found.feed.get("title", ""))))


def _links(tree: _Element, address: str) -> list[str]:
    """The pages or sitemaps that a sitemap names, those that changed last first."""
    rows = [(one_line(one.findtext("{*}lastmod") or ""), one_line(one.findtext("{*}loc") or "")) for one in tree]
    links = [urljoin(address, link) for _, link in sorted(rows, key=lambda row: row[0], reverse=True) if link]
    return [link for link in dict.fromkeys(links) if link.startswith(("http://", "https://"))]


def _named_feeds(data: bytes, address: str) -> list[str]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8")
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError):
        return []
    links = tree.xpath("//link[@rel='alternate'][@href]")
    feeds = [urljoin(address, link.get("href")) for link in links if _LINKED.search(link.get("type") or "")]
    return [feed for feed in feeds if feed.startswith(("http://", "https://"))]


def _parsed(data: bytes, address: str, kind: str = "") -> Any:
    import feedparser

    headers = {"content-location": address, "content-type": kind or "application/xml"}
    return feedparser.parse(data, response_headers=headers)


def _draft(entry: Mapping[str, Any], publisher: str, place: str) -> RawArticle | None:
    written = [part.get("value", "") for part in entry.get("content", ())] or [entry.get("summary", "")]
    markup = max(written, key=len)
    text = plain_text(markup) if looks_like_html(markup) else markup
    if not text.strip():
        return None
    stated = {
        "title": (one_line(plain_text(entry.get("title", "")) if entry.get("title") else ""), "feed title"),
        "url": (_link(entry, ""), "feed link"),
        "author": (one_line(str(entry.get("author", ""))), "feed author"),
        "publisher": (publisher, "feed's own title"),
        "published": (_day(entry), "feed published"),
    }
    fields = {name: value for name, (value, _) in stated.items() if value}
    found = {name: how for name, (_, how) in stated.items() if name in fields}
    row = {**fields, "content": markup}
    original = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
    return RawArticle(fields.get("url", place), original, text, TextFormat.RECORD, fields, found, place=place)


def _link(entry: Mapping[str, Any], address: str) -> str:
    link = urljoin(address, one_line(str(entry.get("link") or ""))).partition("#")[0]
    return link if link.startswith(("http://", "https://")) else ""


def _day(entry: Mapping[str, Any]) -> str:
    """The day it was published (UTC, as feeds are parsed), never the one on which it was changed."""
    moment = entry["published_parsed"] if entry.get("published") else None
    try:
        return date(*moment[:3]).isoformat() if moment else ""
    except ValueError:
        return ""
