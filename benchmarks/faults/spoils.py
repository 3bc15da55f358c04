"""Kinds of damage: what can happen to any file, and nonsense of each kind of file."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

Spoil = Callable[[Path, random.Random], None]
CONFIGS: Mapping[str, bytes] = {
    "bytes": bytes(range(256)),
    "nul": b"[search]\0\n",
    "unclosed": b"[search",
    "no value": b"[search]\nper_article =\n",
    "a word for a number": b'[search]\nper_article = "five"\n',
    "below zero": b"[search]\nper_article = -5\n",
    "a huge number": b"[search]\nper_article = 99999999999999999999999999\n",
    "no number": b"[answer]\nmin_confidence = nan\n",
    "infinite": b"[answer]\nmin_confidence = inf\n",
    "a list": b"search = [1, 2]\n",
    "an unknown table": b"[serch]\nx = 1\n",
    "an unknown key": b"[search]\nper_artikel = 1\n",
    "a key twice": b"[search]\nper_article = 1\nper_article = 2\n",
    "utf-16": "[search]\nper_article = 5\n".encode("utf-16"),
    "latin-1": "# naïve\n".encode("latin-1"),
    "deep": b"x = " + b"[" * 5_000 + b"]" * 5_000 + b"\n",
    "a long line": b"# " + b"x" * 10**6 + b"\n",
    "a date": b"[search]\nper_article = 1979-05-27\n",
    "words": b"lorem ipsum dolor\n" * 1_000,
    "a key with a newline": b'"a\\nb" = 1\n',
}
FEEDS: Mapping[str, bytes] = {
    "bytes": bytes(range(256)),
    "empty": b"",
    "cut": b'[{"address": "https://exa',
    "a number": b"7",
    "a list of numbers": b"[1, 2]",
    "rows of nothing": b"[{}]",
    "nonsense in a row": b'[{"address": 1, "title": [], "looked": {}, "validators": 7, "seen": 7}]',
    "nothing": b"null",
    "deep": b"[" * 100_000,
}
CHATS: Sequence[str] = (
    "UPDATE turns SET answer = 'x'",
    "UPDATE turns SET answer = '[]'",
    "UPDATE turns SET answer = '{}'",
    "UPDATE turns SET answer = '7'",
    """UPDATE turns SET answer = '{"citations": 7, "passages": []}'""",
    "UPDATE turns SET answer = json_set(answer, '$.citations[0].article', 7)",
    "UPDATE turns SET answer = json_remove(answer, '$.citations[0].quote')",
    "UPDATE turns SET answer = json_set(answer, '$.more', 7)",
    "UPDATE turns SET answer = json_set(answer, '$.sentences', json('[7]'))",
    "UPDATE turns SET answer = json_set(answer, '$.sentences[0].verdict', 'no such')",
    "UPDATE turns SET answer = x'80ff'",
    "UPDATE turns SET question = x'80ff'",
    "UPDATE turns SET question = CAST(x'80ff' AS TEXT)",
    "UPDATE turns SET filter = '7'",
    "UPDATE turns SET filter = '{}'",
    "UPDATE turns SET position = -1",
    "UPDATE conversations SET filter = ''",
    "UPDATE conversations SET title = CAST(x'80ff' AS TEXT)",
    "UPDATE conversations SET title = x'00'",
    "UPDATE conversations SET updated = 7",
    "DROP TABLE turns",
    "DROP TABLE conversations",
    "ALTER TABLE turns RENAME answer TO gone",
    "PRAGMA user_version = 99",
    "PRAGMA user_version = 0",
)
NOTES: Sequence[str] = (
    "UPDATE notes SET quote = x'80ff'",
    "UPDATE notes SET quote = CAST(x'80ff' AS TEXT)",
    "UPDATE notes SET kept = 7",
    "UPDATE notes SET start = 'x'",
    "UPDATE notes SET title = x'00'",
    "UPDATE notes SET published = 7",
    "DROP TABLE notes",
    "ALTER TABLE notes RENAME quote TO gone",
    "PRAGMA user_version = 99",
)


def spoils() -> Iterator[tuple[str, Spoil]]:
    """Yield what can happen to any file."""
    for share in (0.001, 0.05):
        yield f"flipped {share}", partial(_flipped, share=share)
    for share in (0.0, 0.3, 0.9):
        yield f"cut to {share}", partial(_cut, share=share)
    yield "zeros within", _zeros
    yield "is gone", lambda path, _: path.unlink()
    yield "is a folder", _folder
    yield "is a link to itself", _linked


def _flipped(path: Path, chance: random.Random, share: float) -> None:
    data = bytearray(path.read_bytes())
    for at in chance.sample(range(len(data)), max(1, int(share * len(data)))) if data else ():
        data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def _cut(path: Path, _: random.Random, share: float) -> None:
    os.truncate(path, int(share * path.stat().st_size))


def _zeros(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data) + 1)
    data[at : at + 512] = bytes(len(data[at : at + 512]))
    path.write_bytes(data)


def _folder(path: Path, _: random.Random) -> None:
    path.unlink()
    (path / "inside").mkdir(parents=True)


def _linked(path: Path, _: random.Random) -> None:
    path.unlink()
    path.symlink_to(path)


def put(path: Path, _: random.Random, content: bytes) -> None:
    """Write something else into a file."""
    path.write_bytes(content)


def run_sql(path: Path, _: random.Random, statement: str) -> None:
    """Change a database by a statement."""
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()
