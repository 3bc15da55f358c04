"""The real core behind the ports: the only module here that knows how `qa` is wired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from qa.archive import Archive
from qa.conversations import Conversations
from qa.settings import Answerer
from qa.types import Answered, Event, IngestReport, Match, Progress, Question, Retrieved
from qa.wiring import Wiring
from tui.importer import ingest, remove
from tui.ports import Services, Settings
from vectorstore.articles import Article, Filter, Reference
from vectorstore.errors import ModelMissing, StoreMissing

if TYPE_CHECKING:
    from qa.assistant import Assistant

EXTRACTIVE = "extractive"
ANSWERERS: tuple[str, ...] = get_args(Answerer)
NOTICE = "The models are still loading: searched by words alone."


def services(wiring: Wiring, settings: Settings) -> Services:
    """Return the core of one configuration; opens nothing and imports nothing heavy yet."""
    core = Core(wiring)
    conversations = Conversations(wiring.folder.parent / f"{wiring.folder.name}-conversations.sqlite3")
    return Services(core, core, conversations, core.warm, settings, ANSWERERS)


class Core:
    """The ports over one archive, which stays open."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring, self._archive = wiring, Archive(wiring)
        self._warm = False
        self._lacking = ""  # what is wrong with a model that cannot be loaded

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
        self._archive.wiring, self._warm = self._wiring, True
        if missing:
            raise missing[0]

    def ask(self, question: Question, answerer: str = EXTRACTIVE) -> Iterator[Event]:
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
        by_words = Diversifier(LexicalRetriever(store), config.search.per_article)
        quoting = Extractive(store, config.answer.min_confidence)
        return Assistant(store, by_words, self._wiring.packaged(), quoting)

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
