"""The records of an archive: articles, sentences, passages and hits.

All offsets count code points in `Article.text`, the canonical text: `text[start:end]` is the span itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vectorstore.urls import page_of


class BlockKind(StrEnum):
    """The role of a block in the canonical text."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or caption of the canonical text; blocks do not overlap and together hold every word."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Article:
    """An article as stored: its canonical text and its metadata.

    `published` is YYYY, YYYY-MM or YYYY-MM-DD, or None if unknown. `found` maps each field to where its value came
    from ("front matter", "meta article:published_time", "text: weekday after the caption", …).
    """

    source: str
    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    url: str | None = None
    publisher: str | None = None
    section: str | None = None
    author: str | None = None
    language: str | None = None
    published: str | None = None
    found: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The article's id: 16 hex digits of a hash of its source, so that it survives updates."""
        return article_id(self.source)


def article_id(source: str) -> str:
    """Return the id of the article with this source: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reference:
    """An article without its text, as hits and citations carry it."""

    id: str
    source: str
    url: str | None = None
    title: str = ""
    publisher: str | None = None
    published: str | None = None

    @property
    def page(self) -> str:
        """The web page behind the article, equal for copies saved from two addresses of that page."""
        return page_of(self.url or "") or self.source


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the canonical text; `block` is the index of its block, `kind` that block's kind."""

    start: int
    end: int
    block: int
    kind: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of sentences `first` … `last` (half-open), in offsets of the canonical text."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything the ledger stores for one article; `original` is the source, byte for byte."""

    article: Article
    original: bytes
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its sentences; `also` lists other articles with the same text."""

    passage: int
    article: Reference
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    score: float = 0.0
    also: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a search covers; empty fields exclude nothing.

    `since` and `until` are inclusive days (YYYY-MM-DD) and exclude articles without a date. `sources` are globs
    matched against the source or URL; `publisher` ignores case.
    """

    publisher: str | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.publisher, self.since, self.until, self.sources, self.articles))


EVERYTHING = Filter()  # excludes nothing


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 article, 1,200 passages."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
