"""Token vectors of what was read last, so that a passage which comes again is not encoded again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

LIMIT = 64_000_000  # bytes: some 200 passages, those of a dozen questions


class TokenVectors:
    """At most `limit` bytes of token vectors, by the token ids that they are of; threads may share it."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._held = limit, 0
        self._vectors: dict[tuple[int, ...], Floats] = {}
        self._lock = threading.Lock()

    def get(self, ids: Sequence[int], encode: Callable[[], Floats]) -> Floats:
        """Return the vectors of a sequence, encoded where they are not held; what was asked for longest ago goes."""
        key = tuple(ids)
        with self._lock:
            found = self._vectors.pop(key, None)
            if found is not None:
                self._vectors[key] = found  # the last again
                return found
        found = encode()
        with self._lock:
            if key not in self._vectors:
                self._vectors[key] = found
                self._held += found.nbytes
            while self._held > self._limit:
                self._held -= self._vectors.pop(next(iter(self._vectors))).nbytes
        return found
