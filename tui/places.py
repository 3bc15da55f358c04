"""Places that articles come from, as people type them: several, quoted, dragged into the terminal, half a name."""

from __future__ import annotations

import difflib
import heapq
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote, urlsplit

SHOWN = 50  # names offered at once
QUOTES = "'\""
ESCAPES = os.name != "nt"  # where a backslash parts folders, it protects nothing
_SPECIAL = re.compile(r"([\s'\"\\])" if ESCAPES else r"(?!)")


@dataclass(frozen=True, slots=True)
class Word:
    """A part of what was typed, at `start` … `end`, and what it stands for; `quote` is the mark it begins with."""

    start: int
    end: int
    value: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A name that what was typed may go on to: the whole text with it, and how the name is shown."""

    text: str
    shown: str


def words(typed: str) -> list[Word]:
    """Part what was typed at blanks, as a shell does; a quotation mark that is never closed reaches to the end."""
    return list(_words(typed))


def _words(typed: str) -> Iterator[Word]:
    at = 0
    while at < len(typed):
        if typed[at].isspace():
            at += 1
            continue
        end, value = _word(typed, at)
        yield Word(at, end, value, typed[at] if typed[at] in QUOTES else "")
        at = end


def _word(typed: str, at: int) -> tuple[int, str]:
    value, quote = "", ""
    while at < len(typed):
        mark = typed[at]
        if ESCAPES and mark == "\\" and quote != "'" and at + 1 < len(typed):
            at += 1
            value += typed[at]
        elif quote:
            quote, value = ("", value) if mark == quote else (quote, value + mark)
        elif mark in QUOTES:
            quote = mark
        elif mark.isspace():
            break
        else:
            value += mark
        at += 1
    return at, value


def is_address(text: str) -> bool:
    """Tell whether a place is one of the web."""
    return text.lower().startswith(("http://", "https://"))


def home(text: str) -> Path:
    """Return a path with ~ for the user's folder; the home of nobody stays as it is typed."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def places(typed: str) -> list[str]:
    """Return the places that were typed: web addresses as they are, paths whole, with ~ and file:// resolved."""
    whole, parts = typed.strip(), words(typed)
    if whole and not is_address(whole) and (_exists(home(whole)) or _is_one(parts)):
        return [_place(whole)]
    return list(dict.fromkeys(_place(word.value) for word in parts))


def _is_one(parts: Sequence[Word]) -> bool:
    """Tell whether words are one path with blanks that nobody protected: no later one looks like a path or is there."""
    later = parts[1:]
    return bool(later) and not any(
        word.quote or "/" in word.value or word.value.startswith("~") or _exists(Path(word.value)) for word in later
    )


def _place(value: str) -> str:
    if is_address(value):
        return value
    if value.lower().startswith("file://"):  # as some desktops drop it
        value = unquote(urlsplit(value).path)
    path = home(value)
    return value if path.parts[:1] and path.parts[0].startswith("~") else str(path.absolute())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long a name; NUL in it
        return False


def fault(typed: str) -> str:
    """Return what is wrong with what was typed, in a sentence; "" for nothing. Looks at the disk."""
    found = places(typed)
    if not found:
        return "Type a folder, a file or a web address."
    return next(filter(None, map(_fault, found)), "")


def _fault(place: str) -> str:
    if is_address(place):
        return "" if urlsplit(place).hostname else f"{place} is no whole web address."
    path = Path(place)
    if place.startswith("~"):
        return f"There is no home folder {path.parts[0]}."
    if not _exists(path):
        return _missing(path)
    if not os.access(path, os.R_OK):
        return f"You may not read {_told(path)}."
    return ""


def _told(path: Path) -> str:
    """Return a path as people say it, the home folder as ~."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def _missing(path: Path) -> str:
    last = next((folder for folder in path.parents if _exists(folder)), None)
    said = f"There is no {_told(path)}."
    if last is None:
        return said
    looked = path.relative_to(last).parts[0]
    near = difflib.get_close_matches(looked, _names(last), n=1, cutoff=0.6)
    if near:
        return f"{said} Did you mean {_told(last / near[0])}?"
    return said if last == path.parent else f"{said} {_told(last)} is there, with no {looked} in it."


def _names(folder: Path, most: int = 5_000) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry, _ in zip(entries, range(most), strict=False)]
    except OSError:
        return []


def offers(typed: str, stopped: Callable[[], bool] = lambda: False) -> list[Offer]:
    """Return how the last of the typed paths may go on, folders first; hidden names where a dot was typed.

    `stopped` is asked now and then, as a folder may hold millions. Looks at the disk.
    """
    parts = words(typed)
    if _is_one(parts):
        whole = Word(parts[0].start, len(typed), typed[parts[0].start :])
        if found := _under(whole, typed, stopped):
            return found
    last = parts[-1] if parts else Word(0, 0, "")
    if last.end < len(typed):  # a blank was typed, and another path begins
        last = Word(len(typed), len(typed), "")
    return _under(last, typed, stopped)


def _under(word: Word, typed: str, stopped: Callable[[], bool]) -> list[Offer]:
    if is_address(word.value):
        return []
    if word.value == "~":
        return [Offer(typed + "/", "~/")]
    folder, slash, begun = word.value.rpartition("/")
    found = _matching(home(folder + slash) if slash else Path(), begun, stopped)
    return [Offer(typed[: word.start] + _written(folder + slash + name, word.quote), name) for name in found]


def _matching(folder: Path, begun: str, stopped: Callable[[], bool]) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = heapq.nsmallest(SHOWN, _entries(entries, begun.casefold(), stopped))
    except (OSError, ValueError):
        return []
    return [name for _, _, name in found]


def _entries(
    entries: Iterator[os.DirEntry[str]], begun: str, stopped: Callable[[], bool]
) -> Iterator[tuple[bool, str, str]]:
    """Yield what begins like this, to be sorted: whether it is a file, its name to sort by, its name to show."""
    for at, entry in enumerate(entries):
        if at % 1000 == 0 and stopped():
            return
        name = entry.name
        if not name.casefold().startswith(begun) or (name.startswith(".") and not begun.startswith(".")):
            continue
        is_folder = _is_folder(entry)
        yield not is_folder, name.casefold(), f"{name}/" if is_folder else name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link into a folder that may not be looked into
        return False


def _written(path: str, quote: str) -> str:
    """Return a path as it is to be typed, so that blanks in it part nothing."""
    return quote + path if quote else _SPECIAL.sub(r"\\\1", path)


def begun_alike(found: Sequence[Offer]) -> str:
    """Return the text as far as all offers go on alike."""
    texts = [offer.text for offer in found]
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(min(texts), max(texts), strict=False)) if texts else ()
    return "".join(one for one, _ in alike)
