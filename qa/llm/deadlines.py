"""Waiting for a language model, no longer than its deadline and always ready to cancel."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread

from qa.types import Usage
from vectorstore.errors import AnswererMissing, ModelBusy, ModelError, ModelSlow

Piece = str | Usage
BEAT = 0.1  # seconds of silence before an empty piece is yielded, so that the caller can cancel
GRACE = 0.5  # seconds to wait for a stopped model's thread; after that, its own timeouts end it
RETRIES = 2
BACKOFF = 0.5  # seconds before the first retry if the server asks for no delay; doubled each time


class Unreached(AnswererMissing):
    """Could not connect; retrying may help."""


class Call:
    """One request: its deadline, and whether anybody is still waiting for it.

    `failure` is an error found on the way. It is kept here because the libraries in between wrap or swallow exceptions.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._stopped = Event()
        self._cuts: list[Callable[[], None]] = []
        self.failure: ModelError | None = None

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._until - time.monotonic())

    @property
    def stopped(self) -> bool:
        """Whether nobody is waiting any more."""
        return self._stopped.is_set()

    def when_stopped(self, cut: Callable[[], None]) -> None:
        """Register `cut` to run when the call is stopped, to unblock a waiting thread."""
        self._cuts.append(cut)
        if self.stopped:
            cut()

    def stop(self) -> None:
        """Stop the work; any thread may call this."""
        self._stopped.set()
        for cut in tuple(self._cuts):
            cut()


Source = Callable[[Call], Iterator[Piece]]


def patiently(source: Source, seconds: float, retries: int = RETRIES) -> Generator[Piece, None, None]:
    """Yield what a source yields, and empty pieces while it is silent; closing the iterator stops the source.

    A source that is busy or unreachable is retried up to `retries` times, but never after the first piece of an answer.
    Raises ModelSlow after `seconds`, and whatever the source raises.
    """
    deadline = time.monotonic() + seconds
    for attempt in range(retries + 1):
        begun = False
        try:
            for piece in _pumped(source, Call(deadline - time.monotonic()), seconds):
                begun = begun or bool(piece)
                yield piece
        except (ModelBusy, Unreached) as error:
            pause = _pause(error, attempt)
            if begun or attempt == retries or time.monotonic() + pause >= deadline:
                raise
        else:
            return
        yield from _silence(pause)


def _pause(error: ModelError, attempt: int) -> float:
    asked = error.after if isinstance(error, ModelBusy) else None
    return BACKOFF * 2**attempt if asked is None else asked


def _silence(seconds: float) -> Iterator[str]:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(BEAT, left))
        yield ""


class _Ended:
    """The last item in a thread's queue: how its source ended."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def _pumped(source: Source, call: Call, seconds: float) -> Iterator[Piece]:
    """Run a blocking source in a thread, so that deadlines and cancellation need not wait for it."""
    queue: SimpleQueue[Piece | _Ended] = SimpleQueue()
    thread = Thread(target=_fill, args=(source, call, queue), name="language model", daemon=True)
    thread.start()
    try:
        while True:
            item = _next(queue, min(BEAT, call.left))
            if isinstance(item, _Ended):
                if item.error is not None:
                    raise item.error
                return
            if not call.left:
                raise ModelSlow(
                    f"The model did not finish within {seconds:g} s.",
                    "Raise [answer] deadline, or choose a smaller model.",
                )
            yield item
    finally:
        call.stop()
        thread.join(GRACE)


def _next(queue: SimpleQueue[Piece | _Ended], seconds: float) -> Piece | _Ended:
    try:
        return queue.get(timeout=seconds)
    except Empty:
        return ""


def _fill(source: Source, call: Call, queue: SimpleQueue[Piece | _Ended]) -> None:
    ended = _Ended()
    try:
        for piece in source(call):
            if call.stopped:
                break
            if piece:
                queue.put(piece)
    except BaseException as error:  # noqa: BLE001 - raised again by the reader of the queue
        ended = _Ended(_bare(error) if isinstance(error, ModelError) else error)
    queue.put(ended)


def _bare(error: ModelError) -> ModelError:
    """The error without its cause: a library's exception holds the request, and with it the key."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
