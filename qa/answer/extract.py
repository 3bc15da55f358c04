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

CANDIDATES = 36  # sentences that are embedded for one question, those with most words in common


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that may answer: where it stands, and the log-odds that it does. `rank` is its hit's, from 0.

    `here` are its keys, `lead` those of the title and the passage before it, `passage` those of all of the passage and
    the title; `leans_on` is the sentence before it.
    """

    hit: Hit
    rank: int
    sentence: Sentence
    text: str
    here: frozenset[str]
    lead: frozenset[str]
    passage: frozenset[str]
    leans_on: Sentence | None = None
    score: float = 0.0


def spots(hits: Sequence[Hit]) -> list[Spot]:
    """Return each sentence of the evidence once, in the order of the hits."""
    found: dict[tuple[str, int], Spot] = {}
    for rank, hit in enumerate(hits):
        lead = keys(hit.article.title)
        texts = [hit.text[s.start - hit.start : s.end - hit.start] for s in hit.sentences]
        here = [keys(text) for text in texts]
        passage = lead.union(*here)
        before: Sentence | None = None
        for sentence, text, own in zip(hit.sentences, texts, here, strict=True):
            spot = Spot(hit, rank, sentence, text, own, lead, passage, before)
            found.setdefault((hit.article.id, sentence.start), spot)
            lead, before = lead | own, sentence
    return list(found.values())


def rank(asked: Asked, hits: Sequence[Hit], embedder: Embedder) -> list[Spot]:
    """Return the sentences of the evidence that may answer, likeliest first, each with its log-odds."""
    likely, table = rows(asked, spots(hits), embedder)
    scored = [replace(spot, score=_log_odds(spot, row)) for spot, row in zip(likely, table, strict=True)]
    return sorted(scored, key=lambda spot: (-spot.score, spot.rank, spot.sentence.start))


def rows(asked: Asked, found: Sequence[Spot], embedder: Embedder) -> tuple[list[Spot], list[list[float]]]:
    """Return the sentences worth a closer look, and for each its features in the order of NAMES."""
    likely = _likely(asked, found)
    if not likely:
        return [], []
    cosines = embedder.embed_passages([spot.text for spot in likely]) @ embedder.embed_query(asked.text)
    pairs = zip(likely, cosines, strict=True)
    return likely, [features(asked, Candidate(s.text, s.here, s.lead, float(cosine), s.rank)) for s, cosine in pairs]


def _likely(asked: Asked, found: Sequence[Spot]) -> list[Spot]:
    def cheap(spot: Spot) -> tuple[float, int]:
        shared = share(asked.terms, spot.here)
        return (-shared - 0.2 * offers(asked.want, spot.text, asked.keys), spot.rank)

    return sorted((spot for spot in found if len(spot.text) > 8), key=cheap)[:CANDIDATES]


def _log_odds(spot: Spot, row: Sequence[float]) -> float:
    score = BIAS + sum(WEIGHTS[name] * value for name, value in zip(NAMES, row, strict=True))
    return score + APART.get(spot.sentence.kind, 0.0)


APART = {Kind.HEADING: -2.0, Kind.CAPTION: -0.5}  # a heading announces what the text then says
LIMITS = {Want.LIST: 6, Want.STATEMENT: 4, Want.REASON: 3, Want.OTHER: 4, Want.THING: 3}
SHARP = 2  # sentences for a question that one fact answers
MARGIN = 1.0  # log-odds by which another sentence may be less likely than the likeliest
OTHER = 0.5  # log-odds that a second voice is worth: another article
GAIN = 1.5  # log-odds that speaking of all that the question speaks of is worth


def choose(asked: Asked, ranked: Sequence[Spot]) -> list[Spot]:
    """Return the sentences to quote: the likeliest, and others nearly as likely, first those that add what it lacks."""
    taken: list[Spot] = []
    covered: frozenset[str] = frozenset()
    left = list(ranked)
    while left and len(taken) < LIMITS.get(asked.want, SHARP):
        quoted = {spot.hit.article.id for spot in taken}
        worth = [
            spot.score + GAIN * _added(asked, spot, covered) + (OTHER if spot.hit.article.id not in quoted else 0.0)
            for spot in left
        ]
        best = max(worth)
        if taken and best < ranked[0].score - MARGIN:
            break
        taken.append(left[worth.index(best)])
        covered |= taken[-1].here
        left = [spot for spot in left if spot is not taken[-1] and not _same(spot, taken[-1])]
    return taken


def _added(asked: Asked, spot: Spot, covered: frozenset[str]) -> float:
    return share(asked.terms, spot.here | covered) - share(asked.terms, covered)


def _same(one: Spot, other: Spot) -> bool:
    return len(one.here & other.here) >= 0.7 * min(len(one.here), len(other.here))
