"""When to say that the archive does not answer: measured, and leaning to silence."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.extract import Spot
from qa.answer.features import Asked
from qa.kinds import Want, offers

FLOOR = -2.5  # log-odds under which the likeliest sentence is no answer
HARD = frozenset({Want.DATE, Want.YEAR, Want.AMOUNT, Want.COUNT, Want.MEASURE})  # kinds whose shape can be relied on


def answerable(asked: Asked, ranked: Sequence[Spot]) -> list[Spot]:
    """Return the sentences that may be shown as an answer, likeliest first; none means: abstain.

    A question about what no article mentions has none; one for a date, an amount or a count takes only sentences that
    have one of their own.
    """
    if not ranked or any(term.name and term.weight >= 1.0 for term in asked.terms):
        return []
    fit = [s for s in ranked if asked.want not in HARD or offers(asked.want, s.text, asked.keys)]
    return [s for s in fit if s.score >= FLOOR]
