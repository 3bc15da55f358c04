"""How sure an answer may be, and when to say that the archive does not answer: measured, and leaning to silence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.answer.features import FIGURES, NAMES, Asked, counts, offered_by, share
from qa.answer.spots import Spot
from qa.answer.weights import CAUTION, CONFIDENCE, CONFIDENCE_BIAS
from qa.kinds import YEAR, Want
from qa.retrieve.contemporary import company
from vectorstore.articles import Filter
from vectorstore.filters import admits

SIGNALS = tuple(CONFIDENCE)
LED = NAMES.index("similarity_led")
ALONE = 5.0  # the lead over other articles that counts as having none beside it


def answering(asked: Asked, ranked: Sequence[Spot], caution: float = CAUTION) -> list[Spot]:
    """Return the sentences that may be shown as an answer, likeliest first; none means: abstain.

    `caution` (0 … 1) is the confidence below which there is none: the higher, the fewer questions are answered.
    """
    if not ranked or confidence(asked, ranked) < caution:
        return []
    fitting = [spot for spot in ranked if fits(asked, spot)] or list(ranked)
    return [spot for spot in fitting if not untimely(asked, spot)] or fitting


def confidence(asked: Asked, ranked: Sequence[Spot]) -> float:
    """Return how likely it is that the ranked sentences answer the question, 0 … 1; 0 where there is none."""
    if not ranked:
        return 0.0
    weighed = zip(CONFIDENCE.values(), signals(asked, ranked), strict=True)
    return 1 / (1 + math.exp(-CONFIDENCE_BIAS - sum(weight * value for weight, value in weighed)))


def signals(asked: Asked, ranked: Sequence[Spot]) -> list[float]:
    """Return what speaks for or against an answer among the ranked sentences, in the order of SIGNALS.

    A question may take for granted what never happened (“Why did she refuse?”): then nothing says so, though all else
    that it speaks of may be there.
    """
    likeliest, best = ranked[0], min(ranked, key=lambda spot: spot.rank)
    others = (spot.score for spot in ranked if spot.hit.article.page != likeliest.hit.article.page)
    return [
        likeliest.score,
        min(ALONE, likeliest.score - next(others, likeliest.score - ALONE)),
        max((spot.marks[LED] for spot in ranked if spot.marks), default=0.0),
        float(not any(supported(asked, spot) for spot in ranked)),
        float(asked.deed is not None and asked.deed not in likeliest.here),
        share((term for term in asked.terms if term.name), best.passage),
        sum(term.weight for term in asked.terms if term.within(likeliest.passage)),
        float(untimely(asked, likeliest)),
        company([spot.hit for spot in ranked])[likeliest.hit.article.page],
    ]


def supported(asked: Asked, spot: Spot) -> bool:
    """Whether the passage speaks of every name of the question, and the sentence has a thing of the kind it wants."""
    return all(term.within(spot.passage) for term in asked.terms if term.name) and fits(asked, spot)


def untimely(asked: Asked, spot: Spot) -> bool:
    """Whether the article is of a time that cannot answer: another year's for what happened this week, or in 2018.

    An article may tell of a year that it is not of, but then its passage names that year.
    """
    published = spot.hit.article.published
    if not published:
        return False
    if not admits(asked.telling, None, None, published):
        return True
    return not (admits(asked.dated, None, None, published) or _names_a_year(asked.dated, spot))


def _names_a_year(time: Filter, spot: Spot) -> bool:
    first, last = ((day or "")[:4] for day in (time.since, time.until))
    return any(YEAR.fullmatch(key) and first <= key <= last for key in spot.passage)


def fits(asked: Asked, spot: Spot) -> bool:
    """Whether the sentence has the date, amount or number that is asked for, if one is."""
    if asked.want is Want.COUNT and not counts(asked, spot.text):
        return False
    return asked.want not in FIGURES or offered_by(asked, spot.text)
