"""How long work will still take, from how fast it has gone so far."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

BASIS = 4.0  # seconds of work before anything is said
STEPS = 2  # groups that were done by then: one tells nothing of the next
WEIGHT = 0.3  # of the newest estimate; the rest is the one before, counted down


class Pace:
    """Estimates the time left of one stage; a new stage begins from nothing, as it goes at another pace."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._stage, self._began, self._first, self._done, self._steps = "", 0.0, 0, 0, 0
        self._left: float | None = None  # as of _at
        self._at = 0.0

    def left(self, stage: str, done: int, total: int | None) -> float | None:
        """Return the seconds left, or None where there is no basis for an estimate yet."""
        now = self._now()
        if stage != self._stage:
            self._stage, self._began, self._first, self._done, self._steps = stage, now, done, done, 0
            self._left = None
        if done > self._done:
            self._done, self._steps = done, self._steps + 1
            self._measure(now, total)
        return None if self._left is None else max(self._left - (now - self._at), 0.0)

    def _measure(self, now: float, total: int | None) -> None:
        took = now - self._began
        if total is None or took < BASIS or self._steps < STEPS:
            return
        fresh = (total - self._done) * took / (self._done - self._first)
        if self._left is not None:
            fresh = WEIGHT * fresh + (1 - WEIGHT) * max(self._left - (now - self._at), 0.0)
        self._left, self._at = fresh, now


def in_words(seconds: float | None) -> str:
    """Return a time left as people say it, in steps that do not flicker; "" where it is not known."""
    if seconds is None:
        return ""
    if seconds < 50:
        return "less than a minute left"
    if seconds < 5400:
        minutes = max(round(seconds / 60), 1)
        return f"about {minutes} minute{'' if minutes == 1 else 's'} left"
    return f"about {round(seconds / 3600)} hours left"
