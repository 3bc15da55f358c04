"""What the screens need of the core, and nothing more: the seams between `tui` and `qa`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qa.conversations import Conversations
    from qa.types import Event, IngestReport, Match, Progress, Question
    from vectorstore.articles import Article, Filter, Reference


class Asker(Protocol):
    """Answers questions; its methods are called from worker threads, never from the event loop."""

    def ask(self, question: Question, answerer: str) -> Iterator[Event]:
        """Yield the events of one answer, `Answered` last; closing the iterator stops the work.

        `answerer` is one of `Services.answerers`. While a model is silent, empty tokens come, so that one may stop.
        Before the models are loaded the search is lexical and the answer extractive, and the notices say so.
        Raises AppError where the question cannot be answered at all, or by this answerer.
        """
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

    def ingest(self, paths: Sequence[Path]) -> Iterator[Progress | IngestReport]:
        """Take in files and folders, yielding progress and at last the report; raises AppError."""
        ...

    def remove(self, ids: Sequence[str]) -> int:
        """Remove articles and return how many there were."""
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

    `answerers` are the names that one can choose from; one that cannot be asked says so when it is.
    """

    asker: Asker
    archive: Articles
    conversations: Conversations
    warm: Callable[[], None] = lambda: None
    settings: Settings = Settings()
    answerers: tuple[str, ...] = ("extractive",)


Load = Callable[[], Services]
