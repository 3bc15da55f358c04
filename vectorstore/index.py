"""What every index of vectors does: the passages nearest to a vector, by cosine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from vectorstore.errors import AppError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from vectorstore.embedding import Vectors

    Scores = npt.NDArray[np.float64]

THRESHOLD = 100_000  # passages: below, exact search takes 3 ms at most; above, it is measured what Chroma would save
DIGITS = 6  # of a cosine: the rest depends on the order of additions and must not decide a rank


Choice = Literal["exact", "auto"]  # how to search by vector: exactly, or through Chroma where that saves time


class IndexUnusable(AppError):
    """The vector index is broken, does not answer, or was not made by this program."""


class VectorIndex(Protocol):
    """Finds the passages nearest to a vector."""

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return at most k passage ids with their cosines, best first, ties by id; `vector` has unit length.

        Raises ValueError if the vector is not finite or has the wrong dimension.
        """
        ...

    def count(self) -> int:
        """Return the number of passages."""
        ...


def rounded(scores: Vectors) -> Scores:
    """Return cosines as they are told: float64 from -1 to 1, with DIGITS digits."""
    import numpy as np  # 0.1 s

    return np.asarray(scores, np.float64).clip(-1.0, 1.0).round(DIGITS)


def check_query(vector: Vectors, dimension: int) -> None:
    """Raise ValueError for a vector that is not finite or has another dimension."""
    import numpy as np  # 0.1 s

    if np.shape(vector) != (dimension,):
        raise ValueError(f"a query of shape {np.shape(vector)} in an index of dimension {dimension}")
    if not np.isfinite(vector).all():
        raise ValueError("the query's vector is not finite")
