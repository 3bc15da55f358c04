"""The only place that chooses implementations from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config import Config, cache_folder, store_folder

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.retrieve.search import Retriever
    from vectorstore.embedding import Embedder
    from vectorstore.store import Choice, Store

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wiring:
    """Builds the parts for one configuration and one archive; `say` narrates what takes long."""

    config: Config
    folder: Path
    say: Say = lambda _: None

    def embedder(self) -> Embedder:
        """Return the configured embedder; raises ModelMissing."""
        from vectorstore.embedding import open_embedder, packaged_model

        chosen = self.config.embedding
        model = Path(chosen.model).expanduser() if chosen.model else packaged_model()
        return open_embedder(model, cache_folder(self.config), chosen.threads, self.say)

    def store(self, index: Choice = "exact") -> Store:
        """Return the archive, open for reading; raises StoreMissing."""
        from vectorstore.store import Store

        return Store.open(self.folder, index=index, threshold=self.config.search.chroma_above)

    def searcher(self, store: Store) -> Retriever:
        """Return the retriever for an open archive; raises EmbedderMismatch."""
        return self.retriever(store, self._checked(store))

    def _checked(self, store: Store) -> Embedder:
        from qa.ingest.identity import identity_of

        embedder = self.embedder()
        store.check_embedder(identity_of(embedder))
        return embedder

    def retriever(self, store: Store, embedder: Embedder) -> Retriever:
        """Return the retriever that every front end searches with."""
        from qa.retrieve.rank import Ranked
        from qa.retrieve.recent import Recent
        from qa.retrieve.scoped import Scoped
        from qa.retrieve.search import DenseRetriever, LexicalRetriever, Spread

        ranked = Ranked(DenseRetriever(store, embedder), LexicalRetriever(store), store)
        return Spread(Scoped(Recent(ranked), store), self.config.search.per_article)

    def assistant(self, store: Store) -> Assistant:
        """Return the assistant for an open archive; raises EmbedderMismatch."""
        from qa.assistant import Assistant

        embedder = self._checked(store)
        return Assistant(store, self.retriever(store, embedder), embedder)


def wire(config: Config, store: Path | None = None, say: Say = lambda _: None) -> Wiring:
    """Return the wiring for a configuration; `store` is the folder that was typed, if one was."""
    return Wiring(config, store_folder(config, store), say)
