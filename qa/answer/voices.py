"""Several articles on one question: those that say the same are cited together, those at odds newest first."""

from __future__ import annotations

from collections.abc import Sequence

from qa.verify.facts import facts, level
from qa.answer.features import FIGURES, Asked, share
from qa.answer.spots import Spot
from qa.kinds import figures

SAME = 0.7  # of the shorter sentence’s words: two sentences that share so many say the same
BOTH = 0.6  # of what a question speaks of, by weight: sentences that both say so much are on the same thing


def echo(taken: Sequence[Spot], ranked: Sequence[Spot]) -> Spot | None:
    """Return the likeliest sentence of an article not yet quoted that says what the first of those taken says.

    The same words are no second voice, but the first one's, copied.
    """
    quoted = {spot.hit.article.page for spot in taken}
    others = (s for s in ranked if s.hit.article.page not in quoted and not any(same(s, one) for one in taken))
    return next((spot for spot in others if alike(spot, taken[0])), None) if taken else None


def newest_first(asked: Asked, taken: Sequence[Spot]) -> list[Spot]:
    """Return the sentences with that in front which is at odds with the first and of a later article, if one is."""
    later = [
        spot for spot in taken[1:] if _published(spot) > _published(taken[0]) > "" and at_odds(asked, taken[0], spot)
    ]
    if not later:
        return list(taken)
    newest = max(later, key=_published)
    return [newest, *(spot for spot in taken if spot is not newest)]


def at_odds(asked: Asked, one: Spot, other: Spot) -> bool:
    """Whether two articles answer a question for a date, an amount or a count with different figures."""
    if asked.want not in FIGURES or one.hit.article.id == other.hit.article.id:
        return False
    if min(share(asked.terms, spot.here) for spot in (one, other)) < BOTH:
        return False
    first, second = (_values(asked, spot.text) for spot in (one, other))
    return bool(first and second) and not any(a <= b or b <= a for a in first for b in second)


def _values(asked: Asked, text: str) -> set[frozenset[str]]:
    """What each figure of the kind asked for says: its numbers, months and weekdays, written one way."""
    told = map(facts, figures(asked.want, text, asked.keys))
    return {values for one in told if (values := one.numbers | one.dates)}


def same(one: Spot, other: Spot) -> bool:
    """Whether two sentences are the same, word for word."""
    return one.here == other.here and level(one.text) == level(other.text)


def alike(one: Spot, other: Spot) -> bool:
    """Whether two sentences say the same, by their words."""
    return len(one.here & other.here) >= SAME * min(len(one.here), len(other.here))


def _published(spot: Spot) -> str:
    return spot.hit.article.published or ""
