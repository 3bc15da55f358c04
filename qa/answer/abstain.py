"""When to say that the archive does not answer: measured, and leaning to silence."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.extract import Spot
from qa.answer.features import Asked, near
from qa.kinds import Want, offers

FLOOR = -1.7  # log-odds under which a sentence is no answer: benchmarks/fit.py prints what other values would do
SHAPED = frozenset({Want.DATE, Want.YEAR, Want.AMOUNT, Want.COUNT, Want.MEASURE})  # kinds that can be told by shape


def answering(asked: Asked, ranked: Sequence[Spot]) -> list[Spot]:
    """Return the sentences that may be shown as an answer, likeliest first; none means: abstain."""
    if any(term.name and term.weight >= 1.0 for term in asked.terms):
        return []  # a name that no article mentions
    return [spot for spot in ranked if spot.score >= FLOOR and _supported(asked, spot)]


def _supported(asked: Asked, spot: Spot) -> bool:
    """Whether the passage speaks of every name of the question, and the sentence has a thing of the kind it wants."""
    if not all(term.within(spot.passage) for term in asked.terms if term.name):
        return False
    if asked.want is Want.COUNT and not near(asked, spot.text):
        return False
    return asked.want not in SHAPED or offers(asked.want, spot.text, asked.keys)
