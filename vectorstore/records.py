"""What the ledger keeps besides the articles, and the hashes by which it recognises them."""

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
