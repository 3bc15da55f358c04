"""How well confidences tell what the archive answers, as series to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """Were all answered whose confidence is at least `threshold`: the share answered, and of these the answerable."""

    threshold: float
    coverage: float
    precision: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: its mean, the share that the archive answers, and how many they are."""

    confidence: float
    share: float
    count: int


def curve(scores: Sequence[float], positive: Sequence[bool]) -> list[Point]:
    """Return a point for each different confidence, from answering least to answering all."""
    pairs = sorted(zip(scores, positive, strict=True), reverse=True)
    points: list[Point] = []
    right = 0
    for at, (score, answerable) in enumerate(pairs, 1):
        right += answerable
        if at == len(pairs) or pairs[at][0] != score:
            points.append(Point(score, at / len(pairs), right / at))
    return points


def reliability(scores: Sequence[float], positive: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Return the questions in bins of equal width over 0 … 1, empty ones left out."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for score, answerable in zip(scores, positive, strict=True):
        held.setdefault(min(int(score * bins), bins - 1), []).append((score, answerable))
    return [
        Bin(sum(s for s, _ in some) / len(some), sum(p for _, p in some) / len(some), len(some))
        for _, some in sorted(held.items())
    ]


def spread(scores: Sequence[float], positive: Sequence[bool], wanted: bool, bins: int = 2 * BINS) -> list[int]:
    """Return how many of the answerable questions, or of the others, have a confidence in each bin."""
    counts = [0] * bins
    for score, answerable in zip(scores, positive, strict=True):
        if answerable is wanted:
            counts[min(int(score * bins), bins - 1)] += 1
    return counts
