"""From the PATHs that a user names to the files that are read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
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
class FoundFiles:
    """The files to read and those that nobody reads (resolved, sorted, each once), and the paths that failed."""

    files: tuple[Path, ...]
    unread: tuple[Path, ...] = ()
    failures: tuple[Failure, ...] = ()


def find(paths: Sequence[Path], exclude: Sequence[str] = (), *, takes: Callable[[Path], bool]) -> FoundFiles:
    """List the files under `paths`; never raises for a path that is missing or closed, but UsageError for a pattern.

    A file given by name is always listed. In folders, at any depth, hidden entries and those that match an `exclude`
    pattern (as in .gitignore, relative to the folder) are left out, and files that nothing `takes` are not read.
    """
    spec = _spec(exclude)
    files: set[Path] = set()
    unread: set[Path] = set()
    failures: list[Failure] = []
    for path in paths:
        for entry in _under(path, spec):
            if isinstance(entry, Failure):
                failures.append(entry)
            else:
                (files if takes(entry) or not path.is_dir() else unread).add(entry)
    return FoundFiles(tuple(sorted(files)), tuple(sorted(unread - files)), tuple(failures))


def _spec(exclude: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # 0.04 s

    for pattern in exclude:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error):
            hint = "Patterns are written as in .gitignore: *.tmp, drafts/, /old."
            raise UsageError(f"{pattern!r} is no pattern to leave files out by.", hint) from None
    return GitIgnoreSpec.from_lines(exclude)


def _under(path: Path, spec: GitIgnoreSpec) -> Iterator[Path | Failure]:
    """Yield the resolved files at or under one PATH, and a Failure for what cannot be listed."""
    try:
        real = path.resolve(strict=True)
        if real.is_dir():
            yield from _walk(real, real, spec, set())
        elif real.is_file():
            yield real
        else:
            yield Failure(name_of(path), "not a regular file")
    except FileNotFoundError:
        yield Failure(name_of(path), "no such file or folder")
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links; ValueError: NUL in a name
        yield Failure(name_of(path), reason(error))


def _walk(folder: Path, root: Path, spec: GitIgnoreSpec, seen: set[Path]) -> Iterator[Path | Failure]:
    """Walk depth first; a folder that was seen under another name (a link, a loop of links) is not walked again."""
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Failure(name_of(folder), reason(error))
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        path = folder / entry.name
        relative = path.relative_to(root).as_posix()
        if entry.name.startswith(".") or spec.match_file(relative):
            continue
        if path.is_dir():
            if _is_of_page(entry.name, names):
                continue
            if not spec.match_file(relative + "/"):
                yield from _walk(path, root, spec, seen)
        elif path.is_file():
            yield path.resolve()


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
