"""Runs work in several threads, and returns the results in order."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
GRACE = 2.0  # seconds for threads to end after a stop; one that still waits for a server ends with the process


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int, stop: threading.Event
) -> Generator[Result, None, None]:
    """Yield the result of `work` for each item, in order, with `workers` items in progress at once.

    Each free thread takes the next item. An exception is raised in place of its result. `stop` is set when no more
    results are wanted, and `work` should check it. A single worker runs in the calling thread.
    """
    if workers == 1:
        yield from map(work, items)
        return
    crew = _Crew(work, iter(items), stop)
    threads = [threading.Thread(target=crew.labour, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield from crew.results()
    finally:
        stop.set()
        end = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


class _End:
    """Marks the end of the items."""


class _Crew(Generic[Item, Result]):
    def __init__(self, work: Callable[[Item], Result], items: Iterator[Item], stop: threading.Event) -> None:
        self._work, self._items, self._stop = work, items, stop
        self._taking = threading.Lock()
        self._taken = 0
        self._done: queue.SimpleQueue[tuple[int, Result | _Raised | _End]] = queue.SimpleQueue()

    def labour(self) -> None:
        """Work on items until there are none left, or until stopped."""
        while not self._stop.is_set():
            number, item = self._next()
            result = item if isinstance(item, _Raised | _End) else _tried(self._work, item)
            self._done.put((number, result))
            if isinstance(item, _Raised | _End):
                return

    def _next(self) -> tuple[int, Item | _Raised | _End]:
        with self._taking:
            number, self._taken = self._taken, self._taken + 1
            return number, _tried(next, self._items, _End())

    def results(self) -> Iterator[Result]:
        """Yield the results in order; raises an exception from a thread in place of its result."""
        early: dict[int, Result | _Raised | _End] = {}
        number = 0
        while True:
            while number not in early:
                at, result = self._done.get()
                early[at] = result
            match early.pop(number):
                case _Raised(error):
                    raise error
                case _End():
                    return
                case result:
                    yield result
            number += 1


def _tried(call: Callable[..., Result], *arguments: object) -> Result | _Raised:
    try:
        return call(*arguments)
    except BaseException as error:  # noqa: BLE001 - raised again in the calling thread
        return _Raised(error)
