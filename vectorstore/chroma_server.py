"""The vectors of a shared archive in a Chroma server, in Chroma's distributed deployment, or in Chroma Cloud.

This is chromadb's HTTP client without the layer that HttpClient and CloudClient put around it: their constructors wait
for a silent server for ever, leave a connection open, and take settings from a file .env where the process runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

from vectorstore.chroma import ChromaRows, T, settings
from vectorstore.chroma_http import ANSWER, BEAT, PATIENCE, ChromaServer, Rest, Tenancy, asking, failures, governed
from vectorstore.index import IndexUnusable

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

    from vectorstore.embedding import Vectors

BATCH = 500  # rows: a server that takes ten times as many at once takes them no faster, and may be silent too long
ARTICLE = "article"


class ChromaServerIndex(ChromaRows):
    """A collection of a Chroma server: for each passage its id, its vector and the key of its article.

    Threads and processes may share it. Every failure raises IndexUnusable: at once where the server is dead, within
    5 s where it is silent, or PATIENCE while something is written. A busy one, which gives a sign of life, gets more
    time for an answer, and one that comes back is used again.
    """

    def __init__(self, server: ChromaServer, place: Tenancy, stored: Any, dimension: int) -> None:
        """`stored` is the collection as the server describes it, with settings that were found harmless."""
        self._server, self._place, self._name = server, place, stored["name"]
        self._quick, self._patient = (_Client(server, stored, seconds) for seconds in (ANSWER, PATIENCE))
        with failures(server):
            batch = min(BATCH, self._quick.api.get_max_batch_size())
        super().__init__(self._asked, self._changed, dimension, batch)

    def _asked(self, question: Callable[[Collection], T]) -> T:
        import httpx  # 0.2 s

        with failures(self._server):
            try:
                return question(self._quick.collection)
            except httpx.ReadTimeout:
                if not self._quick.beats():
                    raise
            return question(self._patient.collection)

    def _changed(self, question: Callable[[Collection], T]) -> T:
        # where it builds its graph it may give no sign of life for longer than a silent one is given
        with failures(self._server, PATIENCE):
            return question(self._patient.collection)

    @classmethod
    def open(cls, server: ChromaServer, name: str, dimension: int) -> Self:
        """Open the collection `name`; raises IndexUnusable if there is none, or if it is not ours."""
        with asking(server) as rest:
            place = rest.place()
            stored = rest.ours(place, name, dimension)
        if stored is None:
            raise IndexUnusable(f"{server} has no vectors of this archive.", "Write them with: qa doctor")
        return cls(server, place, stored, dimension)

    @classmethod
    def make(cls, server: ChromaServer, name: str, dimension: int) -> Self:
        """Open the collection `name`, and create it if there is none; raises IndexUnusable if it is not ours.

        A name has 3 to 512 letters, digits, dots, dashes and underscores.
        """
        with asking(server) as rest:
            place = rest.place()
            stored = rest.ours(place, name, dimension) or _created(rest, place, name, dimension)
        return cls(server, place, stored, dimension)

    def close(self) -> None:
        """Close the connections."""
        for client in (self._quick, self._patient):
            client.session.close()

    def drop(self) -> None:
        """Remove the collection."""
        with failures(self._server):
            self._quick.api.delete_collection(self._name, self._place.tenant, self._place.database)

    def add(self, ids: Sequence[int], vectors: Vectors, articles: Sequence[int]) -> Iterator[int]:
        """Add or replace passages, yielding the number written after each batch.

        `vectors`: (len(ids), dimension); `articles`: the key of each passage's article.
        """
        done = 0
        for batch in self._batches(ids):
            end = done + len(batch)
            self._upsert(batch, vectors[done:end], articles[done:end])
            yield (done := end)

    def _upsert(self, batch: Sequence[int], vectors: Vectors, articles: Sequence[int]) -> None:
        owners: Any = [{ARTICLE: int(key)} for key in articles]
        self._change(lambda rows: rows.upsert(list(map(str, batch)), vectors, owners))

    def search(self, vector: Vectors, k: int, articles: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Search as in VectorIndex, among the passages of some articles if their keys are given.

        The neighbours are approximate, their cosines exact. The server goes through the articles one by one: give few.
        """
        if articles is None:
            return self._nearest(vector, k)
        return self._nearest(vector, k, {ARTICLE: {"$in": list(map(int, articles))}}) if len(articles) else []


def _created(rest: Rest, place: Tenancy, name: str, dimension: int) -> Any:
    from chromadb.api.collection_configuration import create_collection_configuration_to_json  # 0.9-1.3 s

    wanted = {"name": name, "configuration": create_collection_configuration_to_json(settings())}
    try:
        return rest.post(f"{place.path}/collections", wanted)
    except IndexUnusable:
        if (stored := rest.ours(place, name, dimension)) is None:  # another process may have been quicker
            raise
        return stored


class _Client:
    """chromadb's client of a server that may be silent for so many seconds, and the collection as it sees it."""

    def __init__(self, server: ChromaServer, stored: Any, seconds: float) -> None:
        from chromadb.api.fastapi import FastAPI  # 0.9-1.3 s
        from chromadb.api.models.Collection import Collection
        from chromadb.config import APIVersion, Settings, System
        from chromadb.types import Collection as Model

        # all that would otherwise come from the environment or a file .env where the process runs
        own = Settings(
            anonymized_telemetry=False,
            chroma_server_host=server.address.rstrip("/"),
            chroma_server_http_port=server.port,
            chroma_server_ssl_enabled=server.address.startswith("https"),
            chroma_server_ssl_verify=True,
            chroma_server_api_default_path=APIVersion.V2,
            chroma_server_headers=server.headers,
            chroma_client_auth_provider=None,
            chroma_otel_granularity=None,
        )
        self.api = System(own).instance(FastAPI)
        self.session = governed(self.api._session, seconds)
        self.collection = Collection(self.api, Model.from_json(stored), embedding_function=None)

    def beats(self) -> bool:
        """Return whether the server says, at once, that it is there."""
        import httpx  # 0.2 s

        try:
            return self.session.get(f"{self.api.get_api_url()}/heartbeat", timeout=BEAT).is_success
        except httpx.HTTPError:
            return False
