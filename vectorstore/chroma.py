"""Chroma: the passages of a collection, and the folder that holds one. A server's are in `chroma_server`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from vectorstore.index import DIGITS, IndexUnusable, check_query

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

    from vectorstore.embedding import Vectors

COLLECTION = "passages"
BATCH = 5_000  # Chroma takes 5,461 rows at once
EF_SEARCH = 300  # 100, the default, loses a third of the top 100; 300 costs 1 ms more

T = TypeVar("T")


class Asking(Protocol):
    """Asks a collection; whatever fails there is raised as IndexUnusable."""

    def __call__(self, question: Callable[[Collection], T]) -> T:
        """Return what the collection answers."""
        ...


class ChromaRows:
    """The passages of an open collection: their ids and vectors, and what else is given.

    `ask` reads, and `change` writes, `batch` passages at a time.
    """

    def __init__(self, ask: Asking, change: Asking, dimension: int, batch: int) -> None:
        self._ask, self._change, self._dimension, self._batch = ask, change, dimension, batch

    def count(self) -> int:
        """Return the number of passages."""
        return self._ask(lambda rows: rows.count())

    def ids(self) -> list[int]:
        """Return the ids of all passages, in no particular order; what is written meanwhile may be missing."""
        found: list[int] = []
        while page := self._page(len(found)):
            found += page
        return found

    def _page(self, start: int) -> list[int]:
        return list(map(int, self._ask(lambda rows: rows.get(include=[], limit=BATCH, offset=start))["ids"]))

    def vectors(self, ids: Sequence[int]) -> dict[int, Vectors]:
        """Return the stored vectors of passages by id; unknown ids are skipped."""
        return {name: vector for batch in self._batches(ids) for name, vector in self._stored(batch)}

    def _stored(self, batch: Sequence[int]) -> Iterator[tuple[int, Vectors]]:
        found = self._ask(lambda rows: rows.get(ids=list(map(str, batch)), include=["embeddings"]))
        vectors: Any = found["embeddings"]
        return zip(map(int, found["ids"]), vectors, strict=True)

    def delete(self, ids: Sequence[int]) -> Iterator[int]:
        """Remove passages, yielding the number removed after each batch; unknown ids do no harm."""
        done = 0
        for batch in self._batches(ids):
            self._remove(batch)
            yield (done := done + len(batch))

    def _remove(self, batch: Sequence[int]) -> None:
        self._change(lambda rows: rows.delete(ids=list(map(str, batch))))

    def _batches(self, ids: Sequence[int]) -> Iterator[Sequence[int]]:
        return (ids[start : start + self._batch] for start in range(0, len(ids), self._batch))

    def _nearest(self, vector: Vectors, k: int, where: Any = None) -> list[tuple[int, float]]:
        import numpy as np  # 0.1 s

        check_query(vector, self._dimension)  # Chroma would accept NaN and answer
        if k < 1:
            return []
        asked: Any = np.asarray([vector], np.float32)
        found = self._ask(lambda rows: rows.query(asked, n_results=k, include=["distances"], where=where))
        pairs = zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True)
        scored = [(int(name), round(min(1.0 - distance, 1.0), DIGITS)) for name, distance in pairs]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


class ChromaIndex(ChromaRows):
    """A Chroma folder that holds passage ids and vectors and nothing else.

    Only one process at a time may open it, which the caller ensures. Every failure of Chroma raises IndexUnusable.
    """

    def __init__(self, client: Client, collection: Collection, dimension: int) -> None:
        super().__init__(self._asked, self._asked, dimension, BATCH)
        self._client, self._collection = client, collection

    def _asked(self, question: Callable[[Collection], T]) -> T:
        with _failures():
            return question(self._collection)

    @classmethod
    def create(cls, folder: Path, dimension: int) -> ChromaIndex:
        """Create an empty index in `folder`, which must not exist yet."""
        folder.mkdir(parents=True)
        with _failures():
            client = _client(folder)
            collection = client.create_collection(COLLECTION, configuration=settings(), embedding_function=None)
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

    def add(self, ids: Sequence[int], vectors: Vectors) -> Iterator[int]:
        """Add passages with new ids, yielding the number added after each batch; vectors: (len(ids), dimension)."""
        done = 0
        for batch in self._batches(ids):
            self._add(batch, vectors[done : done + len(batch)])
            yield (done := done + len(batch))

    def _add(self, batch: Sequence[int], vectors: Vectors) -> None:
        self._change(lambda rows: rows.add(ids=list(map(str, batch)), embeddings=vectors))

    def search(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Search as in VectorIndex; the neighbours are approximate, their cosines exact."""
        return self._nearest(vector, k)


def settings() -> CreateCollectionConfiguration:
    """Return the settings of every collection that this program makes."""
    from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration

    graph = CreateHNSWConfiguration(space="cosine", ef_construction=100, ef_search=EF_SEARCH, max_neighbors=16)
    return CreateCollectionConfiguration(hnsw=graph)


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
        stored = [json.loads(value) for row in rows for value in row[1:] if value]
    except (sqlite3.DatabaseError, ValueError) as error:
        raise IndexUnusable(f"The index in {folder} cannot be read: {error}.") from error
    if [row[0] for row in rows] != [COLLECTION] or not all(map(harmless, stored)):
        raise IndexUnusable(f"The index in {folder} was not made by this program.")


def harmless(stored: Any) -> bool:
    """Return whether a collection's stored settings name no embedding function and no other distance than ours."""
    if isinstance(stored, list):
        return all(map(harmless, stored))
    if not isinstance(stored, dict):
        return True
    function = stored.get("embedding_function") or {"type": "legacy"}
    named = not isinstance(function, dict) or set(function) != {"type"} or function["type"] not in {"legacy", "unknown"}
    return not named and stored.get("space", "cosine") == "cosine" and all(map(harmless, stored.values()))


def _client(folder: Path) -> Client:
    # 0.9-1.3 s: only long-lived processes and writers above the threshold need it
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    assert isinstance(client, Client)  # declared as an interface that cannot be closed
    return client


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
