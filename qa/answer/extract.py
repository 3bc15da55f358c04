"""The extractive answerer: picks the sentences that answer a question and quotes them. No language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answer.deeds import deed, exchanged
from qa.answer.features import NAMES, Asked, Candidate, features, offered_by, share
from qa.answer.speakers import spoken
from qa.answer.spots import Spot, spots
from qa.answer.voices import alike, echo, newest_first, same
from qa.answer.weights import WEIGHTS
from qa.kinds import Want
from vectorstore.articles import Hit
from vectorstore.embedding import Embedder

ASKING = re.compile(r"\?[”\"’')]*$")
SCRAP = 8  # characters of what is no sentence
CANDIDATES = 36  # sentences that are embedded for one question, those with most words in common


def rank(asked: Asked, hits: Sequence[Hit], embedder: Embedder) -> list[Spot]:
    """Return the sentences of the evidence that may answer, likeliest first, each with its features and its score."""
    likely, table = rows(asked, spots(hits), embedder)
    scored = [replace(s, marks=tuple(row), score=_score(row)) for s, row in zip(likely, table, strict=True)]
    return sorted(spoken(asked, scored), key=lambda spot: (-spot.score, spot.rank, spot.sentence.start))


def rows(asked: Asked, found: Sequence[Spot], embedder: Embedder) -> tuple[list[Spot], list[list[float]]]:
    """Return the sentences worth a closer look, and for each its features in the order of NAMES."""
    likely = _likely(asked, found)
    if not likely:
        return [], []
    question, led = embedder.embed_query(asked.text), [_led(spot) for spot in likely]
    texts = list(dict.fromkeys([*(spot.text for spot in likely), *led]))
    cosines = dict(zip(texts, (embedder.embed_passages(texts) @ question).tolist(), strict=True))
    nearest: dict[int, float] = {}
    for spot in likely:
        nearest[spot.hit.passage] = max(cosines[spot.text], nearest.get(spot.hit.passage, -1.0))
    near = [(cosines[s.text], cosines[after], nearest[s.hit.passage]) for s, after in zip(likely, led, strict=True)]
    return likely, [
        features(asked, Candidate(s.text, s.here | s.when, s.lead, s.rank, s.sentence.kind, *told))
        for s, told in zip(likely, near, strict=True)
    ]


def _led(spot: Spot) -> str:
    """The sentence after the one that it follows: “He added …” says little by itself."""
    start = spot.leans_on.start if spot.leans_on else spot.sentence.start
    return spot.hit.text[start - spot.hit.start : spot.sentence.end - spot.hit.start]


def _likely(asked: Asked, found: Sequence[Spot]) -> list[Spot]:
    def cheap(spot: Spot) -> tuple[float, int]:
        shared = share(asked.terms, spot.here | spot.when)
        return (-shared - 0.2 * offered_by(asked, spot.text), spot.rank)

    done = deed(asked)
    telling = [s for s in found if not _empty(asked, s) and not exchanged(done, s)]
    return sorted(telling, key=cheap)[:CANDIDATES]


def _empty(asked: Asked, spot: Spot) -> bool:
    """Whether a sentence can say nothing: a question, a scrap, or no more than a name that the question has."""
    named = len(spot.here) <= 2 and spot.here <= asked.keys
    return named or len(spot.text) <= SCRAP or bool(ASKING.search(spot.text))


def _score(row: Sequence[float]) -> float:
    return sum(WEIGHTS[name] * value for name, value in zip(NAMES, row, strict=True))


LIMITS = {Want.LIST: 6, Want.STATEMENT: 4, Want.REASON: 3, Want.OTHER: 4, Want.THING: 3}
SHARP = 2  # sentences for a question that one fact answers
MARGIN = 2.5  # by how much another sentence may score less than the likeliest
OTHER = 0.5  # what a second voice is worth in score: another article
GAIN = 1.5  # what it is worth in score to speak of all that the question speaks of


def choose(asked: Asked, ranked: Sequence[Spot]) -> list[Spot]:
    """Return the sentences to quote: the likeliest, and others nearly as likely, first those that add what it lacks.

    Where there is room, another article that says the same is quoted too; of articles at odds the newest comes first.
    """
    taken = list(ranked[:1])
    left = _besides(ranked, taken)
    while left and len(taken) < LIMITS.get(asked.want, SHARP):
        worth = [spot.score + _adds(asked, spot, taken) for spot in left]
        if max(worth) < ranked[0].score - MARGIN:
            break
        taken.append(left[worth.index(max(worth))])
        left = _besides(left, taken)
    also = echo(taken, ranked) if len(taken) < LIMITS.get(asked.want, SHARP) else None
    return newest_first(asked, [*taken, also] if also else taken)


def _besides(spots: Sequence[Spot], taken: Sequence[Spot]) -> list[Spot]:
    """The sentences that say something else than the last one taken, and in other words than any."""
    return [s for s in spots if not alike(s, taken[-1]) and not any(same(s, other) for other in taken)]


def _adds(asked: Asked, spot: Spot, taken: Sequence[Spot]) -> float:
    """What a sentence is worth for what those taken lack: what the question speaks of, and a second voice."""
    covered = frozenset().union(*(other.here for other in taken))
    added = share(asked.terms, spot.here | covered) - share(asked.terms, covered)
    heard = any(spot.hit.article.page == other.hit.article.page for other in taken)
    return GAIN * added + (0.0 if heard else OTHER)
