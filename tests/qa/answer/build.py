"""Evidence made of plain sentences, for the answerer's tests."""

from __future__ import annotations

from itertools import pairwise

from qa.reader.reading import Reading, units
from vectorstore.articles import BlockKind, Hit, Reference, Sentence


def hit(*texts: str, article: str = "a", title: str = "", at: int = 0, kind: BlockKind = BlockKind.PARAGRAPH) -> Hit:
    """Return a passage of these sentences, a space between them, that starts at `at` of its article."""
    sentences: list[Sentence] = []
    start = at
    for text in texts:
        sentences.append(Sentence(start, start + len(text), 0, kind))
        start += len(text) + 1
    reference = Reference(article, f"/{article}", title=title, publisher=f"The {article.upper()}")
    return Hit(at, reference, at, max(at, start - 1), " ".join(texts), tuple(sentences), 1.0)


def readings(passage: Hit, rank: int = 0, score: float = 0.0) -> list[Reading]:
    """Return a reading of each sentence of a passage, of prose or not, each with this score."""
    found = pairwise([None, *units(passage)])
    return [Reading(passage, rank, one, score, before=before) for before, one in found if one is not None]


def reading(text: str, score: float = 0.0, *, article: str = "a", at: int = 0) -> Reading:
    """Return the reading of a sentence that is a passage by itself."""
    return readings(hit(text, article=article, at=at), score=score)[0]
