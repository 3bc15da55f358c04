"""The real core behind the ports: the only module here that knows how `qa` is wired."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from qa.conversations import Conversations
from qa.settings import Answerer
from qa.types import Answered, Event, IngestReport, Progress, Question, Retrieved
from qa.wiring import Wiring
from tui.importer import ingest, remove
from tui.ports import Services, Settings
from vectorstore.articles import Article, Filter, Reference
from vectorstore.errors import ModelMissing, StoreMissing

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from vectorstore.embedding import Embedder
    from vectorstore.store import Store

EXTRACTIVE = "extractive"
ANSWERERS: tuple[str, ...] = get_args(Answerer)
NOTICE = "The models are still loading: searched by words alone."
RELATED = 8  # articles
STORY = 0.6  # cosine from which two articles are taken to tell one story


def services(wiring: Wiring, settings: Settings) -> Services:
    """Return the core of one configuration; opens nothing and imports nothing heavy yet."""
    core = Core(wiring)
    conversations = Conversations(wiring.folder.parent / f"{wiring.folder.name}-conversations.sqlite3")
    return Services(core, core, conversations, core.warm, settings, ANSWERERS)


class Core:
    """Asker and Archive over one store, which is opened when it is first there and stays open."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._lock = threading.Lock()
        self._choosing = threading.Lock()  # a lock of its own: loading a language model may take long
        self._opened: Store | None = None
        self._embedder: Embedder | None = None
        self._lacking = ""  # what is wrong with a model that cannot be loaded
        self._assistants: dict[str, Assistant] = {}

    def warm(self) -> None:
        """Load the models and run them once; raises ModelMissing, and goes on without the one that is missing."""
        try:
            self._load()
        except ModelMissing as error:
            self._lacking = error.message
            raise

    def _load(self) -> None:
        embedder = self._wiring.embedder()
        embedder.embed_query("warm")
        missing: list[ModelMissing] = []
        for load, without in ((self._wiring.cross_encoder, unranked), (self._wiring.reader, unread)):
            try:
                load()
            except ModelMissing as error:
                missing.append(error)
                self._wiring = without(self._wiring)
        self._embedder = embedder
        if missing:
            raise missing[0]

    def ask(self, question: Question, answerer: str = EXTRACTIVE) -> Iterator[Event]:
        """Yield the assistant's events; until the models are there, by words alone, which the notices say."""
        store, embedder = self._store(), self._embedder
        asked = self._assistant(answerer, store, embedder) if embedder is not None else self._by_words(store)
        return noticed(asked.ask(question), self._notice(answerer, embedder))

    def _notice(self, answerer: str, embedder: Embedder | None) -> str:
        """Say how a question is answered where not all models are there."""
        if embedder is not None:
            return f"{self._lacking} Searched without it." if self._lacking else ""
        notice, then = (f"{self._lacking} Searched by words alone.", "it is") if self._lacking else (NOTICE, "they are")
        return notice if answerer == EXTRACTIVE else f"{notice} {answerer} answers when {then} there."

    def _by_words(self, store: Store) -> Assistant:
        from qa.answer.extractive import Extractive
        from qa.assistant import Assistant
        from qa.retrieve.search import Diversifier, LexicalRetriever

        config = self._wiring.config
        by_words = Diversifier(LexicalRetriever(store), config.search.per_article)
        quoting = Extractive(store, config.answer.min_confidence)
        return Assistant(store, by_words, self._wiring.packaged(), quoting)

    def _assistant(self, answerer: str, store: Store, embedder: Embedder) -> Assistant:
        """Return the assistant with an answerer that stays loaded; raises EmbedderMismatch, AnswererMissing."""
        self._check(store, embedder)
        with self._choosing:
            if answerer not in self._assistants:
                self._assistants[answerer] = self._wiring.asking(store, embedder, answerer)
            return self._assistants[answerer]

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of passages; (0, 0) where there is no archive yet."""
        try:
            return self._store().ledger.count()
        except StoreMissing:
            return 0, 0

    def publishers(self) -> list[str]:
        """Return the publishers' names in alphabetical order."""
        return sorted({one.publisher for one in self.articles(Filter()) if one.publisher}, key=str.casefold)

    def articles(self, scope: Filter, search: str = "") -> list[Reference]:
        """Return the articles in scope whose title or source holds the search words."""
        try:
            listed = [listing.article for listing in self._store().ledger.articles(scope)]
        except StoreMissing:
            return []
        words = search.casefold().split()
        return [one for one in listed if all(word in f"{one.title}\n{one.source}".casefold() for word in words)]

    def article(self, key: str) -> Article:
        """Return one article with its text; raises UnknownArticle."""
        ledger = self._store().ledger
        return ledger.article(ledger.resolve(key))

    def related(self, key: str) -> list[Reference]:
        """Return other articles of the same story, closest first: those whose passages are nearest to its opening."""
        store, embedder, article = self._store(), self._embedder or self._wiring.embedder(), self.article(key)
        self._check(store, embedder)
        opening = f"{article.title}\n{article.text[:800]}"
        scored = store.dense(embedder.embed_passages([opening])[0], 60)
        hits = store.hits([passage for passage, score in scored if score >= STORY])
        found = {hit.article.id: hit.article for hit in hits}
        return [reference for id_, reference in found.items() if id_ != key][:RELATED]

    def ingest(self, paths: Sequence[Path]) -> Iterator[Progress | IngestReport]:
        """Take in files and folders, yielding progress and at last the report; raises AppError."""
        yield from ingest(self._wiring, paths)

    def remove(self, ids: Sequence[str]) -> int:
        """Remove articles and return how many there were; raises AppError."""
        return remove(self._wiring, ids)

    def seeds(self) -> Path:
        """Return the folder of articles that came with the program."""
        import seeds  # a folder of articles without a module in it; an editable install adds names that are no folders

        return next(folder for folder in map(Path, seeds.__path__) if folder.is_dir())

    def _check(self, store: Store, embedder: Embedder) -> None:
        from qa.ingest.identity import identity_of

        store.check_embedder(identity_of(embedder))

    def _store(self) -> Store:
        with self._lock:
            if self._opened is None:
                self._opened = self._wiring.store(index="auto")
            return self._opened


def unranked(wiring: Wiring) -> Wiring:
    """Return the wiring without a cross-encoder."""
    search = wiring.config.search.model_copy(update={"reranker": ""})
    return replace(wiring, config=wiring.config.model_copy(update={"search": search}))


def unread(wiring: Wiring) -> Wiring:
    """Return the wiring with the packaged reader."""
    reader = wiring.config.reader.model_copy(update={"model": ""})
    return replace(wiring, config=wiring.config.model_copy(update={"reader": reader}))


def noticed(events: Iterator[Event], notice: str) -> Iterator[Event]:
    """Yield the events of an answer with a notice before their own."""
    with closing(events):  # type: ignore[type-var]  # a generator: closing stops the model
        for event in events:
            if isinstance(event, Retrieved):
                yield replace(event, notice=f"{notice} {event.notice}".strip())
            elif isinstance(event, Answered):
                yield Answered(replace(event.answer, notice=f"{notice} {event.answer.notice}".strip()))
            else:
                yield event
