"""Eight-bit copies of vectors, by which exact search rules out nearly all passages and never one of the nearest.

To read them takes a quarter of the time. How far a copy is from its vector is kept: by the inequality of Cauchy and
Schwarz a cosine differs from the copy's by no more, so whatever may be among the nearest is compared exactly. Of
100,000 random vectors, the worst case, some 260 are left for the nearest hundred, of 35,000 of news 150.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vectorstore.crew import session

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from vectorstore.embedding import Vectors

    Rows = npt.NDArray[np.intp]
    Digits = npt.NDArray[np.uint8]

RUN = 10_000  # vectors that a search copies
LARGEST = 127  # in a copy
# a question has two digits of seven bits: products of two eighths would not fit where processors add pairs in 16 bits
DIGIT, ZERO = 128, 64
MARGIN = 1e-5  # for what a cosine loses as a 32-bit float
GROUP = 16  # scores of which the best stands for all
SHARE = 4  # where more than one in so many is left, comparing with all is faster


@dataclass(frozen=True, slots=True)
class EightBits:
    """Copies of a run of vectors: of each, what one step of its integers is worth and how far it is from its vector."""

    product: Callable[[Digits], npt.NDArray[np.int32]]
    steps: Vectors
    errors: Vectors

    def times(self, digits: Digits) -> Vectors:
        """Return the product of each copy with a question, whose two digits are rows."""
        import numpy as np  # 0.1 s

        high, low = self.product(digits).astype(np.float32)
        products: Vectors = high
        # in place: new arrays would take twice the time
        products *= DIGIT
        products += low
        products *= self.steps
        return products


class Sieve:
    """The copies of vectors, float32 (n, dimension), made one run after another; threads may share it."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._runs: list[EightBits] = []
        self._growing = threading.Lock()

    @property
    def complete(self) -> bool:
        """Whether all vectors have been copied, so that `near` can be asked."""
        return len(self._runs) * RUN >= len(self._vectors)

    def grow(self) -> None:
        """Copy one run more, unless another thread is at it."""
        if self._growing.acquire(blocking=False):
            try:
                if not self.complete:
                    at = len(self._runs) * RUN
                    self._runs.append(copied(self._vectors[at : at + RUN]))
            finally:
                self._growing.release()

    def fill(self) -> None:
        """Copy all that is left."""
        while not self.complete:
            self.grow()

    def near(self, vector: Vectors, k: int, among: Rows | None = None) -> Rows | None:
        """Return the rows, of all or of those `among`, that may be among the k nearest; None where many may."""
        import numpy as np  # 0.1 s

        count = len(self._vectors) if among is None else len(among)
        if not 0 < k < count:
            return None
        least, most = self._bounds(vector)
        if among is not None:
            least, most = least[among], most[among]
        # cosines above 1 are told as 1, and are equal
        needed = min(reached(least, k), 1.0) - MARGIN
        rows = np.flatnonzero(~(most < needed))  # a vector that is none rules out nothing
        if len(rows) * SHARE > count:
            return None
        return rows if among is None else among[rows]

    def _bounds(self, vector: Vectors) -> tuple[Vectors, Vectors]:
        """Return the least and the most that each cosine can be."""
        import numpy as np  # 0.1 s

        step = np.abs(vector).max() / (DIGIT * (ZERO - 1)) or np.float32(1)
        whole = np.rint(vector / step).astype(np.int32)
        shifted = whole + (DIGIT + 1) * ZERO
        digits = np.stack([shifted // DIGIT, shifted % DIGIT]).astype(np.uint8)
        cosines = np.concatenate([run.times(digits) for run in self._runs]) * step
        # a copy is hardly longer than its vector, of length 1
        slack = np.concatenate([run.errors for run in self._runs]) * np.linalg.norm(vector)
        slack += 2 * np.linalg.norm(vector - whole * step)
        return cosines - slack, cosines + slack


def reached(scores: Vectors, k: int) -> float:
    """Return what k scores at least reach, the k-th best or little less."""
    import numpy as np  # 0.1 s

    if len(scores) >= GROUP * GROUP * k:
        # the best of groups, whose members lie far apart, as neighbours may be alike: ten times as fast
        scores = scores[: len(scores) // GROUP * GROUP].reshape(GROUP, -1).max(axis=0)
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


def copied(vectors: Vectors) -> EightBits:
    """Return the copies of some vectors."""
    import numpy as np  # 0.1 s

    largest = np.maximum(vectors.max(axis=1), -vectors.min(axis=1))
    steps = np.maximum(largest, np.finfo(np.float32).tiny) / LARGEST
    copies = vectors / steps[:, None]
    integers = np.rint(copies, out=copies).astype(np.int8)
    copies *= steps[:, None]
    copies -= vectors
    return EightBits(_product(integers), steps, np.sqrt(np.vecdot(copies, copies)))


def _product(copies: npt.NDArray[np.int8]) -> Callable[[Digits], npt.NDArray[np.int32]]:
    """Return what multiplies digits with copies; NumPy multiplies no eight-bit integers into wider ones."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper  # 0.05 s

    count, dimension = copies.shape
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["question", "copies", "zero"], ["products"])],
        "sieve",
        [helper.make_tensor_value_info("question", TensorProto.UINT8, [2, dimension])],
        [helper.make_tensor_value_info("products", TensorProto.INT32, [2, count])],
        [
            numpy_helper.from_array(np.ascontiguousarray(copies.T), "copies"),
            numpy_helper.from_array(np.array(ZERO, np.uint8), "zero"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 10)], ir_version=8)
    run = session(model.SerializeToString()).run
    return lambda digits: run(None, {"question": digits})[0]
