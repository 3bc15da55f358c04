"""What was typed, named or piped on the command line, as text and as filters."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from qa.dates import span
from vectorstore.articles import Filter
from vectorstore.errors import AppError, UsageError


def question(typed: str) -> str:
    """Return the question that was typed, or for - the one on standard input."""
    return text(None) if typed == "-" else typed


def text(path: Path | None) -> str:
    """Return the text of a file, or for None of standard input; raises AppError where it is not readable UTF-8."""
    try:
        data = piped() if path is None else path.read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise AppError(f"{path or 'Standard input'} is not UTF-8.", "Save it as UTF-8 and try again.") from None
    except OSError as error:
        raise AppError(f"{path or 'Standard input'} cannot be read: {error.strerror}.") from None


def piped() -> bytes:
    """Return all that stands on standard input; nothing where that is closed."""
    return sys.stdin.buffer.read() if sys.stdin else b""


def scope(publisher: str | None, since: str | None, until: str | None, sources: Sequence[str] | None = None) -> Filter:
    """Return the filter that options or a row ask for; raises UsageError for dates or sources that cannot be meant."""
    if any(not source.strip() for source in sources or ()):
        raise UsageError("A source to filter by is empty.", "Name one, or a part of it with *: --source '*/news/*'")
    return Filter(_valid(publisher) if publisher else None, *span(since, until), tuple(map(_valid, sources or ())))


def _valid(written: str) -> str:
    """Half a character, from a torn argument or a \\ud800 in JSON, is in no name that was stored."""
    return written.encode("utf-8", "replace").decode("utf-8")
