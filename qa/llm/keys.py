"""API keys: read from the environment or a private file, and kept out of every text."""

from __future__ import annotations

import json
import logging
import os
import re
import stat
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from qa.config import expanded
from qa.llm.deadlines import Piece
from vectorstore.errors import AnswererMissing

HIDDEN = "***"
SHORTEST = 8  # characters of base64 that are no coincidence


class Key:
    """An API key that is never printed, logged, compared or pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return f"Key({HIDDEN})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a key cannot be pickled")

    def reveal(self) -> str:
        """Return the key itself, for the header of one request."""
        return self._value


def find_key(variable: str, file: str) -> Key:
    """Return the key from the file, if one is named, or from the environment; an empty key if there is none.

    Raises AnswererMissing if the file is unreadable, readable by others or holds no key, and UsageError for an invalid
    path.
    """
    if file:
        return Key(_usable(_read(expanded(file)), f"The file {file}"))
    return Key(_usable(os.environ.get(variable, ""), f"The variable {variable}"))


def _read(path: Path) -> str:
    try:
        private = os.name == "nt" or not stat.S_IMODE(path.stat().st_mode) & 0o077  # Windows has no such bits
        text = path.read_text("ascii", "replace") if private else ""
    except OSError as error:
        problem = f"The key file {path} cannot be read: {error.strerror}."
    else:
        if private:
            return text
        raise AnswererMissing(f"Other users can read the key file {path}.", f"Run: chmod 600 {path}")
    raise AnswererMissing(problem, "It must exist, belong to you and hold nothing but the key.")


def _usable(value: str, where: str) -> str:
    value = value.strip()
    if value and not (value.isascii() and value.isprintable() and " " not in value):
        raise AnswererMissing(f"{where} does not hold just a key.", "A key is one line without spaces.")
    return value


def scrub(text: str, keys: Iterable[Key]) -> str:
    """Return the text with every key hidden: as it is, as escaped in URLs, JSON and Python, and within base64."""
    for key in keys:
        for form in _forms(key):
            text = text.replace(form, HIDDEN)
    return text


def unspoken(pieces: Iterable[Piece], key: Key) -> Iterator[Piece]:
    """Yield the pieces of an answer with a key hidden, also where one piece begins it and another ends it.

    What may be the beginning of a key is held back until more has come.
    """
    forms, kept = _forms(key), ""
    for piece in pieces:
        if not isinstance(piece, str):
            yield from [kept] * bool(kept)
            kept = ""
            yield piece
        elif piece:
            text = scrub(kept + piece, [key])
            safe = len(text) - _begun(text, forms)
            kept = text[safe:]
            yield from [text[:safe]] * bool(safe)
        else:
            yield piece
    yield from [kept] * bool(kept)


def _begun(text: str, forms: Iterable[str]) -> int:
    """Return how many characters at the end of a text may be the beginning of a form."""
    lengths = (
        next((n for n in range(min(len(form) - 1, len(text)), 0, -1) if text.endswith(form[:n])), 0) for form in forms
    )
    return max(lengths, default=0)


def _forms(key: Key) -> list[str]:
    """Return all that stands for a key, the longest first: what holds another form goes whole."""
    plain = key.reveal()
    if not plain:
        return []
    url = quote(plain, safe="")
    lower = re.sub("%..", lambda found: found[0].lower(), url)
    forms = {plain, url, lower, json.dumps(plain)[1:-1], repr(plain)[1:-1], *_in_base64(plain.encode())}
    return sorted(forms, key=len, reverse=True)


def _in_base64(plain: bytes) -> Iterator[str]:
    """Yield what stands for a key in the base64 of any text that holds it, wherever it begins there."""
    for before in range(3):
        coded = b64encode(bytes(before) + plain).decode()
        own = coded[-(-before * 8 // 6) : (before + len(plain)) * 8 // 6]  # the characters that are the key's alone
        if len(own) >= SHORTEST:
            yield from {own, own.replace("+", "-").replace("/", "_")}


class Scrubbing(logging.Filter):
    """A logging filter that hides a key."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._key = key

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the record's message with a scrubbed one."""
        record.msg, record.args = scrub(record.getMessage(), [self._key]), ()
        return True


@contextmanager
def unlogged(key: Key, loggers: Iterable[str]) -> Iterator[None]:
    """Keep a key out of some loggers for the length of a block."""
    scrubbing, named = Scrubbing(key), [logging.getLogger(name) for name in loggers]
    for logger in named:
        logger.addFilter(scrubbing)
    try:
        yield
    finally:
        for logger in named:
            logger.removeFilter(scrubbing)
