"""The real core behind the ports: the only module here that knows how `qa` is wired."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from qa.archive import Archive
from qa.config import cache_folder
from qa.conversations import Conversations
from qa.ingest.identity import CLEANING, SETTINGS
from qa.ingest.web.following import Followed, Following
from qa.notes import Notebook
from qa.saved import beside
from qa.types import Answered, IngestReport, Match, Progress, Question, Retrieved
from qa.types import Event as AnswerEvent
from qa.wiring import Wiring
from tui.importer import follow, ingest, remove
from tui.ports import Load, Services, Settings
from vectorstore.articles import Article, Filter, Reference, article_id
from vectorstore.errors import ModelMissing, StoreMissing

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.llm.healthcheck import Standing

EXTRACTIVE = "extractive"
NOTICE = "The models are still loading: searched by words alone."


def services(wiring: Wiring, settings: Settings) -> Services:
    """Return the core of one configuration; opens nothing and imports nothing heavy yet."""
    own, demo = Core(wiring), Core(replace(wiring, folder=demo_folder(wiring), shared=None))

    def of_own() -> Services:
        return _around(own, settings, other=of_demo)

    def of_demo() -> Services:
        return _around(demo, settings, other=of_own, demo=True)

    return of_own()


def _around(core: Core, settings: Settings, *, other: Load, demo: bool = False) -> Services:
    conversations, notes = Conversations(beside(core.folder, "conversations")), Notebook(beside(core.folder, "notes"))
    return Services(core, core, conversations, notes, core.warm, settings, core.standings, demo, other)


def demo_folder(wiring: Wiring) -> Path:
    """Return the folder of the demo's archive, in the cache; each way to embed passages has one of its own."""
    made = wiring.config.embedding.model_dump(include={"model", "query_prompt", "passage_prompt"})
    stamp = hashlib.sha256(repr((made, SETTINGS, CLEANING)).encode()).hexdigest()[:8]
    return cache_folder(wiring.config) / "demo" / stamp / "archive"


