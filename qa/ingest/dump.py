"""Dumps: one JSON object a line, an article each, compressed or not, read as a stream of any length."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO, cast

from qa.ingest import encoding, fields
from qa.ingest.markup import looks_like_html, plain_text
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.articles import counted

ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
LONGEST_ROW = 64 * 1024 * 1024  # bytes


class JsonlReader:
    """Reads JSON lines; `mapping` (field → key) says where a dump keeps title, url, text, published and so on."""

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._mapping = dict(mapping or {})

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether it is a dump."""
        return name.lower().endswith(ENDINGS)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield an article a row; a broken row is a Failure named `source#line`, a broken archive ends with one."""
        rows = 0
        try:
            for number, line in _lines(_inflated(stream)):
                rows += 1
                yield self._draft(line, f"{source}#{number}")
        except (EOFError, OSError, zlib.error) as error:
            yield Failure(
                source, f"the file is damaged after {counted(rows, 'row')} that could be read ({_short(error)})"
            )
            return
        if not rows:
            yield Failure(source, "the dump holds no rows")

    def _draft(self, line: bytes, place: str) -> RawArticle | Failure:
        row = _parse(line)
        if isinstance(row, str):
            return Failure(place, row)
        taken = fields.take(row, "json", self._mapping)
        text = taken.pop("text", ("", ""))[0]
        if looks_like_html(text):
            text = plain_text(text)
        if not text.strip():
            return Failure(place, "the row has no text")
        facts = {name: value for name, (value, _) in taken.items()}
        found = {name: how for name, (_, how) in taken.items()}
        return RawArticle(facts.get("url") or place, line, text, TextFormat.RECORD, facts, found, place=place)


def looks_like_rows(text: str) -> bool:
    """Tell whether text begins with a JSON object on a line of its own."""
    first = text.lstrip().split("\n", 1)[0]
    return first.startswith("{") and isinstance(_parse(first.encode("utf-8", "surrogatepass")), dict)


def _parse(line: bytes) -> dict[str, object] | str:
    """Return the row's object, or the reason why there is none."""
    if len(line) > LONGEST_ROW:
        return f"the row is longer than {LONGEST_ROW // 2**20} MB"
    try:
        row = json.loads(encoding.decode(line).text)
    except RecursionError:
        return "the row is nested too deeply"
    except ValueError as error:
        return f"not a JSON object ({_short(error)})"
    return row if isinstance(row, dict) else "not a JSON object"


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line) of the rows that are not blank; of an over-long line only its first bytes."""
    number = 0
    while line := stream.readline(LONGEST_ROW + 1):
        number += 1
        rest = line
        while not rest.endswith(b"\n") and (rest := stream.readline(LONGEST_ROW)):
            pass  # the rest of an over-long line is read past, never held
        if line.strip():
            yield number, line.rstrip(b"\r\n")


def _inflated(stream: BinaryIO) -> BinaryIO:
    """Unpack gzip, told by its first two bytes; the name may lie."""
    head = stream.read(2)
    stream.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if head == b"\x1f\x8b" else stream


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:100] or type(error).__name__
