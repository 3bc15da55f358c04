"""Archives of any number of passages, written in seconds: Zipf's words, random unit vectors, days over ten years.

Passages have as many words, sentences and different words as those of news; a question's words are about as frequent.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.ingest.identity import identity_of
from vectorstore.articles import Article, Block, Entry, Passage, Sentence
from vectorstore.embedding import Embedder
from vectorstore.store import Store
from vectorstore.writer import Record

if TYPE_CHECKING:
    import numpy.typing as npt

    from vectorstore.embedding import Vectors

PASSAGES, SENTENCES, WORDS = 8, 6, 20  # of an article, a passage, a sentence
VOCABULARY, STOPPED = 60_000, 30  # words, and the most frequent of them, which no question is asked by
ASKED = 7  # words of a question
FIRST, DAYS = date(2015, 1, 1), 3650
GROUP = 250  # articles of a transaction
SEED = 7
SYLLABLES = ["".join(pair) for pair in product("bdfgklmnprstvz", "aeiou")]


def units(rows: int, dimension: int, seed: int) -> Vectors:
    """Return random unit vectors, float32, shape (rows, dimension)."""
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension), np.float32)
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def archive(folder: Path, passages: int, embedder: Embedder) -> Path:
    """Return the folder of an archive of so many passages, written the first time."""
    if not (folder / "complete").exists():
        with Store.writing(folder, identity_of(embedder)) as writer:
            written = writer.ledger.count()[0]
            for group in range(written // GROUP, -(-passages // PASSAGES // GROUP)):
                first = group * GROUP
                last = min(first + GROUP, -(-passages // PASSAGES))
                writer.add(records(first, last, passages, embedder.dimension))
        (folder / "complete").touch()
    return folder


def records(first: int, last: int, passages: int, dimension: int) -> Iterator[Record]:
    """Yield the articles from one number to another, of an archive of so many passages."""
    texts = Texts()
    vectors = units((last - first) * PASSAGES, dimension, SEED + first)
    for number in range(first, last):
        own = vectors[(number - first) * PASSAGES :][: min(PASSAGES, passages - number * PASSAGES)]
        yield Record(entry(number, texts, len(own)), own, "grown")


def entry(number: int, texts: Texts, passages: int) -> Entry:
    """Return an article of so many passages, each a paragraph."""
    rng = random.Random(f"{SEED} {number}")
    day = (FIRST + timedelta(rng.randrange(DAYS))).isoformat()
    paragraphs = [texts.paragraph(number * PASSAGES + at) for at in range(passages)]
    blocks: list[Block] = []
    sentences: list[Sentence] = []
    windows: list[Passage] = []
    start = 0
    for order, paragraph in enumerate(paragraphs):
        end = start + sum(map(len, paragraph)) + len(paragraph) - 1
        blocks.append(Block(start, end))
        windows.append(Passage(start, end, len(sentences), len(sentences) + len(paragraph)))
        for sentence in paragraph:
            sentences.append(Sentence(start, start + len(sentence), order))
            start += len(sentence) + 1
        start = end + 2
    article = Article(
        f"grown/{number}.txt",
        "\n\n".join(map(" ".join, paragraphs)),
        tuple(blocks),
        title=paragraphs[0][0][:60],
        url=f"https://source{number % 40}.example/{number}",
        publisher=f"Source {number % 40}",
        published=day,
    )
    return Entry(article, b"", tuple(sentences), tuple(windows))


@dataclass(frozen=True, slots=True)
class Texts:
    """Paragraphs by their numbers; `frequent` has for each word how much of a text it and more frequent ones make."""

    frequent: npt.NDArray[np.float64] = field(default_factory=lambda: _zipf(VOCABULARY))

    def ranks(self, number: int) -> npt.NDArray[np.int64]:
        """Return the ranks of a paragraph's words, the most frequent word being 0."""
        drawn = np.random.default_rng([SEED, number]).random(SENTENCES * WORDS)
        return np.searchsorted(self.frequent, drawn)

    def paragraph(self, number: int) -> list[str]:
        """Return a paragraph's sentences."""
        words = [word(rank) for rank in self.ranks(number).tolist()]
        rows = (words[at : at + WORDS] for at in range(0, len(words), WORDS))
        return [f"{' '.join(row).capitalize()}." for row in rows]

    def question(self, number: int) -> str:
        """Return a question by words of one paragraph."""
        ranks = dict.fromkeys(rank for rank in self.ranks(number).tolist() if rank >= STOPPED)
        chosen = random.Random(number).sample(list(ranks), ASKED)
        return f"What did the {' '.join(map(word, chosen))}?"


def word(rank: int) -> str:
    """Return the word of a rank: rarer words are longer."""
    found = SYLLABLES[rank % len(SYLLABLES)]
    while rank := rank // len(SYLLABLES):
        found += SYLLABLES[rank % len(SYLLABLES)]
    return found


def _zipf(words: int) -> npt.NDArray[np.float64]:
    shares = 1 / np.arange(1, words + 1)
    return np.cumsum(shares / shares.sum())
