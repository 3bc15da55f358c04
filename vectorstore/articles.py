"""The records of an archive: articles, sentences, passages and hits, and what the ledger keeps beside them.

All offsets count code points in `Article.text`, the canonical text: `text[start:end]` is the span itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from vectorstore.urls import page_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from vectorstore.embedding import Vectors

    Ids = npt.NDArray[np.int64]


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
    matched against the source or URL; `publishers` are names or hosts, in any case, of which an article has one.
    """

    publishers: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.publishers, self.since, self.until, self.sources, self.articles))


EVERYTHING = Filter()  # excludes nothing


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: 1 article, 1,200 passages."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Identity:
    """What made the vectors: the embedder (name with hash), its dimension, the passage settings.

    `cleaning` is the version of the cleaning, stored with each article; a different one is no mismatch.
    """

    embedder: str
    dimension: int
    passages: str
    cleaning: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What an ingest compares to see whether a stored article changed."""

    id: str
    original_hash: str
    content_hash: str
    cleaning: str


@dataclass(frozen=True, slots=True)
class Listing:
    """An article and the number of its passages."""

    article: Reference
    passages: int


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher in the archive: its name, the host of its articles' URLs, and how many articles it has."""

    name: str | None
    host: str | None
    articles: int

    @property
    def called(self) -> str:
        """Its name, or its host where it has none."""
        return self.name or self.host or ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Unit vectors, float32 (n, dimension), with their passages' ids and their articles' keys, int64 (n,)."""

    passages: Ids
    articles: Ids
    vectors: Vectors
    revision: int


def fingerprint(text: str) -> int:
    """Return a 64-bit hash that ignores case and white space."""
    squashed = " ".join(text.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(squashed, digest_size=8).digest(), "big", signed=True)


def content_hash(article: Article) -> str:
    """Return a hash of what passages are made from: text, blocks, title, publisher and date."""
    blocks = [(block.start, block.end, block.kind) for block in article.blocks]
    parts = json.dumps([article.text, blocks, article.title, article.publisher, article.published])
    return hashlib.sha256(parts.encode()).hexdigest()
