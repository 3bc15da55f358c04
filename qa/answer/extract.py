"""The extractive answerer: picks the sentences that answer a question and quotes them. No language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answer.features import NAMES, Asked, Candidate, features, share
from qa.answer.weights import BIAS, WEIGHTS
from qa.kinds import Want, offers
from qa.words import keys
from vectorstore.articles import Hit, Kind, Sentence
from vectorstore.embedding import Embedder

CANDIDATES = 48  # sentences that are embedded for one question, those with most words in common


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that may answer: where it stands, and the log-odds that it does. `rank` is its hit's, from 0."""

    hit: Hit
    rank: int
    sentence: Sentence
    text: str
    around: str
    before: Sentence | None = None
    score: float = 0.0


def spots(hits: Sequence[Hit]) -> list[Spot]:
    """Return each sentence of the evidence once, in the order of the hits."""
    found: dict[tuple[str, int], Spot] = {}
    for rank, hit in enumerate(hits):
        for at, sentence in enumerate(hit.sentences):
            around = f"{hit.article.title}. {hit.text[: sentence.start - hit.start]}"
            before = hit.sentences[at - 1] if at else None
            spot = Spot(hit, rank, sentence, _text(hit, sentence), around, before)
            found.setdefault((hit.article.id, sentence.start), spot)
    return list(found.values())


def rank(asked: Asked, hits: Sequence[Hit], embedder: Embedder) -> list[Spot]:
    """Return the sentences of the evidence that may answer, likeliest first, each with its log-odds."""
    likely = _likely(asked, spots(hits))
    if not likely:
        return []
    question = embedder.embed_query(asked.text)
    similar = embedder.embed_passages([spot.text for spot in likely]) @ question
    scored = [_scored(asked, spot, float(cosine)) for spot, cosine in zip(likely, similar, strict=True)]
    return sorted(scored, key=lambda spot: (-spot.score, spot.rank, spot.sentence.start))


def _likely(asked: Asked, found: Sequence[Spot]) -> list[Spot]:
    def cheap(spot: Spot) -> tuple[float, int]:
        shared = share(asked.terms, keys(spot.text))
        return (-shared - 0.2 * offers(asked.want, spot.text, asked.keys), spot.rank)

    return sorted((spot for spot in found if len(spot.text) > 8), key=cheap)[:CANDIDATES]


def _scored(asked: Asked, spot: Spot, similarity: float) -> Spot:
    row = features(asked, Candidate(spot.text, spot.around, similarity, spot.hit.score))
    score = BIAS + sum(WEIGHTS[name] * value for name, value in zip(NAMES, row, strict=True))
    return replace(spot, score=score + APART.get(spot.sentence.kind, 0.0))


def _text(hit: Hit, sentence: Sentence) -> str:
    return hit.text[sentence.start - hit.start : sentence.end - hit.start]


APART = {Kind.HEADING: -2.0, Kind.CAPTION: -0.5}  # a heading announces what the text then says
LIMITS = {Want.LIST: 6, Want.STATEMENT: 4, Want.REASON: 3, Want.OTHER: 4, Want.THING: 3}
SHARP = 2  # sentences for a question that one fact answers


def choose(asked: Asked, ranked: Sequence[Spot], margin: float, gain: float) -> list[Spot]:
    """Return the sentences to quote: the likeliest, and others nearly as likely that add words of the question.

    `margin` is how much less likely (in log-odds) another may be; `gain` is what covering the rest of the question is
    worth, in log-odds.
    """
    taken: list[Spot] = []
    covered: frozenset[str] = frozenset()
    left = [spot for spot in ranked if spot.score >= ranked[0].score - margin]
    while left and len(taken) < LIMITS.get(asked.want, SHARP):
        best = max(left, key=lambda s: s.score + gain * _added(asked, s, covered))
        if taken and best.score + gain * _added(asked, best, covered) < ranked[0].score:
            break
        taken.append(best)
        covered |= keys(best.text)
        left = [s for s in left if s is not best and not _same(s, best)]
    return taken


def _added(asked: Asked, spot: Spot, covered: frozenset[str]) -> float:
    return share(asked.terms, keys(spot.text) | covered) - share(asked.terms, covered)


def _same(one: Spot, other: Spot) -> bool:
    a, b = keys(one.text), keys(other.text)
    return len(a & b) >= 0.7 * min(len(a), len(b))
