"""Command line input, typed, named or piped, as texts and filters."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from qa.dates import span
from vectorstore.articles import Filter
from vectorstore.errors import AppError, UsageError


def question(typed: str) -> str:
    """Return the typed question, or the one on standard input for -."""
    return text(None) if typed == "-" else typed


def text(path: Path | None) -> str:
    """Return the text of a file, or of standard input for None; raises AppError if it is not readable UTF-8."""
    try:
        data = piped() if path is None else path.read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise AppError(f"{path or 'Standard input'} is not UTF-8.", "Save it as UTF-8 and try again.") from None
    except OSError as error:
        raise AppError(f"{path or 'Standard input'} cannot be read: {error.strerror}.") from None


def piped() -> bytes:
    """Return everything on standard input, b"" if it is closed."""
    return sys.stdin.buffer.read() if sys.stdin else b""


def scope(publisher: str | None, since: str | None, until: str | None, sources: Sequence[str] | None = None) -> Filter:
    """Return the filter in options or in a row; raises UsageError for invalid dates and empty sources."""
    if any(not source.strip() for source in sources or ()):
        raise UsageError("A source filter is empty.", "Give a source, or a pattern such as --source '*/news/*'")
    return Filter((_valid(publisher),) if publisher else (), *span(since, until), tuple(map(_valid, sources or ())))


def _valid(written: str) -> str:
    """Replace lone surrogates, from a broken argument or a \\ud800 in JSON, which no stored name contains."""
    return written.encode("utf-8", "replace").decode("utf-8")
