"""ZIP archives of files of any known kind; nothing of them is ever written under its own name."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from qa.ingest.kinds.packed import DAMAGE, UnpackBudget, problem_of
from qa.ingest.raw import ArticleReader, RawArticle
from qa.types import Failure
from vectorstore.errors import Unreadable

LARGEST = 2 * 2**30  # bytes to which one member may unpack
UNPACKED = 8 * 2**30  # and all of them
MOST = 100_000  # members
DEEPEST = 3  # archives within archives


class ZipReader:
    """Reads what `known` readers read, also in archives within the archive; a source is "archive.zip!/name"."""

    def __init__(self, known: Sequence[ArticleReader], depth: int = 1, budget: UnpackBudget | None = None) -> None:
        self._known, self._depth = known, depth
        self._budget = budget

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(".zip")

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the articles in the members, in the order of their names."""
        budget = self._budget or UnpackBudget(UNPACKED)
        inner = (*self._known, *([ZipReader(self._known, self._depth + 1, budget)] if self._depth < DEEPEST else []))
        try:
            with zipfile.ZipFile(stream) as archive:
                chosen = [(member, reader) for member in _members(archive) if (reader := _reader(member, inner))]
                for member, reader in chosen:
                    yield from _unpacked(archive, member, reader, f"{source}!/{member.filename}", budget)
        except Unreadable as error:
            yield Failure(source, error.message)
        except DAMAGE as error:
            yield Failure(source, problem_of(error, "archive"))
        else:
            if not chosen:
                yield Failure(source, "the archive holds no file of a known kind")


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST:
        raise Unreadable(f"the archive holds {len(members):,} files; at most {MOST:,} are read")
    return sorted(members, key=lambda member: member.filename)


def _reader(member: zipfile.ZipInfo, known: Sequence[ArticleReader]) -> ArticleReader | None:
    """Who reads a member; nobody what is hidden, as in folders, and what macOS stores beside each file."""
    parts = _path(member).parts
    if "__MACOSX" in parts or any(part.startswith(".") and part != ".." for part in parts):
        return None
    return next((reader for reader in known if reader.takes(member.filename)), None)


def _path(member: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(member.filename.replace("\\", "/"))


def _unpacked(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, reader: ArticleReader, source: str, budget: UnpackBudget
) -> Iterator[RawArticle | Failure]:
    path = _path(member)
    if path.is_absolute() or ".." in path.parts:
        yield Failure(source, "its name leads out of the archive")
        return
    with tempfile.SpooledTemporaryFile(2**26) as unpacked:
        try:
            budget.unpack(archive, member, unpacked, LARGEST)  # type: ignore[arg-type]  # binary in all but its type
        except Unreadable as error:
            if budget.spent:
                raise
            yield Failure(source, error.message)
            return
        except DAMAGE as error:
            yield Failure(source, problem_of(error, "file"))
            return
        if not unpacked.tell():
            yield Failure(source, "the file is empty (0 bytes)")
            return
        unpacked.seek(0)
        yield from reader.read(unpacked, source)  # type: ignore[arg-type]
