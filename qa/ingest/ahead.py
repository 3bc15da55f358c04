"""What one thread makes while another works on what it has made so far."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
GRACE = 2.0  # seconds for the thread to end when no more is wanted; it then ends with what it reads from


def ahead(items: Iterator[Item], most: int) -> Generator[Item, None, None]:
    """Yield the items in order while a thread makes up to `most` more of them; raises what making them raises."""
    line = _Line(items, most)
    thread = threading.Thread(target=line.fill, daemon=True)
    thread.start()
    try:
        yield from line.empty()
    finally:
        line.close()
        thread.join(GRACE)


@dataclass(frozen=True, slots=True)
class _Last:
    """The end of the items, or what was raised instead."""

    error: BaseException | None = None


class _Line(Generic[Item]):
    def __init__(self, items: Iterator[Item], most: int) -> None:
        self._items, self._room, self._closed = items, threading.Semaphore(most), False
        self._made: queue.SimpleQueue[Item | _Last] = queue.SimpleQueue()

    def fill(self) -> None:
        try:
            for item in self._items:
                self._made.put(item)
                self._room.acquire()
                if self._closed:
                    return
            self._made.put(_Last())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that works on them
            self._made.put(_Last(error))

    def empty(self) -> Iterator[Item]:
        while not isinstance(item := self._made.get(), _Last):
            yield item
            self._room.release()
        if item.error:
            raise item.error

    def close(self) -> None:
        self._closed = True
        self._room.release()
