"""Data for the charts: how well the confidence predicts answerability and a right first quote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10
SURE = 1.96  # standard errors that 95 % of a normal distribution lie within


@dataclass(frozen=True, slots=True)
class Point:
    """A threshold on the confidence, the share of questions it would answer, and how many of these are answerable."""

    threshold: float
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence: their bin's position, mean confidence, share of right ones, and count."""

    at: int
    confidence: float
    share: float
    count: int

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson, JASA 1927), which has a width even at 0 and 1."""
        z = SURE * SURE / self.count
        middle = (self.share + z / 2) / (1 + z)
        half = SURE / (1 + z) * math.sqrt(self.share * (1 - self.share) / self.count + z / self.count / 4)
        return max(0.0, middle - half), min(1.0, middle + half)


def curve(scores: Sequence[float], positive: Sequence[bool]) -> list[Point]:
    """Return a point for each different confidence, from answering the fewest questions to answering all."""
    pairs = sorted(zip(scores, positive, strict=True), reverse=True)
    points: list[Point] = []
    right = 0
    for at, (score, answerable) in enumerate(pairs, 1):
        right += answerable
        if at == len(pairs) or pairs[at][0] != score:
            points.append(Point(score, at / len(pairs), right / at))
    return points


def bin_of(score: float, bins: int = BINS) -> int:
    """Return the index of a confidence's bin among bins of equal width over 0 … 1; 1 is in the last."""
    return min(int(score * bins), bins - 1)


def reliability(scores: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Return the answers in bins of equal width over 0 … 1, without empty bins (Guo et al., ICML 2017, p. 2)."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for score, good in zip(scores, right, strict=True):
        held.setdefault(bin_of(score, bins), []).append((score, good))
    return [
        Bin(at, math.fsum(s for s, _ in some) / len(some), sum(p for _, p in some) / len(some), len(some))
        for at, some in sorted(held.items())
    ]


def spread(scores: Sequence[float], positive: Sequence[bool], wanted: bool, bins: int = 2 * BINS) -> list[int]:
    """Return how many of the answerable questions, or of the unanswerable ones, fall into each bin."""
    counts = [0] * bins
    for score, answerable in zip(scores, positive, strict=True):
        if answerable is wanted:
            counts[bin_of(score, bins)] += 1
    return counts