class Core:
    """The ports over one archive, which stays open."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring, self._archive = wiring, Archive(wiring)
        self._warm = False
        self._loaded = Event()  # set when loading the models has come to an end
        self._lacking = ""  # what is wrong with a model that cannot be loaded

    @property
    def folder(self) -> Path:
        """Where the archive is."""
        return self._wiring.folder

    def warm(self) -> None:
        """Load the models and run them once; raises ModelMissing, and goes on without the one that is missing."""
        if self._warm:  # the archive is shown once more
            return
        try:
            self._load()
        except ModelMissing as error:
            self._lacking = error.message
            raise
        finally:
            self._loaded.set()

    def _load(self) -> None:
        self._archive.warm()
        missing: list[ModelMissing] = []
        for load, without in ((self._wiring.cross_encoder, unranked), (self._wiring.reader, unread)):
            try:
                load()
            except ModelMissing as error:
                missing.append(error)
                self._wiring = without(self._wiring)
        self._archive.wiring, self._warm = self._wiring, True
        if missing:
            raise missing[0]

    def ask(self, question: Question, answerer: str = EXTRACTIVE) -> Iterator[AnswerEvent]:
        """Yield the assistant's events; until the models are there, by words alone, which the notices say."""
        asked = self._archive.assistant(answerer) if self._warm else self._by_words()
        return noticed(asked.ask(question), self._notice(answerer))

    def _notice(self, answerer: str) -> str:
        """Say how a question is answered where not all models are there."""
        if self._warm:
            return f"{self._lacking} Searched without it." if self._lacking else ""
        notice, then = (f"{self._lacking} Searched by words alone.", "it is") if self._lacking else (NOTICE, "they are")
        return notice if answerer == EXTRACTIVE else f"{notice} {answerer} answers when {then} there."

    def _by_words(self) -> Assistant:
        from qa.answer.extractive import Extractive
        from qa.assistant import Assistant
        from qa.retrieve.search import Diversifier, LexicalRetriever

        store, config = self._archive.store, self._wiring.config
        by_words = Diversifier(LexicalRetriever(store), config.search.per_article, store)
        quoting = Extractive(store, config.answer.min_confidence)
        return Assistant(store, by_words, self._wiring.packaged(), quoting)

    def suggest(self, sources: Sequence[str]) -> Iterator[str]:
        """Yield questions that these articles answer for sure; waits for the models first."""
        from qa.suggest import suggested

        self._loaded.wait()
        if self._warm and sources:
            keys = [article_id(source) for source in sources]
            ask = self._archive.assistant(EXTRACTIVE).answer
            yield from suggested(self._archive.store.ledger, keys, lambda text: ask(Question(text)))

    def standings(self) -> Sequence[Standing]:
        """Return every answerer and what it lacks; a server of the user's own is waited for up to a second."""
        from qa.llm.healthcheck import standings

        return list(standings(self._wiring.config.answer))

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of passages; (0, 0) where there is no archive yet."""
        return self._archive.count()

    def publishers(self) -> list[str]:
        """Return the publishers' names in alphabetical order."""
        try:
            return self._archive.publishers()
        except StoreMissing:
            return []

    def articles(self, scope: Filter, search: str = "") -> list[Reference]:
        """Return the articles in scope whose title or source holds the search words."""
        try:
            return [listing.article for listing in self._archive.articles(scope, search)]
        except StoreMissing:
            return []

    def find(self, words: str) -> list[Match]:
        """Return the passages that have all these words, best first; by words alone."""
        try:
            return self._archive.find(words)
        except StoreMissing:
            return []

    def article(self, key: str) -> Article:
        """Return one article with its text; raises UnknownArticle."""
        return self._archive.article(key)

    def related(self, key: str) -> list[Reference]:
        """Return other articles of the same story, closest first."""
        return self._archive.related(key)

    def ingest(self, names: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Take in files, folders and web pages, yielding progress and at last the report; raises AppError."""
        yield from ingest(self._wiring, names)

    def feeds(self) -> Sequence[Followed]:
        """Return the feeds that the archive follows, in the order in which they were added."""
        return Following(self.folder).list()

    def follow(self, addresses: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Follow feeds and take in what is in them; without any, what is new in all; raises AppError."""
        yield from follow(self._wiring, addresses)

    def unfollow(self, address: str) -> None:
        """Follow a feed no longer; what came of it stays. Raises AppError."""
        following = Following(self.folder)
        with following.held():
            following.remove(address)

    def remove(self, ids: Sequence[str]) -> Callable[[], object]:
        """Remove articles and return what puts them back; raises AppError."""
        copies = self._archive.copies(*ids)
        remove(self._wiring, ids)
        return lambda: self._archive.put_back(copies)

    def seeds(self) -> Path:
        """Return the folder of articles that came with the program."""
        import seeds  # a folder of articles without a module in it; an editable install adds names that are no folders

        return next(folder for folder in map(Path, seeds.__path__) if folder.is_dir())


def unranked(wiring: Wiring) -> Wiring:
    """Return the wiring without a cross-encoder."""
    search = wiring.config.search.model_copy(update={"reranker": ""})
    return replace(wiring, config=wiring.config.model_copy(update={"search": search}))


def unread(wiring: Wiring) -> Wiring:
    """Return the wiring with the packaged reader."""
    reader = wiring.config.reader.model_copy(update={"model": ""})
    return replace(wiring, config=wiring.config.model_copy(update={"reader": reader}))


def noticed(events: Iterator[AnswerEvent], notice: str) -> Iterator[AnswerEvent]:
    """Yield the events of an answer with a notice before their own."""
    with closing(events):  # type: ignore[type-var]  # a generator: closing stops the model
        for event in events:
            if isinstance(event, Retrieved):
                yield replace(event, notice=f"{notice} {event.notice}".strip())
            elif isinstance(event, Answered):
                yield Answered(replace(event.answer, notice=f"{notice} {event.answer.notice}".strip()))
            else:
                yield event
