"""A thousand questions overnight: in order, resumable, each answer on disk as soon as it is there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from qa.assistant import Assistant
from qa.render import answer_json, dumped, failed_json
from qa.rows import Row
from qa.types import Progress
from vectorstore.errors import AppError, UsageError

Answers = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch came to, in rows."""

    answered: int
    abstained: int
    failed: int


def answer_row(assistant: Assistant, row: Row) -> dict[str, Any]:
    """Return the answer of one row as JSON; a row that fails says why."""
    try:
        return answer_json(assistant.answer(row.question()), row.key, row.given)
    except AppError as error:
        message = f"{error.message} {error.hint}".strip()
        return failed_json(row.text, message, row.key, row.given, assistant.answerer.name)


def run(
    assistant: Assistant, rows: Sequence[Row], output: Path | None, stdout: TextIO, *, retry: bool = False
) -> Iterator[Progress | Done]:
    """Answer the rows in order, yielding Progress and at last Done.

    An output that is there already is continued: its answers stay, a torn last line is dropped. With `retry` its
    failed rows are asked again first, and the file is written anew. Raises UsageError when the output holds other
    questions, AppError when it cannot be written.
    """
    if output is None:
        yield from _all(assistant, rows, {}, lambda value: print(dumped(value), file=stdout, flush=True))
        return
    with _writing(output):
        earlier = _resume(output, rows)
        output.open("ab").close()
    if retry:
        yield from _again(assistant, rows, earlier, output)
    with _writing(output):
        stream = output.open("ab", buffering=0)  # a line is on its way to the disk at once, and nothing is left behind

    def append(value: dict[str, Any]) -> None:
        data = f"{dumped(value)}\n".encode()
        with _writing(output):
            while data:
                data = data[stream.write(data) :]

    with stream:
        yield from _all(assistant, rows, earlier, append)


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    """Turn what the system says of the output into an AppError that names it."""
    try:
        yield
    except OSError as error:
        raise AppError(f"{output} cannot be written: {error.strerror}.", "Name another file with -o.") from error


def _all(
    assistant: Assistant, rows: Sequence[Row], earlier: Answers, write: Callable[[dict[str, Any]], None]
) -> Iterator[Progress | Done]:
    values = []
    for at, row in enumerate(rows, 1):
        value = earlier.get(row.name)
        if value is None:
            value = answer_row(assistant, row)
            write(value)
        values.append((value.get("status") == "error", bool(value.get("answered"))))
        yield Progress("answer", at, len(rows), row.text)
    failed = sum(error for error, _ in values)
    answered = sum(answered for _, answered in values)
    yield Done(answered, len(values) - failed - answered, failed)


def _again(assistant: Assistant, rows: Sequence[Row], earlier: Answers, output: Path) -> Iterator[Progress]:
    """Ask the failed rows again, into `earlier` and into the file; a stop keeps what was answered until then."""
    failed = [row for row in rows if earlier.get(row.name, {}).get("status") == "error"]
    try:
        for at, row in enumerate(failed, 1):
            earlier[row.name] = answer_row(assistant, row)
            yield Progress("retry", at, len(failed), row.text)
    finally:
        if failed:
            with _writing(output):
                _rewrite(output.resolve(), [earlier[row.name] for row in rows if row.name in earlier])


def _rewrite(output: Path, values: Sequence[dict[str, Any]]) -> None:
    """Put the answers in the place of the file in one step, through a temporary file beside it."""
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.writelines(dumped(value) + "\n" for value in values)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(output, name)
        Path(name).replace(output)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _resume(output: Path, rows: Sequence[Row]) -> Answers:
    """Return the answers that stand in the output already, by row; cuts off a torn last line."""
    if not output.is_file():
        return {}
    data = output.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    known = {row.name: row for row in rows}
    by_line = iter(rows)
    found: Answers = {}
    # not splitlines: a question may hold U+2028, which JSON leaves as it is
    for number, raw in enumerate(whole.split(b"\n")[:-1], 1):
        value = _parsed(raw, output, number)
        name = _name(value, by_line)
        if name not in known or name in found:
            raise UsageError(
                f"{output} holds another question in line {number}.", "Give another file with -o, or remove this one."
            )
        found[name] = value
    if len(whole) < len(data):
        _is_torn(data[len(whole) :], output)
        with output.open("r+b") as stream:
            stream.truncate(len(whole))
    return found


def _parsed(raw: bytes, output: Path, number: int) -> dict[str, Any]:
    with suppress(ValueError):
        value = json.loads(raw)
        if isinstance(value, dict) and "question" in value and "status" in value:
            return value
    raise UsageError(f"{output} is no file of answers (line {number}).", "Give another file with -o.")


def _is_torn(rest: bytes, output: Path) -> None:
    """Raise UsageError where an unfinished last line is nothing that a batch has begun to write."""
    if not b'{"id": '.startswith(rest[:7]):
        raise UsageError(f"{output} is no file of answers.", "Give another file with -o.")


def _name(value: dict[str, Any], rows: Iterator[Row]) -> tuple[str, str]:
    """The row's name of an answer; answers without an id belong to the rows without one, in order."""
    if value.get("id") is not None:
        return f"id:{value['id']}", str(value["question"])
    row = next((row for row in rows if row.key is None), None)
    return (row.name[0] if row else "", str(value["question"]))
