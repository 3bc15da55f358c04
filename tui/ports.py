"""What the screens need of the core, and nothing more: the seams between `tui` and `qa`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qa.conversations import Conversations
    from qa.ingest.web.following import Followed
    from qa.llm.healthcheck import Standing
    from qa.notes import Notebook
    from qa.types import Event, IngestReport, Match, Progress, Question
    from vectorstore.articles import Article, Filter, Reference


class Asker(Protocol):
    """Answers questions; its methods are called from worker threads, never from the event loop."""

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Yield the events of one answer, `Answered` last; closing the iterator stops the work.

        `answerer` is one that `Services.standings` names. While a model is silent, empty tokens come, so that one may
        stop.
        Before the models are loaded the search is lexical and the answer extractive, and the notices say so.
        Raises AppError where the question cannot be answered at all, or by this answerer.
        """
        ...

    def suggest(self, sources: Sequence[str]) -> Iterator[str]:
        """Yield questions that the articles of these sources answer for sure; none rather than poor ones."""
        ...


class Articles(Protocol):
    """The articles; its methods are called from worker threads and may run at the same time."""

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of passages; (0, 0) where there is no archive yet."""
        ...

    def publishers(self) -> list[str]:
        """Return the publishers' names in alphabetical order."""
        ...

    def articles(self, scope: Filter, search: str = "") -> list[Reference]:
        """Return the articles in scope whose title or source holds the search words."""
        ...

    def find(self, words: str) -> list[Match]:
        """Return the passages that have all these words, best first, without any model."""
        ...

    def article(self, key: str) -> Article:
        """Return one article with its text; raises UnknownArticle."""
        ...

    def related(self, key: str) -> list[Reference]:
        """Return other articles of the same story, closest first."""
        ...

    def ingest(self, names: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Take in files, folders and web pages, yielding progress and at last the report; raises AppError."""
        ...

    def feeds(self) -> Sequence[Followed]:
        """Return the feeds that the archive follows, in the order in which they were added."""
        ...

    def follow(self, addresses: Sequence[str]) -> Iterator[Progress | IngestReport]:
        """Follow feeds and take in what is in them; without any, what is new in all. As `ingest`; raises AppError."""
        ...

    def unfollow(self, address: str) -> None:
        """Follow a feed no longer; what came of it stays. Raises AppError."""
        ...

    def remove(self, ids: Sequence[str]) -> Callable[[], object]:
        """Remove articles and return what puts them back; raises AppError."""
        ...

    def seeds(self) -> Path:
        """Return the folder of articles that came with the program."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says about the screens.

    `keys` maps an action's name to keys separated by commas ("conversation.new" → "f9"); `theme` wins over the one that
    is remembered; `answerer` is the one to begin with; `exports` is the folder that exports go to.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    theme: str | None = None
    answerer: str = "extractive"
    exports: Path = Path()


@dataclass(frozen=True, slots=True)
class Services:
    """The core as the screens see it; `warm` loads the models and returns when they are there.

    `standings` tells every answerer and what it lacks, and may take a second; `demo` tells the
    archive of the demo from the user's own, and `other` opens the one from the other.
    """

    asker: Asker
    archive: Articles
    conversations: Conversations
    notes: Notebook
    warm: Callable[[], None] = lambda: None
    settings: Settings = Settings()
    standings: Callable[[], Sequence[Standing]] = tuple
    demo: bool = False
    other: Load | None = None


Load = Callable[[], Services]
