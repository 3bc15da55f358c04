"""What was found out about one revision of an archive, kept for the next question."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")


class RevisionCache:
    """The `most` values that were asked for last, each for one revision; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[tuple[int, Hashable], Any] = {}
        self._lock = threading.Lock()

    def get(self, revision: int, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a revision, made first if it is not kept; the caller must see that revision."""
        with self._lock:
            known = (revision, key) in self._values
            value = self._values.pop((revision, key), None)
            if known:
                self._values[revision, key] = value  # the last again
        if not known:
            value = make()
            with self._lock:
                self._values[revision, key] = value
                while len(self._values) > self._most:
                    del self._values[next(iter(self._values))]
        return value  # type: ignore[no-any-return]  # of this key, so of this type
