"""The nouns of the archive: what an article, a sentence, a passage and a hit are.

All offsets are code points into `Article.text`, the canonical text; `text[start:end]` is the thing itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vectorstore.urls import page_of


class BlockKind(StrEnum):
    """What a block of the canonical text is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of the canonical text that stands by itself; blocks neither overlap nor leave words out."""

    start: int
    end: int
    kind: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored: its canonical text and what is known about it.

    `published` is YYYY, YYYY-MM or YYYY-MM-DD, or None when nothing says it. `found` maps a field's name to the way
    in which its value was found ("front matter", "meta article:published_time", "text: weekday after the caption", …).
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
        """The article's name: 16 hex digits of a hash of its source, the same through every update."""
        return article_id(self.source)


def article_id(source: str) -> str:
    """Return the id of the article with this source: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reference:
    """An article named without its text, as hits and citations carry it."""

    id: str
    source: str
    url: str | None = None
    title: str = ""
    publisher: str | None = None
    published: str | None = None

    @property
    def page(self) -> str:
        """What the article is a copy of: the same for a page that was saved at two of its addresses."""
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
    """All that the ledger takes for one article; `original` is the source byte for byte."""

    article: Article
    original: bytes
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `sentences` are those that it covers; `also` lists copies of the same wire text."""

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
    """What a search may look at; empty fields cut nothing.

    `since` and `until` are inclusive days (YYYY-MM-DD); an article without a date passes neither. `sources` are
    globs on the source or its URL; `publisher` compares without case.
    """

    publisher: str | None = None
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.publisher, self.since, self.until, self.sources, self.articles))


EVERYTHING = Filter()  # cuts nothing


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural but for one: 1 article, 1,200 passages."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
