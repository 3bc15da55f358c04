"""Evidence made of plain sentences, for the answerer's tests."""

from __future__ import annotations

from collections.abc import Mapping

from qa.answer.features import Asked
from qa.answer.spots import Spot
from qa.words import content, keys
from vectorstore.articles import Hit, Kind, Reference, Sentence

COMMON = 0.5  # how rare a word is that the archive has


def hit(*texts: str, article: str = "a", title: str = "", at: int = 0, kind: Kind = Kind.PARAGRAPH) -> Hit:
    """Return a passage of these sentences, a space between them, that starts at `at` of its article."""
    sentences: list[Sentence] = []
    start = at
    for text in texts:
        sentences.append(Sentence(start, start + len(text), 0, kind))
        start += len(text) + 1
    reference = Reference(article, f"/{article}", title=title, publisher=f"The {article.upper()}")
    return Hit(at, reference, at, max(at, start - 1), " ".join(texts), tuple(sentences), 1.0)


def asked(text: str, **rarity: float) -> Asked:
    """Return the question taken apart; each word is as rare as COMMON unless told."""
    found: Mapping[str, float] = {word.key: rarity.get(word.text, COMMON) for word in content(text)}
    return Asked(text, found)


def spot(text: str, score: float = 0.0, *, around: str = "", article: str = "a", at: int = 0, rank: int = 0) -> Spot:
    """Return a sentence with this score; `around` is what else its passage says."""
    here = keys(text)
    passage = hit(text, article=article, at=at)
    return Spot(
        passage, rank, passage.sentences[0], text, here, frozenset(), keys(around), here | keys(around), None, score
    )
