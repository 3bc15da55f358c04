"""From the PATHs that a user names to the files that are read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.types import Failure
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_PAGE_FILES = re.compile(  # as browsers name it in their languages
    r"(?P<page>.+)[._-](?:files|file|dateien|fichiers|archivos|arquivos|ficheiros|bestanden|filer|filler|tiedostot|pliki"
    r"|soubory|elemei|dosyalar|fitxers|datoteke|failid|fails|bylos|fajlovi|fitxategiak|karup)",
    re.I,
)
_WITHIN = re.compile(r"(?:(?<=\.zip)|(?<=\.eml)|(?<=\.mbox)#\d+)!/.*|#\d+\Z", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths, held as their names: a Path takes six times the memory."""

    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Paths:
        """Return the paths, in this order."""
        return cls(tuple(map(str, paths)))

    def __iter__(self) -> Iterator[Path]:
        return map(Path, self.names)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files to read and those that nobody reads (resolved, sorted, each once), the paths that failed, and what is
    left out for a reason."""

    files: Paths = Paths()
    unread: Paths = Paths()
    failures: tuple[Failure, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or folder that could be read and is not, and why."""

    source: str
    reason: str


def find(
    paths: Sequence[Path], exclude: Sequence[str] = (), *, takes: Callable[[Path], bool], follow: bool = False
) -> FoundFiles:
    """List the files under `paths`; never raises for a path that is missing or closed, but UsageError for a pattern.

    A file given by name is always listed. In folders, at any depth, hidden entries and those that match an `exclude`
    pattern (as in .gitignore, relative to the folder) are left out, and files that nothing `takes` are not read. Links
    that lead out of a folder are left out too, unless `follow` is true.
    """
    spec = _spec(exclude)
    files: set[str] = set()
    unread: set[str] = set()
    failures: list[Failure] = []
    left_out: list[LeftOut] = []
    for path in paths:
        named = not _is_folder(path)
        for entry in _under(path, spec, follow):
            if isinstance(entry, Failure):
                failures.append(entry)
            elif isinstance(entry, LeftOut):
                left_out.append(entry)
            else:
                (files if named or takes(entry) else unread).add(str(entry))
    unread -= files
    return FoundFiles(_sorted(files), _sorted(unread), tuple(failures), tuple(left_out))


def _sorted(names: Iterable[str]) -> Paths:
    """Paths in the order of their parts."""
    return Paths(tuple(sorted(names, key=lambda name: name.replace(os.sep, "\0"))))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long, which `_under` tells
        return False


def _spec(exclude: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # 0.04 s

    for pattern in exclude:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error):
            hint = "Patterns are written as in .gitignore: *.tmp, drafts/, /old."
            raise UsageError(f"{pattern!r} is no pattern to leave files out by.", hint) from None
    return GitIgnoreSpec.from_lines(exclude)


Found = Path | Failure | LeftOut


def _under(path: Path, spec: GitIgnoreSpec, follow: bool) -> Iterator[Found]:
    """Yield the resolved files at or under one PATH, and a Failure for what cannot be listed."""
    try:
        real = path.resolve(strict=True)
        if real.is_dir():
            yield from _Walk(real, spec, follow).files(real, real)
        elif real.is_file():
            yield real
        else:
            yield Failure(name_of(path), "not a regular file")
    except FileNotFoundError:
        yield Failure(name_of(path), "no such file or folder")
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links; ValueError: NUL in a name
        yield Failure(name_of(path), reason(error))


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through a folder, depth first; what was `seen` under another name (a link, a loop of links) is done."""

    root: Path
    spec: GitIgnoreSpec
    follow: bool
    seen: set[Path] = field(default_factory=set)

    def files(self, folder: Path, real: Path) -> Iterator[Found]:
        """Yield the files in a folder, whose resolved path is `real`."""
        if real in self.seen:
            return
        self.seen.add(real)
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            yield Failure(name_of(folder), reason(error))
            return
        names = {entry.name for entry in entries}
        for entry in entries:
            if not entry.name.startswith("."):
                yield from self._entry(entry, folder, real, names)

    def _entry(self, entry: os.DirEntry[str], folder: Path, real: Path, names: Collection[str]) -> Iterator[Found]:
        path = folder / entry.name
        target = path if folder == real else real / entry.name
        if self._excluded(path, ""):
            return
        if entry.is_symlink():
            target = path.resolve()
            if not self.follow and not target.is_relative_to(self.root):
                yield LeftOut(name_of(path), f"a link out of the folder, to {name_of(target)} (see --follow-links)")
                return
        if path.is_dir() if entry.is_symlink() else entry.is_dir():  # a path knows what a loop of links is
            if not _is_of_page(entry.name, names) and not self._excluded(path, "/"):
                yield from self.files(path, target)
        elif path.is_file() if entry.is_symlink() else entry.is_file():
            yield target

    def _excluded(self, path: Path, slash: str) -> bool:
        return bool(self.spec.patterns) and self.spec.match_file(path.relative_to(self.root).as_posix() + slash)


def _is_of_page(folder: str, beside: Collection[str]) -> bool:
    """Tell whether a folder holds the pictures and frames of a page that a browser saved whole beside it."""
    match = _PAGE_FILES.fullmatch(folder)
    return match is not None and any(f"{match['page']}{ending}" in beside for ending in (".html", ".htm", ".xhtml"))


def name_of(path: Path) -> str:
    """Return a path as text that UTF-8 can store; bytes of a name that are not UTF-8 are spelled out."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def file_of(source: str) -> str:
    """Return the file that a source of an article stands for or in: a row of a dump, a member of an archive."""
    return _WITHIN.sub("", source)


def reason(error: Exception) -> str:
    """Say in a few words why the system refused."""
    if isinstance(error, PermissionError):
        return "permission denied"
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
