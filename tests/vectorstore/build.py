"""Small articles for the store's tests: one block a paragraph, sentences at full stops, a passage a paragraph."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tests.fakes import FakeEmbedder
from vectorstore.articles import Article, Block, Entry, Identity, Matrix, Passage, Sentence
from vectorstore.places import Place
from vectorstore.store import Store
from vectorstore.writer import Record

EMBEDDER = FakeEmbedder()
IDENTITY = Identity(EMBEDDER.name, EMBEDDER.dimension, "paragraphs", "1")


def entry(source: str, text: str = "Rain fell. It was cold.", **fields: Any) -> Entry:
    """Return an entry whose passages are the text's paragraphs."""
    blocks: list[Block] = []
    sentences: list[Sentence] = []
    passages: list[Passage] = []
    start = 0
    for number, paragraph in enumerate(text.split("\n\n")):
        blocks.append(Block(start, start + len(paragraph)))
        first, at = len(sentences), start
        for sentence in paragraph.split(". "):
            length = min(len(sentence) + 1, start + len(paragraph) - at)
            sentences.append(Sentence(at, at + length, number))
            at += length + 1
        passages.append(Passage(start, start + len(paragraph), first, len(sentences)))
        start += len(paragraph) + 2
    article = Article(source, text, tuple(blocks), **fields)
    return Entry(article, text.encode("utf-8", "surrogatepass"), tuple(sentences), tuple(passages))


def record(source: str, text: str = "Rain fell. It was cold.", original_hash: str = "h", **fields: Any) -> Record:
    """Return an entry with the vectors that the fake embedder gives it."""
    made = entry(source, text, **fields)
    return Record(made, EMBEDDER.embed_passages([text[p.start : p.end] for p in made.passages]), original_hash)


Where = TypeVar("Where", bound=Path | Place)


def filled(place: Where, *records: Record) -> Where:
    """Return the place, in which a store now holds the records."""
    with Store.writing(place, IDENTITY) as writer:
        writer.add(records)
    return place


def many(number: int) -> list[Record]:
    """Return that many articles of three passages each, all different."""
    return [
        record(
            f"/news/{n}.txt", "\n\n".join(f"Item {n} part {p} w{n * 7 + p} x{n}y{p}." for p in range(3)), title=f"T{n}"
        )
        for n in range(number)
    ]


def matrix_of(dimension: int) -> Matrix:
    """Return the vectors of 300 passages of 100 articles; those of ten are the same."""
    vectors = np.random.default_rng(7).normal(size=(300, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[10:20] = vectors[10]
    ids = np.arange(1000, 700, -1, dtype=np.int64)  # not in the order of the rows
    return Matrix(ids, np.arange(300, dtype=np.int64) // 3, vectors, 1)
