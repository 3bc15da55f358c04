"""Nearest passages by cosine: exact search over the ledger's vectors, or Chroma."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vectorstore.crew import Crew
from vectorstore.errors import AppError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

    from vectorstore.articles import Ids, Matrix
    from vectorstore.embedding import Vectors

    Rows = npt.NDArray[np.intp]
    Scores = npt.NDArray[np.float64]

COLLECTION = "passages"
BATCH = 5_000  # Chroma takes 5,461 rows at once
EF_SEARCH = 300  # 100, the default, loses a third of the top 100; 300 costs 1 ms more
RUN = 25_000  # passages that one thread compares with at once
DIGITS = 6  # of a cosine: the rest depends on the order of additions and must not decide a rank


class IndexUnusable(AppError):
    """The vector index is broken, or was not made by this program."""


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


class ExactIndex:
    """Compares with every vector; 40,000 of 384 components take a few milliseconds."""

    def __init__(self, matrix: Matrix) -> None:
        import numpy as np  # 0.1 s

        self._matrix, self._crew = matrix, Crew()
        self._rows = np.argsort(matrix.passages, kind="stable")  # they are nearly in order

    def count(self) -> int:
        """Return the number of passages."""
        return len(self._matrix.passages)

    def search(self, vector: Vectors, k: int, among: Rows | None = None) -> list[tuple[int, float]]:
        """Search as in VectorIndex; `among`, rows as `rows_of` gives them, keeps only their passages."""
        import numpy as np  # 0.1 s

        _check_query(vector, self._matrix.vectors.shape[1])
        scores, ids = self._scores(np.asarray(vector, np.float32)), self._matrix.passages
        if among is not None:
            scores, ids = scores[among], ids[among]
        if 0 < k < len(scores):
            # keep every score that may be rounded to the k-th, so that ids decide between ties
            least = np.partition(scores, len(scores) - k)[len(scores) - k]
            enough = scores >= min(least, 1.0) - 2 * 10**-DIGITS
            scores, ids = scores[enough], ids[enough]
        told = rounded(scores)
        order = np.lexsort((ids, -told))[: max(k, 0)]
        return list(zip(ids[order].tolist(), told[order].tolist(), strict=True))

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


def rounded(scores: Vectors) -> Scores:
    """Return cosines as they are told: float64 from -1 to 1, with DIGITS digits."""
    import numpy as np  # 0.1 s

    return np.asarray(scores, np.float64).clip(-1.0, 1.0).round(DIGITS)


class ChromaIndex:
    """A Chroma folder that holds passage ids and vectors and nothing else.

    Only one process at a time may open it, which the caller ensures. Every failure of Chroma raises IndexUnusable.
    """

    def __init__(self, client: Client, collection: Collection, dimension: int) -> None:
        self._client = client
        self._collection = collection
        self._dimension = dimension

    @classmethod
    def create(cls, folder: Path, dimension: int) -> ChromaIndex:
        """Create an empty index in `folder`, which must not exist yet."""
        from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration

        folder.mkdir(parents=True)
        with _failures():
            client = _client(folder)
            graph = CreateHNSWConfiguration(space="cosine", ef_construction=100, ef_search=EF_SEARCH, max_neighbors=16)
            settings = CreateCollectionConfiguration(hnsw=graph)
            collection = client.create_collection(COLLECTION, configuration=settings, embedding_function=None)
        return cls(client, collection, dimension)

    @classmethod
    def open(cls, folder: Path, dimension: int) -> ChromaIndex:
        """Open the index in `folder`; raises IndexUnusable if it is broken or `create` did not make it."""
        check_ours(folder)
        with _failures():
            client = _client(folder)
            try:
                collection = client.get_collection(COLLECTION, embedding_function=None)
            except BaseException:
                client.close()
                raise
        return cls(client, collection, dimension)

    def close(self) -> None:
        """Flush and close Chroma."""
        with _failures():
            self._client.close()

    def count(self) -> int:
        """Return the number of passages."""
        with _failures():
            return self._collection.count()

    def ids(self) -> list[int]:
        """Return the ids of all passages, in no particular order."""
        with _failures():
            return [int(name) for name in self._collection.get(include=[])["ids"]]

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the stored vectors of at most BATCH passages by id; unknown ids are skipped."""
        with _failures():
            found = self._collection.get(ids=[str(name) for name in ids], include=["embeddings"])
        stored: Any = found["embeddings"]
        return {int(name): vector for name, vector in zip(found["ids"], stored, strict=True)}

    def add(self, ids: Sequence[int], vectors: Vectors) -> Iterator[int]:
        """Add passages with new ids, yielding the number added after each batch; vectors: (len(ids), dimension)."""
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            with _failures():
                self._collection.add(ids=[str(name) for name in batch], embeddings=vectors[start : start + BATCH])
            yield start + len(batch)

    def delete(self, ids: Sequence[int]) -> Iterator[int]:
        """Remove passages, yielding the number removed after each batch."""
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            with _failures():
                self._collection.delete(ids=[str(name) for name in batch])
            yield start + len(batch)

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Search as in VectorIndex; the neighbours are approximate, their cosines exact."""
        import numpy as np  # 0.1 s

        _check_query(vector, self._dimension)  # Chroma would accept NaN and answer
        if k < 1:
            return []
        with _failures():
            found = self._collection.query(np.asarray([vector], np.float32), n_results=k, include=["distances"])
        pairs = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
        scored = [(int(name), round(min(1.0 - distance, 1.0), DIGITS)) for name, distance in pairs]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def check_ours(folder: Path) -> None:
    """Raise IndexUnusable unless the folder holds exactly the collection that `ChromaIndex.create` makes.

    This reads with SQLite before Chroma opens the folder: stored settings can name an embedding function, and Chroma
    up to 1.5.9 runs whatever they name (CVE-2026-45829).
    """
    import json

    path = folder / "chroma.sqlite3"
    if not path.is_file():
        raise IndexUnusable(f"There is no index in {folder}.")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            rows = connection.execute("SELECT name, config_json_str, schema_str FROM collections").fetchall()
        finally:
            connection.close()
        settings = [json.loads(value) for row in rows for value in row[1:] if value]
    except (sqlite3.DatabaseError, ValueError) as error:
        raise IndexUnusable(f"The index in {folder} cannot be read: {error}.") from error
    if [row[0] for row in rows] != [COLLECTION] or not all(_harmless(value) for value in settings):
        raise IndexUnusable(f"The index in {folder} was not made by this program.")


def _harmless(settings: Any) -> bool:
    if isinstance(settings, list):
        return all(_harmless(value) for value in settings)
    if not isinstance(settings, dict):
        return True
    function = settings.get("embedding_function") or {"type": "legacy"}
    named = not isinstance(function, dict) or set(function) != {"type"} or function["type"] not in {"legacy", "unknown"}
    return not named and settings.get("space", "cosine") == "cosine" and all(map(_harmless, settings.values()))


def _client(folder: Path) -> Client:
    # 0.9-1.3 s: only long-lived processes and writers above the threshold need it
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    assert isinstance(client, Client)  # declared as an interface that cannot be closed
    return client


def _check_query(vector: Vectors, dimension: int) -> None:
    import numpy as np  # 0.1 s

    if np.shape(vector) != (dimension,):
        raise ValueError(f"a query of shape {np.shape(vector)} in an index of dimension {dimension}")
    if not np.isfinite(vector).all():
        raise ValueError("the query's vector is not finite")


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        # Chroma's errors, SQLite's, and panics of the Rust bindings, which are no Exceptions and cannot be imported
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise IndexUnusable(
            f"Chroma failed: {error}.", "Using exact search; check the index with: qa doctor"
        ) from error
