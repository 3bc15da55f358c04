"""A few threads that work for many clients: the others wait, up to a limit, and who leaves is not worked for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from vectorstore.errors import ServerBusy, ServerStopping

Item = TypeVar("Item")
Result = TypeVar("Result")
AFTER = 2  # seconds after which one who was sent away may try again


class Desk:
    """Runs blocking work for coroutines, `workers` pieces at once; `waiting` more may wait for their turn."""

    def __init__(self, workers: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(workers, "desk")
        self._places = threading.BoundedSemaphore(workers + waiting)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.taken = 0

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns; raises what it raises, ServerBusy and ServerStopping."""
        return await asyncio.wrap_future(self._submitted(work))

    async def follow(self, begin: Callable[[], Iterator[Item]]) -> AsyncGenerator[Item]:
        """Yield what an iterator yields that a thread runs; closing this ends it at its next item, and closes it.

        Raises what the iterator raises, ServerBusy and ServerStopping.
        """
        loop, gone = asyncio.get_running_loop(), threading.Event()
        queue: asyncio.Queue[Item | Future[None]] = asyncio.Queue()

        def put(item: Item | Future[None]) -> None:
            if not gone.is_set():
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def work() -> None:
            with closing(begin()) as items:  # type: ignore[type-var]  # a generator, which closing cancels
                for item in items:
                    if gone.is_set():
                        return
                    self._going()
                    put(item)

        future = self._submitted(work)
        future.add_done_callback(put)
        try:
            while not isinstance(item := await queue.get(), Future):
                yield item
            item.result()
        finally:
            gone.set()
            future.cancel()

    def stop(self) -> None:
        """End what is running at its next step, and begin nothing more; any thread may call this."""
        self._stopping.set()

    def close(self) -> None:
        """Wait for the threads to end."""
        self.stop()
        self._pool.shutdown()

    def _submitted(self, work: Callable[[], Result]) -> Future[Result]:
        self._going()
        if not self._places.acquire(blocking=False):
            raise ServerBusy("Too many questions at once.", f"Try again in {AFTER} seconds.", AFTER)
        self._count(1)
        future = self._pool.submit(self._begun, work)
        future.add_done_callback(self._freed)
        return future

    def _begun(self, work: Callable[[], Result]) -> Result:
        self._going()
        return work()

    def _freed(self, _: Future[Result]) -> None:
        self._places.release()
        self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            self.taken += change

    def _going(self) -> None:
        if self._stopping.is_set():
            raise ServerStopping("The server is stopping.", "Ask again when it runs.")
