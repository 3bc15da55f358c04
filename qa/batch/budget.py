"""How many tokens and how much money a batch may spend, and how fast."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass

from qa.batch_input import Row
from qa.types import Usage

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million tokens, in and out, in any currency."""

    prompt: float
    completion: float

    def of(self, usage: Usage) -> float:
        """Return what this usage cost."""
        return (self.prompt * usage.prompt + self.completion * usage.completion) / MILLION


@dataclass(frozen=True, slots=True)
class Budget:
    """What all answers of an output may use together; None means no limit."""

    tokens: int | None = None
    cost: float | None = None
    price: Price | None = None

    def spent(self, usage: Usage) -> bool:
        """Return whether nothing is left."""
        if self.tokens is not None and usage.prompt + usage.completion >= self.tokens:
            return True
        return self.cost is not None and self.price is not None and self.price.of(usage) >= self.cost


class Gate:
    """Lets rows through to be asked, up to the budget and to `rate` rows a minute."""

    def __init__(
        self, budget: Budget, rate: float | None, usage: Usage, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._budget, self._pause, self._clock = budget, 60 / rate if rate else 0.0, clock
        self._next = clock()
        self._lock = threading.Lock()
        self.usage = usage
        self.held = 0

    def pay(self, usage: Usage) -> None:
        """Add an answer's usage; several threads may call this."""
        with self._lock:
            self.usage += usage

    def through(self, rows: Iterable[Row], free: Container[tuple[str, str]], stop: threading.Event) -> Iterator[Row]:
        """Yield each row as soon as it may be asked; those named in `free` cost nothing and always pass."""
        for row in rows:
            if row.name in free:
                yield row
            elif self._budget.spent(self.usage):
                self.held += 1
            else:
                self._wait(stop)
                yield row

    def _wait(self, stop: threading.Event) -> None:
        now = self._clock()
        if self._next > now:
            stop.wait(self._next - now)
        self._next = max(now, self._next) + self._pause
