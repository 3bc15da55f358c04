"""What the ledger keeps beside the articles themselves, and the hashes by which it knows them again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.articles import Article, Reference

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from vectorstore.embedding import Vectors

    Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Identity:
    """What made the vectors: the embedder (name with hash), its dimension, the passage settings.

    `cleaning` is the version of the cleaning; it goes with each article that is put and mismatches nothing.
    """

    embedder: str
    dimension: int
    passages: str
    cleaning: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What an ingest must know of an article that is there to tell whether it changed."""

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
    """A publisher as the archive's articles have it: its name, the host of their URLs, and how many they are."""

    name: str | None
    host: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Vectors, unit length, float32 (n, dimension), with their passages' ids and their articles' keys, int64 (n,)."""

    passages: Ids
    articles: Ids
    vectors: Vectors
    revision: int


def fingerprint(text: str) -> int:
    """Return 64 bits that are equal for texts that differ in case and white space only."""
    squashed = " ".join(text.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(squashed, digest_size=8).digest(), "big", signed=True)


def content_hash(article: Article) -> str:
    """Return a hash of what the passages are made of: text, blocks, title, publisher and date."""
    blocks = [(block.start, block.end, block.kind) for block in article.blocks]
    parts = json.dumps([article.text, blocks, article.title, article.publisher, article.published])
    return hashlib.sha256(parts.encode()).hexdigest()
