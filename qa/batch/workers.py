"""Several threads, one order: what is asked together comes back as it was asked."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
GRACE = 2.0  # seconds that threads get to end after a stop: what waits for a server then goes with the process


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int, stop: threading.Event
) -> Generator[Result, None, None]:
    """Yield what `work` makes of each item, in the order of the items; `workers` of them are under way at once.

    The items are taken by the threads, one at a time, each when a thread is free. An exception is raised where its
    result would have been. `stop` is set when no more results are wanted: `work` should look at it. One worker is no
    thread: all happens here.
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
    """Stands where there is no further item."""


class _Crew(Generic[Item, Result]):
    def __init__(self, work: Callable[[Item], Result], items: Iterator[Item], stop: threading.Event) -> None:
        self._work, self._items, self._stop = work, items, stop
        self._taking = threading.Lock()
        self._taken = 0
        self._done: queue.SimpleQueue[tuple[int, Result | _Raised | _End]] = queue.SimpleQueue()

    def labour(self) -> None:
        """Take items and work on them until there is none, or all is stopped."""
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
        """Yield the results in their order; raises what was raised in a thread."""
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
    except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits for it
        return _Raised(error)
