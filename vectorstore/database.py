"""What a ledger needs of the database that holds it, and the errors of values that make no sense."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from vectorstore.errors import StoreDamaged
from vectorstore.fulltext import FullText

HINT = "Check the archive with: qa doctor"
# of what should be a value
NONSENSE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, zlib.error)


class Snapshot(Protocol):
    """One state of a database: a thread sees it within `reading`, and the present state outside."""

    def reading(self) -> AbstractContextManager[None]:
        """Let this thread see this state, whatever others commit."""
        ...


class Database(Protocol):
    """The tables of one ledger; threads may share it, and its errors are AppErrors that name it.

    Statements are SQL that SQLite and PostgreSQL read alike, with ? for parameters; where they differ the database
    says its own: `numbers` and `names` are subqueries that yield the members of a JSON list, which is their parameter.
    """

    name: str
    numbers: str
    names: str
    words: FullText

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        ...

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Generator[tuple[Any, ...], None, None]:
        """Run one statement and yield its rows as they are read; other threads may wait until it is finished."""
        ...

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None without a row."""
        ...

    def many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        ...

    def text(self, value: str | None) -> Any:
        """Return a text as a parameter of CAST(? AS TEXT), where it may hold what is no valid UTF-8."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all statements inside see the same state of the ledger, whatever others commit."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all statements inside together, or none of them if an exception leaves the block."""
        ...

    def alone(self, articles: Sequence[str]) -> None:
        """Wait until no other transaction changes the articles with these ids; others wait until the end of this one.

        Called once in a transaction, for all that it changes: who waits holds no article that another waits for. A
        transaction that can never go on raises Collision; it may be begun once more.
        """
        ...

    def claim(self, source: str, *, wait: bool = False) -> bool:
        """Keep others who write from working on a source until `unclaim`, or until this process ends, however it does.

        Returns False if somebody else has claimed it, or waits for them: with no claim of one's own, or two might wait
        for each other.
        """
        ...

    def unclaim(self, source: str | None = None) -> None:
        """Let go of a source, or of everything that was claimed."""
        ...

    def held(self) -> AbstractContextManager[Snapshot]:
        """Hold the present state until the end of the block, for threads to see within `Snapshot.reading`."""
        ...

    def live(self) -> AbstractContextManager[None]:
        """Let this thread see the present state, in the middle of a snapshot too."""
        ...

    @property
    def here(self) -> bool:
        """Whether it is where it was opened: neither removed, nor replaced by another."""
        ...

    @property
    def held_here(self) -> bool:
        """Whether this thread sees a snapshot."""
        ...

    def beside(self, other: Path | str) -> AbstractContextManager[tuple[str, str]]:
        """Let statements name the tables of this database and of another one by the two prefixes that are yielded."""
        ...

    @property
    def last_id(self) -> int:
        """The highest passage id ever used."""
        ...

    def start_ids_after(self, last: int) -> None:
        """Start passage ids above `last`, where there are no passages yet."""
        ...

    def faults(self) -> list[str]:
        """Return what the database itself finds wrong with its tables."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


Given = ParamSpec("Given")
Result = TypeVar("Result")


def sensible(
    method: Callable[Concatenate[Any, Given], Result],
) -> Callable[Concatenate[Any, Given], Result]:
    """Let a method of what has a `database` raise StoreDamaged, naming it, where stored values make no sense."""

    @wraps(method)
    def checked(self: Any, /, *arguments: Given.args, **named: Given.kwargs) -> Result:
        with meant(self.database.name):
            return method(self, *arguments, **named)

    return checked


@contextmanager
def meant(name: str) -> Iterator[None]:
    """Turn the errors that nonsense among the values stored in `name` leads to into StoreDamaged."""
    try:
        yield
    except NONSENSE as error:
        raise StoreDamaged(f"{name} holds something that makes no sense: {error}.", HINT) from error
