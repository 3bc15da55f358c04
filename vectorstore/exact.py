"""Nearest passages by comparing with every vector."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vectorstore.crew import Crew
from vectorstore.index import DIGITS, check_query, rounded
from vectorstore.sieve import Sieve

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from vectorstore.articles import Ids, Matrix
    from vectorstore.embedding import Vectors

    Rows = npt.NDArray[np.intp]

RUN = 25_000  # passages that one thread compares with at once
LARGE = 20_000  # passages from which a sieve is worth its memory
FEW = 500  # passages that are sooner compared than sieved


class ExactIndex:
    """Compares with every vector; 40,000 of 384 components take a few milliseconds.

    Of LARGE archives each search but the first makes a part of a sieve, which finds the same in less than half of the
    time and takes a quarter of the vectors' memory: a process that asks one question does not pay for it.
    """

    def __init__(self, matrix: Matrix) -> None:
        import numpy as np  # 0.1 s

        self._matrix, self._crew = matrix, Crew()
        self.sieve = Sieve(matrix.vectors)
        self._searched = False
        self._rows = np.argsort(matrix.passages, kind="stable")  # they are nearly in order

    def count(self) -> int:
        """Return the number of passages."""
        return len(self._matrix.passages)

    def search(self, vector: Vectors, k: int, among: Rows | None = None) -> list[tuple[int, float]]:
        """Search as in VectorIndex; `among`, rows as `rows_of` gives them, keeps only their passages."""
        import numpy as np  # 0.1 s

        check_query(vector, self._matrix.vectors.shape[1])
        vector, ids = np.asarray(vector, np.float32), self._matrix.passages
        if (rows := self._near(vector, k, among)) is not None:
            scores, ids = np.vecdot(self._matrix.vectors[rows], vector), ids[rows]
        elif among is not None:
            scores, ids = self._scores(vector)[among], ids[among]
        else:
            scores = self._scores(vector)
        if 0 < k < len(scores):
            # keep every score that may be rounded to the k-th, so that ids decide between ties
            least = np.partition(scores, len(scores) - k)[len(scores) - k]
            enough = scores >= min(least, 1.0) - 2 * 10**-DIGITS
            scores, ids = scores[enough], ids[enough]
        told = rounded(scores)
        order = np.lexsort((ids, -told))[: max(k, 0)]
        return list(zip(ids[order].tolist(), told[order].tolist(), strict=True))

    def _near(self, vector: Vectors, k: int, among: Rows | None) -> Rows | None:
        """The rows to compare with; None for all, or all `among`."""
        if among is not None and len(among) <= FEW:
            return among
        if self.count() < LARGE:
            return None
        if self._searched:
            self.sieve.grow()
        self._searched = True
        return self.sieve.near(vector, k, among) if self.sieve.complete else None

    def _scores(self, vector: Vectors) -> Vectors:
        """The cosine of each passage, a run of them on each core."""
        import numpy as np  # 0.1 s

        vectors = self._matrix.vectors
        scores = np.empty(len(vectors), np.float32)

        def scored(at: int) -> None:
            # the threads of a matrix product would wait for more work at full load: 36 ms of CPU, not 5, for 100,000
            np.vecdot(vectors[at : at + RUN], vector, out=scores[at : at + RUN])

        self._crew.each(scored, range(0, len(vectors), RUN))
        return scores

    def rows_of(self, articles: Ids) -> Rows:
        """Return the rows of the passages of articles, which are given by their keys."""
        import numpy as np  # 0.1 s

        return np.flatnonzero(np.isin(self._matrix.articles, articles))

    def cosines(self, vector: Vectors, passages: Iterable[int]) -> dict[int, float]:
        """Return the cosines of passages with a vector of unit length; unknown ids are skipped."""
        import numpy as np  # 0.1 s

        asked, ids = np.fromiter(passages, np.int64), self._matrix.passages
        places = np.searchsorted(ids, asked, sorter=self._rows)
        asked, places = asked[places < len(ids)], places[places < len(ids)]
        rows = self._rows[places]
        rows = rows[ids[rows] == asked]
        return dict(
            zip(ids[rows].tolist(), rounded(np.vecdot(self._matrix.vectors[rows], vector)).tolist(), strict=True)
        )
