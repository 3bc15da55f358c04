"""Vectors that a second run finds again: pieces of texts, each under the hash of the model's name and the texts."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vectorstore.embedding import Embedder

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors

PIECE = 256  # texts of a file; an interrupted run loses one piece


def cached(embedder: Embedder, texts: Sequence[str], folder: Path | None) -> Vectors:
    """Return the vectors of the texts, float32, shape (len(texts), dimension), read from `folder` where they are."""
    starts = range(0, len(texts), PIECE)
    rows = [np.empty((0, embedder.dimension), np.float32)]
    for number, at in enumerate(starts, 1):
        rows.append(_piece(embedder, texts[at : at + PIECE], folder))
        if sys.stderr.isatty():
            end = "\n" if number == len(starts) else ""
            print(f"\rembedding: {number}/{len(starts)} pieces", end=end, file=sys.stderr, flush=True)
    return np.concatenate(rows)


def _piece(embedder: Embedder, texts: Sequence[str], folder: Path | None) -> Vectors:
    if folder is None:
        return embedder.embed_passages(texts)
    name = hashlib.sha256("\0".join([embedder.name, *texts]).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    path = folder / f"{name}.npy"
    if path.is_file():
        found: Vectors = np.load(path)
        return found
    made = embedder.embed_passages(texts)
    folder.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part.npy")
    np.save(half, made)
    half.replace(path)
    return made


@dataclass(frozen=True)
class Remembering:
    """An embedder that embeds no text twice: the questions of a set look at the same sentences again and again."""

    inner: Embedder
    known: dict[str, Vectors] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """That of the embedder."""
        return self.inner.name

    @property
    def dimension(self) -> int:
        """That of the embedder."""
        return self.inner.dimension

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known.update(zip(new, self.inner.embed_passages(new), strict=True))
        rows = [self.known[text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        return self.inner.embed_query(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text."""
        return self.inner.count_tokens(texts)
