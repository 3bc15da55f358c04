"""What an archive follows: feeds and sitemaps, with what was seen of each, in a file beside the ledger.

A file of its own, so that noting what was seen needs no writer's lock: an ingest may take minutes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from qa.ingest.web.fetched import NOTHING, Validators
from vectorstore.errors import AppError, StoreDamaged, UsageError
from vectorstore.lock import locked

FILE = "following.json"
LOCK = "following.lock"


@dataclass(frozen=True, slots=True)
class Followed:
    """A feed or a sitemap: its address, what it calls itself, when it was last looked into (ISO, UTC), and its state.

    `seen` are the pages (vectorstore.urls.page_of) that are done with: taken in, or not to be had.
    """

    address: str
    title: str = ""
    looked: str = ""
    validators: Validators = NOTHING
    seen: frozenset[str] = frozenset()


class Following:
    """The feeds of one archive; each change is on the disk when the call returns. Raises StoreDamaged."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, folder / FILE

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep another process from following at the same time; raises StoreLocked while one does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with locked(self._folder / LOCK):
            yield

    def list(self) -> list[Followed]:
        """Return what is followed, in the order in which it was added."""
        try:
            rows = json.loads(self._path.read_text("utf-8"))
            return [_followed(row) for row in rows]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise StoreDamaged(
                f"{self._path} cannot be read: {error}.", "Remove it, and follow the feeds again."
            ) from error

    def save(self, followed: Followed) -> None:
        """Keep the state of a feed, which is added where it is new."""
        known = {one.address: one for one in self.list()}
        self._write([*({**known, followed.address: followed}).values()])

    def remove(self, address: str) -> None:
        """Follow a feed no longer; what was taken in of it stays. Raises UsageError where it is not followed."""
        known = self.list()
        left = [one for one in known if one.address != address]
        if len(left) == len(known):
            raise UsageError(f"{address} is not followed.", "See what is with: qa follow --list")
        self._write(left)

    def _write(self, followed: Iterable[Followed]) -> None:
        rows = [{**asdict(one), "seen": sorted(one.seen)} for one in followed]
        spare = self._path.with_name(f"{FILE}-new")
        try:
            with spare.open("w", encoding="utf-8") as stream:
                json.dump(rows, stream, ensure_ascii=False, indent=1)
                stream.flush()
                os.fsync(stream.fileno())
            spare.replace(self._path)
        except OSError as error:
            raise AppError(f"{self._path} cannot be written: {error}.", "Check the folder's permissions.") from error


def _followed(row: dict[str, object]) -> Followed:
    known = Followed(str(row["address"]), str(row["title"]), str(row["looked"]))
    return replace(known, validators=Validators(**row["validators"]), seen=frozenset(row["seen"]))  # type: ignore[arg-type, call-overload]  # our own JSON
