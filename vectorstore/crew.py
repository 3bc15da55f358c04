"""Threads among which a model's sequences are shared, each run on one core.

A sequence that several threads share costs more, as they wait for each other at each layer; a batch costs more too, as
it is padded and leaves the core's cache (MiniLM, 190 tokens: 65 ms of processor by sixteens, 54 alone).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from onnxruntime import InferenceSession

Item = TypeVar("Item")
Result = TypeVar("Result")


class Crew:
    """So many threads, one for each core where 0; callers in several threads may share them."""

    def __init__(self, threads: int = 0) -> None:
        self.size = threads or cores()
        self._pool = ThreadPoolExecutor(self.size)

    def each(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Return the result of `work` for each item, in order; a single item is worked on by the caller."""
        if self.size == 1 or len(items) < 2:
            return [work(item) for item in items]
        return list(self._pool.map(work, items))


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def session(model: Path | bytes, threads: int = 1) -> InferenceSession:
    """Return a model that runs each sequence on so many cores, one by default, and leaves them when it has nothing."""
    import onnxruntime

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"]
    )
