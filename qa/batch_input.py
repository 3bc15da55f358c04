"""Reads a batch's rows, questions or statements, from JSONL, CSV, TSV or plain lines."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.cli_input import scope
from qa.dates import last_day
from qa.types import Question, Turn
from vectorstore.articles import Filter
from vectorstore.errors import UsageError

FORMATS = ("jsonl", "csv", "text")
ENDINGS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
}
DELIMITERS = ",;\t|"
OWN = ("id", "question", "text", "history", "asked", "since", "until", "publisher")


@dataclass(frozen=True, slots=True)
class Row:
    """A question or a statement of a batch.

    `key` is its id as written, or None; `line` counts from 1; `given` is passed through.
    """

    line: int
    key: Any
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """The row's identity in an output: its id, or its line if it has none, and its text."""
        return (f"id:{self.key}" if self.key is not None else f"line:{self.line}", self.text)

    @property
    def given(self) -> dict[str, Any]:
        """The fields that are passed through."""
        return {key: value for key, value in self.fields.items() if key not in OWN}

    def question(self) -> Question:
        """Return the question to ask; raises UsageError for an invalid row."""
        if self.problem:
            raise UsageError(self.problem)
        get = self.fields.get
        asked = last_day(str(get("asked"))) if get("asked") else None
        return Question(self.text, history(get("history")), asked, _scope(self.fields))


def rows(text: str, kind: str, field: str = "question") -> list[Row]:
    """Return the rows of a file's text; raises UsageError for duplicate ids, naming their lines.

    `field` is the field or column with a row's text.
    """
    found = list({"jsonl": _jsonl, "csv": _csv, "text": _lines}[kind](text, field))
    seen: dict[str, int] = {}
    for row in found:
        if row.key is not None and (first := seen.setdefault(str(row.key), row.line)) != row.line:
            raise UsageError(f"Lines {first} and {row.line} have the same id {row.key!r}.", "Give each row its own id.")
    return found


def kind_of(path: Path | None, given: str | None, formats: Sequence[str] = FORMATS) -> str:
    """Return a file's format: the one given, or the one of its extension; raises UsageError for an unknown name."""
    if given:
        if given not in formats:
            raise UsageError(f"There is no format {given!r}.", f"Formats: {', '.join(formats)}.")
        return given
    found = ENDINGS.get(path.suffix.lower() if path else "", "text")
    return found if found in formats else "text"


def _jsonl(text: str, field: str) -> Iterator[Row]:
    for number, raw in enumerate(text.split("\n"), 1):
        if not raw.strip():
            continue
        try:
            value = json.loads(raw, parse_constant=_finite, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            yield Row(number, None, "", problem=f"line {number} is not JSON: {error}")
            continue
        if not isinstance(value, dict) or not isinstance(value.get(field), str):
            yield Row(number, _key(value), "", problem=f"line {number} has no {field}")
        else:
            yield Row(number, value.get("id"), value[field], value)


def _finite(written: str) -> float:
    """A number; NaN, Infinity and 1e999 are not valid JSON, and passing them through would corrupt the answers."""
    if not math.isfinite(value := float(written)):
        raise ValueError(f"{written} is not a JSON number")
    return value


def _key(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else None


def _csv(text: str, field: str) -> Iterator[Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text, field))
    try:
        names = _columns(reader.fieldnames or (), field)
        for row in reader:
            fields = {name: row[column] or "" for column, name in names.items()}
            yield Row(reader.line_num, fields.get("id") or None, fields[field], fields)
    except csv.Error as error:
        raise UsageError(f"The CSV file cannot be read at line {reader.line_num + 1}: {error}.") from None


def _delimiter(text: str, field: str) -> str:
    """Return the delimiter with which the first line has a column of that name, else a comma.

    Spreadsheets write semicolons where the comma is the decimal sign, and tabs when text is copied out of them.
    """
    header = text.lstrip().split("\n", 1)[0]
    parted = {sign: [_column(name.strip(' "\r')) for name in header.split(sign)] for sign in DELIMITERS}
    return next((sign for sign, names in parted.items() if field in names), ",")


def _columns(header: Sequence[str], field: str) -> dict[str, str]:
    """Map the columns as written to their names; raises UsageError if two share a name, or none is `field`."""
    names = {written: _column(written) for written in header if written}
    counts = Counter(_column(written) for written in header if written)
    if twice := [name for name, count in counts.items() if count > 1]:
        raise UsageError(f"The CSV file has two columns named {twice[0]}.", "Give each column its own name.")
    if field not in counts:
        raise UsageError(f"The CSV file has no column named {field}.", "Its first line must name the columns.")
    return names


def _column(written: str) -> str:
    """Return a column's name: in lower case if it is one of ours, otherwise as written."""
    name = written.strip()
    return name.lower() if name.lower() in OWN else name


def _lines(text: str, _: str) -> Iterator[Row]:
    for number, raw in enumerate(text.split("\n"), 1):
        if raw.strip():
            yield Row(number, None, raw.strip())


def history(value: Any) -> tuple[Turn, ...]:
    """Return the turns before a question, from a list of questions or answers; raises UsageError for anything else."""
    turns = value if isinstance(value, list) else [value] if value else []
    found = []
    for turn in turns:
        if isinstance(turn, str):
            found.append(Turn(turn))
        elif isinstance(turn, dict) and isinstance(turn.get("question"), str):
            found.append(Turn(turn["question"], _quotes(turn)))
        else:
            raise UsageError("history must be a list of questions, or of objects with question and answer.")
    return tuple(found)


def _quotes(turn: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The quotes under a turn's answer if it is a row of answers, else the answer itself; None without an answer."""
    answer, cited = turn.get("answer"), turn.get("citations")
    if not isinstance(answer, str):
        return None
    if not isinstance(cited, list):
        return (answer,)
    return tuple(c["quote"] for c in cited if isinstance(c, dict) and isinstance(c.get("quote"), str))


def _scope(fields: Mapping[str, Any]) -> Filter:
    get = fields.get
    publisher = get("publisher") or None
    if not isinstance(publisher, str | None):
        raise UsageError(f"publisher must be a name, not {publisher!r}.", "A row has one publisher or none.")
    since, until = (str(get(name)) if get(name) else None for name in ("since", "until"))
    return scope(publisher, since, until)
