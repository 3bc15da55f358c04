"""The file of answers, which can be resumed after an interruption at any moment."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any

from qa.batch_input import Row
from vectorstore.errors import AppError, UsageError

HALF = ".half"  # the end of a temporary file's name
Answers = dict[tuple[str, str], dict[str, Any]]


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Turn an OSError about the output into an AppError that names it."""
    try:
        yield
    except OSError as error:
        raise AppError(f"{output} cannot be written: {error.strerror}.", "Choose another file with -o.") from error


def replace(path: Path, lines: Sequence[str]) -> None:
    """Replace the file's content atomically, through a temporary file beside it; raises OSError."""
    for left in path.parent.glob(f".{escape(path.name)}.*{HALF}"):  # by a process that was killed
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=HALF)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(f"{line}\n" for line in lines)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


@contextmanager
def appending(output: Path) -> Iterator[Callable[[str], None]]:
    """Yield a function that appends a line to the output, unbuffered; an interrupted write may leave part of a line."""
    with writing(output):
        stream = output.open("ab", buffering=0)

    def append(line: str) -> None:
        data = f"{line}\n".encode()
        with writing(output):
            while data:
                data = data[stream.write(data) :]

    with stream:
        yield append


@dataclass(frozen=True, slots=True)
class RowForm:
    """The form of an output: the field with the row's text, a field only this output has, and nouns for messages."""

    text: str = "question"
    mark: str = "status"
    rows: str = "question"
    lines: str = "answers"


def resume(output: Path, rows: Sequence[Row], form: RowForm = RowForm()) -> Answers:
    """Return the answers already in the output, by row, and cut off an incomplete last line.

    Raises UsageError if the file holds other questions, or is not a file of answers.
    """
    if not output.is_file():
        return {}
    data = output.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    known = {row.name: row for row in rows}
    by_line = iter(rows)
    found: Answers = {}
    # not splitlines: a question may hold U+2028, which JSON leaves as it is
    for number, raw in enumerate(whole.split(b"\n")[:-1], 1):
        value = _parsed(raw, output, number, form)
        name = _name(value, by_line, form)
        if name not in known or name in found:
            raise UsageError(
                f"{output} holds another {form.rows} in line {number}.",
                "Choose another file with -o, or remove this one.",
            )
        found[name] = value
    if len(whole) < len(data):
        _is_torn(data[len(whole) :], output, form)
        with output.open("r+b") as stream:
            stream.truncate(len(whole))
    return found


def _parsed(raw: bytes, output: Path, number: int, form: RowForm) -> dict[str, Any]:
    with suppress(ValueError):
        value = json.loads(raw)
        if isinstance(value, dict) and form.text in value and form.mark in value:
            return value
    raise UsageError(f"{output} is not a file of {form.lines} (line {number}).", "Choose another file with -o.")


def _is_torn(rest: bytes, output: Path, form: RowForm) -> None:
    """Raise UsageError unless a batch can have written the beginning of this last line."""
    if not b'{"id": '.startswith(rest[:7]):
        raise UsageError(f"{output} is not a file of {form.lines}.", "Choose another file with -o.")


def _name(value: dict[str, Any], rows: Iterator[Row], form: RowForm) -> tuple[str, str]:
    """The name of an answer's row; answers without an id belong to the rows without one, in order."""
    if value.get("id") is not None:
        return f"id:{value['id']}", str(value[form.text])
    row = next((row for row in rows if row.key is None), None)
    return (row.name[0] if row else "", str(value[form.text]))
