"""The front door: an archive of articles, to fill, ask, search and read. Every front end is a thin reader of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from qa.types import Answered, IngestReport, Progress, Question, Turn
from vectorstore.articles import EVERYTHING, Filter
from vectorstore.errors import StoreMissing, UsageError

if TYPE_CHECKING:
    from types import TracebackType

    from qa.assistant import Assistant
    from qa.ingest.web.fetched import Fetched, Missed
    from qa.notes import Notebook
    from qa.reader.reading import Reader
    from qa.retrieve.search import Retriever
    from qa.settings import Config
    from qa.types import Answer, Event, Match
    from qa.verify.lookup import Finding
    from qa.wiring import Wiring
    from vectorstore.articles import Article, Hit, Listing, Reference
    from vectorstore.checks import Check
    from vectorstore.embedding import Embedder
    from vectorstore.index import Choice
    from vectorstore.removed import Copies
    from vectorstore.store import Store, Writer

RELATED = 8  # articles
SAME_STORY = 0.6  # cosine from which two articles are taken to tell one story
OPENING = 800  # characters that tell what an article is about
OnProgress = Callable[[Progress], None]


class Archive:
    """An archive in a folder or, shared by many, in a database.

    It is opened when it is first needed, and threads may share it.

        from qa import Archive

        with Archive.create("archive") as archive:
            archive.ingest("articles/")
            print(archive.ask("Who said what?").text)

    `open` and `create` are the ways to one. With `index="auto"` large archives are searched through Chroma; "exact"
    opens faster, for a single question.
    """

    def __init__(self, wiring: Wiring, index: Choice = "auto") -> None:
        self.wiring, self._index = wiring, index
        self._opening, self._loading = threading.Lock(), threading.Lock()
        self._choosing = threading.Lock()  # loading a language model may take long
        self._store: Store | None = None
        self._loaded: Embedder | None = None
        self._assistants: dict[tuple[Store, str], Assistant] = {}

    @classmethod
    def open(cls, path: Path | str | None = None, config: Config | None = None) -> Self:
        """Return the archive in a folder, the configured one by default; raises StoreMissing, StoreDamaged."""
        archive = cls._wired(path, config)
        _ = archive.store
        return archive

    @classmethod
    def create(cls, path: Path | str | None = None, config: Config | None = None) -> Self:
        """Return the archive in a folder, made where there is none; raises AppError where it cannot be made."""
        from vectorstore.store import Store

        archive = cls._wired(path, config)
        with Store.writing(archive.wiring.place):
            pass
        return archive

    @classmethod
    def _wired(cls, path: Path | str | None, config: Config | None) -> Self:
        from qa.config import load
        from qa.wiring import wire

        return cls(wire(config or load(), path or None))

    # -- what it is made of

    @property
    def folder(self) -> Path:
        """Where it is or, of a shared one, where that is which belongs to this machine alone."""
        return self.wiring.folder

    @property
    def name(self) -> str:
        """Where it is, as messages name it: without a user or a password."""
        return str(self.wiring.place)

    @property
    def store(self) -> Store:
        """The ledger and its index, opened again where another took their place; raises StoreMissing, StoreDamaged."""
        with self._opening:
            if self._store is not None and not self._store.here:
                self._leave()
            if self._store is None:
                self._store = self.wiring.store(self._index)
            return self._store

    @property
    def notes(self) -> Notebook:
        """The notebook that belongs to it: the quotes that were kept."""
        from qa.notes import Notebook
        from qa.saved import beside

        return Notebook(beside(self.folder, "notes"))

    @property
    def embedder(self) -> Embedder:
        """What embeds questions, loaded once and checked against the archive; raises ModelMissing, EmbedderMismatch."""
        from qa.ingest.identity import identity_of

        store, embedder = self.store, self._embedding()
        store.check_embedder(identity_of(embedder))
        return embedder

    def warm(self) -> None:
        """Load what embeds questions and run it once, also where there is no archive yet; raises ModelMissing."""
        self._embedding().embed_query("warm")

    def _embedding(self) -> Embedder:
        with self._loading:
            self._loaded = self._loaded or self.wiring.embedder()
            return self._loaded

    @property
    def retriever(self) -> Retriever:
        """What every front end searches with."""
        return self.wiring.retriever(self.store, self.embedder)

    @property
    def reader(self) -> Reader:
        """What reads the passages; raises ModelMissing."""
        with self._choosing:
            return self.wiring.reader()

    def assistant(self, answerer: str | None = None) -> Assistant:
        """Return what answers, the configured answerer where none is named; raises AnswererMissing."""
        name, store, embedder = answerer or self.wiring.config.answer.answerer, self.store, self.embedder
        with self._choosing:
            known = self._assistants.get((store, name))
            if known is None:
                known = self._assistants[store, name] = self.wiring.asking(store, embedder, name)
            return known

    def close(self) -> None:
        """Close it; what was taken in is on disk already."""
        with self._opening:
            self._leave()

    def _leave(self) -> None:
        """Close the store; a question in progress has its own state of it, to its end."""
        if self._store is not None:
            self._store.close()
        self._store = None
        self._assistants.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- asking

    def ask(
        self,
        question: str | Question,
        *,
        history: Sequence[Turn] = (),
        filter: Filter = EVERYTHING,  # noqa: A002 - as the field of Question is called
        asked: date | None = None,
        answerer: str | None = None,
    ) -> Answer:
        """Return the answer to a question, with its citations, or an abstention (`answered` is False).

        `history` are the turns before it; `filter` cuts what is searched; `asked` is the day of asking, which “last
        week” is seen from. Raises UsageError for a question without a word.
        """
        *_, last = self.stream(question, history=history, filter=filter, asked=asked, answerer=answerer)
        assert isinstance(last, Answered)
        return last.answer

    def stream(
        self,
        question: str | Question,
        *,
        history: Sequence[Turn] = (),
        filter: Filter = EVERYTHING,  # noqa: A002 - as the field of Question is called
        asked: date | None = None,
        answerer: str | None = None,
    ) -> Iterator[Event]:
        """Yield what happens while a question is answered: Retrieved, Token, Verified, and Answered at the end."""
        if isinstance(question, str):
            question = Question(question, tuple(history), asked, filter)
        return self.assistant(answerer).ask(question)

    def search(
        self,
        question: str | Question,
        limit: int = 10,
        *,
        filter: Filter = EVERYTHING,  # noqa: A002 - as the field of Question is called
    ) -> list[Hit]:
        """Return the passages nearest to a question, best first; raises UsageError for one without a word."""
        from qa.assistant import checked
        from qa.retrieve.understand import understand

        if isinstance(question, str):
            question = Question(question, filter=filter)
        checked(question.text)
        with self.store.reading():
            query = understand(question, publishers=self.store.ledger.publishers())
            return list(self.retriever.search(query, limit))

    def find(
        self,
        words: str,
        limit: int = 50,
        *,
        filter: Filter = EVERYTHING,  # noqa: A002 - as the field of Question is called
    ) -> list[Match]:
        """Return the passages that have all these words, best first; the last may be the beginning of one.

        It needs no model, and is fast enough to be called while the words are being typed.
        """
        from qa.retrieve.find import find

        return find(self.store, words, limit, filter)

    def verify(self, statements: Iterable[str]) -> Iterator[Finding]:
        """Yield for each statement whether the archive bears it out, says otherwise, or says nothing of it."""
        from qa.batch_input import Row
        from qa.verify.lookup import verify

        rows = (Row(number, number, text) for number, text in enumerate(statements, 1))
        return verify(rows, self.store, self.retriever, self.reader)

    # -- articles

    def count(self) -> tuple[int, int]:
        """Return the numbers of articles and of passages; (0, 0) where nothing was taken in yet."""
        try:
            return self.store.ledger.count()
        except StoreMissing:
            return 0, 0

    def articles(self, filter: Filter = EVERYTHING, words: str = "") -> list[Listing]:  # noqa: A002 - as elsewhere
        """Return the articles that a filter lets through and whose title or source has these words."""
        wanted = words.casefold().split()
        listed = self.store.ledger.articles(filter)
        return [one for one in listed if all(word in _named(one.article) for word in wanted)]

    def publishers(self) -> list[str]:
        """Return the names of the publishers, in alphabetical order."""
        names = {one.name for one in self.store.ledger.publishers() if one.name}
        return sorted(names, key=str.casefold)

    def article(self, name: str) -> Article:
        """Return an article with its text, by its id, the start of one, or its source; raises UnknownArticle."""
        ledger = self.store.ledger
        with self.store.reading():
            return ledger.article(ledger.resolve(name))

    def original(self, name: str) -> bytes:
        """Return an article as it was taken in, byte for byte; raises UnknownArticle."""
        ledger = self.store.ledger
        with self.store.reading():
            return ledger.original(ledger.resolve(name))

    def related(self, name: str) -> list[Reference]:
        """Return other articles that tell the same story, closest first: whose passages are nearest to its opening."""
        article = self.article(name)
        vector = self.embedder.embed_passages([f"{article.title}\n{article.text[:OPENING]}"])[0]
        with self.store.reading():
            scored = self.store.dense(vector, 60)
            hits = self.store.hits([passage for passage, score in scored if score >= SAME_STORY])
        found = {hit.article.id: hit.article for hit in hits}
        return [reference for id_, reference in found.items() if id_ != article.id][:RELATED]

    # -- changing it

    def ingest(
        self,
        *paths: Path | str,
        exclude: Sequence[str] = (),
        prune: bool = False,
        confirm: Callable[[str], bool] = lambda _: False,
        follow_links: bool = False,
        shard: str = "",
        progress: OnProgress = lambda _: None,
    ) -> IngestReport:
        """Take in files and folders; what has not changed costs nothing. See IngestReport for what is returned.

        `exclude` are patterns as in .gitignore; `prune` removes articles that are gone from the paths, and asks
        `confirm`, with a sentence that says why, before it removes more than a tenth of the archive, or all articles
        of a folder that is empty now: UsageError is raised unless it returns True. `follow_links` follows links out of
        the folders. `shard`, such as "3/16", takes one of several shares, as other machines take the others. Raises
        StoreLocked where another process writes, EmbedderMismatch where the archive was made with another model.
        """
        steps = self.ingesting(
            paths, exclude=exclude, prune=prune, confirm=confirm, follow_links=follow_links, shard=shard
        )
        return _followed(steps, progress)

    def ingesting(
        self,
        paths: Iterable[Path | str],
        *,
        stdin: bytes | None = None,
        exclude: Sequence[str] = (),
        prune: bool = False,
        confirm: Callable[[str], bool] = lambda _: False,
        follow_links: bool = False,
        fetched: Sequence[Fetched | Missed] = (),
        shard: str = "",
    ) -> Iterator[Progress | IngestReport]:
        """Yield the progress of an ingest and at last its report; closing the iterator ends it, whole groups stay."""
        from qa.ingest.pipeline import ingest
        from qa.ingest.shard import shard_of
        from qa.ingest.survey import Request

        settings = self.wiring.config.ingest
        files = tuple(map(Path, paths))
        patterns = (*settings.exclude, *exclude)
        pages, longest, share = tuple(fetched), settings.max_characters, shard_of(shard)
        request = Request(files, stdin, patterns, settings.fields, prune, follow_links, confirm, pages, longest, share)
        return ingest(self.wiring.place, request, self._embedding)

    def remove(self, *names: str, warn: Callable[[str], object] = lambda _: None) -> int:
        """Remove articles, by id or source, and return how many; their files stay. Raises UnknownArticle.

        `warn` is told where Chroma could not be brought up to date: exact search serves then.
        """
        from vectorstore.store import Store

        _ = self.store  # raises StoreMissing, where writing would make an archive
        with Store.writing(self.wiring.place) as writer:
            count = writer.remove(list(dict.fromkeys(writer.ledger.resolve(name) for name in names)))
            _sync(writer, warn)
        return count

    def copies(self, *names: str) -> Copies:
        """Return articles whole, so that `put_back` can undo removing them; raises UnknownArticle."""
        from vectorstore.removed import copies

        ledger = self.store.ledger
        with self.store.reading():
            return copies(ledger, dict.fromkeys(ledger.resolve(name) for name in names))

    def put_back(self, copies: Copies, warn: Callable[[str], object] = lambda _: None) -> None:
        """Put removed articles back as they were; raises EmbedderMismatch where the archive was rebuilt meanwhile."""
        from vectorstore.store import Store

        with Store.writing(self.wiring.place, copies.identity) as writer:
            writer.add(copies.records)
            _sync(writer, warn)

    def copying(self, target: Path | str) -> Iterator[Progress | IngestReport]:
        """Yield the progress of copying it to another folder, or PostgreSQL address, and at last the report.

        Nothing is embedded again, and what an earlier copy brought there stays. Raises UsageError where the target has
        other articles, AppError where an article did not arrive whole.
        """
        from qa.wiring import wire
        from vectorstore.moving import move
        from vectorstore.store import Store

        place = wire(self.wiring.config, target).place
        for stage, done, total in move(self.wiring.place, place):
            yield Progress(stage, done, total)
        with Store.open(place) as copied:
            articles, passages = copied.ledger.count()
        yield IngestReport(articles=articles, passages=passages)

    def rebuild(self, progress: OnProgress = lambda _: None) -> IngestReport:
        """Re-split and re-embed every article with the configured model."""
        return _followed(self.rebuilding(), progress)

    def rebuilding(self) -> Iterator[Progress | IngestReport]:
        """Yield the progress of a rebuild and at last its report; until it is whole, the archive stays as it was."""
        from qa.ingest.pipeline import rebuild

        _ = self.store
        return rebuild(self.wiring.place, self._embedding())

    def check(self, *, repair: bool = False) -> list[Check]:
        """Look for damage and mend what can be made from the ledger; return what was looked at, and what was found.

        With `repair` the ledger's own indexes and records are made good first, as far as the articles tell them.
        """
        from vectorstore.doctor import treat
        from vectorstore.salvage import mend

        if repair and not self.wiring.shared:  # a server's tables need no mending
            mend(self.folder)
        return list(treat(self.wiring.place))

    def in_a_folder(self, what: str) -> Path:
        """Return the archive's folder; raises UsageError, which says what is for folders alone, where it is shared."""
        if self.wiring.shared:
            raise UsageError(f"{what} is for archives in a folder.", "For PostgreSQL there are pg_dump and qa copy.")
        return self.folder

    def salvaging(self, folder: Path) -> Iterator[Progress | IngestReport]:
        """Yield the progress of filling a new archive with the articles that can be read, and at last the report."""
        from qa.ingest.salvage import salvage

        return salvage(self.in_a_folder("qa doctor --salvage"), folder, self._embedding())


def _sync(writer: Writer, warn: Callable[[str], object]) -> None:
    from vectorstore.index import IndexUnusable

    try:
        list(writer.sync_index(0))
    except IndexUnusable as error:
        warn(f"Chroma could not be brought up to date ({error}).")


def _named(article: Reference) -> str:
    return f"{article.title}\n{article.source}".casefold()


def _followed(steps: Iterator[Progress | IngestReport], progress: OnProgress) -> IngestReport:
    for step in steps:
        if isinstance(step, IngestReport):
            return step
        progress(step)
    raise AssertionError("an ingest ends with its report")
