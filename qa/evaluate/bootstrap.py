"""Figures with their 95 % bootstrap intervals.

This is the percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13): draw the
questions again, with replacement, RESAMPLES times from a fixed seed; the interval is the middle 95 % of the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.evaluate.curves import BINS, bin_of

RESAMPLES = 2000
SEED = 0

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]  # how often each question was drawn: shape (resamples, questions)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, the bounds of its 95 % interval, and the number of questions behind it."""

    value: float
    low: float
    high: float
    count: int


def ratio(parts: Sequence[float], wholes: Sequence[float]) -> Figure | None:
    """Return the sum of the parts over the sum of the wholes, one of each per question; None if the wholes sum to 0."""
    part, whole = np.asarray(parts, np.float64), np.asarray(wholes, np.float64)
    if not whole.sum():
        return None
    return _figure(lambda drawn: _divided(drawn @ part, drawn @ whole), len(part), int((whole > 0).sum()))


def mean(values: Sequence[float]) -> Figure | None:
    """Return the mean; None without values."""
    return ratio(values, [1.0] * len(values))


def gain(ours: Sequence[float], theirs: Sequence[float]) -> Figure | None:
    """Return the mean paired difference of two systems on the same questions."""
    return mean([a - b for a, b in zip(ours, theirs, strict=True)])


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> Figure | None:
    """Return how often a positive question scores above a negative one, ties counting half; None without both kinds."""
    groups = _Tied.of(scores, positive)
    return _figure(groups.auroc, len(scores), len(scores)) if 0 < sum(positive) < len(positive) else None


def refused(scores: Sequence[float], positive: Sequence[bool], allowed: float = 0.1) -> Figure | None:
    """Return the share of negatives below the highest threshold that rejects at most `allowed` of the positives."""
    groups = _Tied.of(scores, positive)
    if not 0 < sum(positive) < len(positive):
        return None
    return _figure(lambda drawn: groups.refused(drawn, allowed), len(scores), len(scores) - sum(positive))


def calibration_error(scores: Sequence[float], right: Sequence[bool]) -> Figure | None:
    """Return the mean gap, over the answers, between the accuracy and the mean confidence of their bin.

    This is the expected calibration error over BINS of equal width (Naeini et al., AAAI 2015; Guo et al., ICML 2017,
    p. 2); None without answers. Chance alone keeps it above 0, and more so in resamples: if all of them exceed the
    value, the interval begins with it.
    """
    if not scores:
        return None
    gaps = np.zeros((len(scores), BINS))
    gaps[np.arange(len(scores)), [bin_of(score) for score in scores]] = np.subtract(right, scores, dtype=np.float64)
    found = _figure(lambda drawn: np.abs(drawn @ gaps).sum(axis=1) / drawn.sum(axis=1), len(scores), len(scores))
    return replace(found, low=min(found.low, found.value), high=max(found.high, found.value))


def quantile(values: Sequence[float], share: float) -> Figure | None:
    """Return the quantile of the values at `share`, interpolated; None without values."""
    if not values:
        return None
    order = np.asarray(values, np.float64)
    low, high = np.quantile(np.quantile(order[_drawn(len(order))], share, axis=1), [0.025, 0.975])
    return Figure(float(np.quantile(order, share)), float(low), float(high), len(order))


@dataclass(frozen=True, slots=True)
class _Tied:
    """Questions sorted by score, lowest first; each different score begins at one of `starts`."""

    order: Counts
    positive: npt.NDArray[np.bool_]
    starts: Counts

    @classmethod
    def of(cls, scores: Sequence[float], positive: Sequence[bool]) -> _Tied:
        values = np.asarray(scores, np.float64)
        order = np.argsort(values, kind="stable")
        new = np.concatenate([[True], np.diff(values[order]) > 0]) if len(values) else np.array([], bool)
        return cls(order, np.asarray(positive, bool)[order], np.flatnonzero(new))

    def _split(self, drawn: Counts) -> tuple[Counts, Counts]:
        """Positives and negatives for each different score: shapes (resamples, scores)."""
        counts = drawn[:, self.order]
        add: Any = np.add.reduceat
        return add(counts * self.positive, self.starts, axis=1), add(counts * ~self.positive, self.starts, axis=1)

    def auroc(self, drawn: Counts) -> Floats:
        right, wrong = self._split(drawn)
        below = np.cumsum(wrong, axis=1) - wrong / 2
        return _divided((right * below).sum(axis=1), right.sum(axis=1) * wrong.sum(axis=1))

    def refused(self, drawn: Counts, allowed: float) -> Floats:
        right, wrong = self._split(drawn)
        # try a threshold at each score, rejecting everything below it
        lost = (np.cumsum(right, axis=1) - right) <= allowed * right.sum(axis=1, keepdims=True)
        below = np.where(lost, np.cumsum(wrong, axis=1) - wrong, 0)
        return _divided(below.max(axis=1).astype(np.float64), wrong.sum(axis=1))


def _figure(statistic: Callable[[Counts], Floats], size: int, count: int) -> Figure:
    """Compute a statistic, a function of how often each question was drawn, with its interval."""
    (value,) = statistic(np.ones((1, size), np.int64))
    drawn = statistic(_tally(size))
    low, high = np.quantile(drawn[np.isfinite(drawn)], [0.025, 0.975])
    return Figure(float(value), float(low), float(high), count)


@lru_cache(maxsize=2)  # twenty measures share a number of questions
def _tally(size: int) -> Counts:
    """How often each question was drawn in each resample."""
    places = _drawn(size) + size * np.arange(RESAMPLES)[:, None]
    return np.bincount(places.ravel(), minlength=RESAMPLES * size).reshape(RESAMPLES, size)


def _drawn(size: int) -> Counts:
    return np.random.default_rng(SEED).integers(0, size, (RESAMPLES, size))


def _divided(part: Floats | Counts, whole: Floats | Counts) -> Floats:
    """Divide, with NaN for a resample whose whole is 0."""
    nothing = np.full(np.shape(whole), np.nan)
    divided: Floats = np.divide(part, whole, out=nothing, where=np.asarray(whole) != 0)
    return divided
