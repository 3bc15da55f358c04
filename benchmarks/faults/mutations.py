"""Seeded mutations of bytes: what becomes of files that are cut, mixed up, written by others, or meant to harm."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
ODD: Sequence[bytes] = (
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",  # half a character, as some programs write it
    b"\xef\xbb\xbf",
    b"\xf4\x90\x80\x80",
    b"\\ud800",
    b"\\u0000",
    b"&#xd800;",
    b"&#0;",
    b"&#99999999999999999999;",
    b"%00",
    b"%ff%fe",
    b"\x1b]0;x\x07",
    b"\x1b[2J",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-1",
    b"99999999999999999999999999",
    b"9" * 5000,
    b"null",
    b"true",
    b"{}",
    b"[]",
    b'"',
    b"'''",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!ENTITY a '&b;&b;'>",
    b"<script>",
    b"</",
    b"--B1",
    b"\r\n\r\n",
    b"\r",
    b"\n---\n",
    b"!!python/object:os.system",
    b"&anchor *anchor",
    b"/../../etc/passwd",
    b"0000-00-00",
    b"2024-02-30T25:61:61+99:99",
    b"Mon, 99 Foo 99999",
    "\u202e\u2066\u200f\ufeff".encode(),
    "\u2028\u2029\x85".encode(),
    ("e" + "\u0301" * 3000).encode(),
    "İıſßﬃ".encode(),
    b"utf-7",
    b"rot13",
    b"undefined",
)
REPEATS = (10, 1_000, 20_000)
NUMBER = re.compile(rb"\d+")
WORD = re.compile(rb"[A-Za-z]{3,}")
BRACKETS = (b"[", b"(", b"{", b"<a>", b"<table><tr><td>", b"> ", b"- ", b"/", b'{"a":', b"**", b"`", b"\\", b"a[=")


def _flipped(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _number in range(chance.choice((1, 3, 20))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data))]


def _left_out(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:start] + data[end:]


def _repeated(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    start, end = _span(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 5, 50)) + data[end:]


def _swapped(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    (a, b), (c, d) = sorted((_span(data, chance), _span(data, chance)))
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _spliced(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _odd(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    for _number in range(chance.choice((1, 1, 4))):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(ODD) + data[at:]
    return data


def _deep(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(BRACKETS) * chance.choice(REPEATS) + data[at:]


def _renumbered(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return _replaced(data, chance, NUMBER, (b"0", b"-1", b"4294967296", b"1e9", b"9" * 40, b"", b"0x10", b"\xd9\xa3"))


def _reworded(data: bytes, chance: random.Random, _: Sequence[bytes]) -> bytes:
    return _replaced(data, chance, WORD, (b"", b"x" * 70_000, *ODD))


def _replaced(data: bytes, chance: random.Random, kind: re.Pattern[bytes], instead: Sequence[bytes]) -> bytes:
    found = list(kind.finditer(data))
    if not found:
        return data
    at = chance.choice(found)
    return data[: at.start()] + chance.choice(instead) + data[at.end() :]


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.choice((1, 4, 30, 300)))


MUTATIONS: Sequence[Mutation] = (
    _flipped,
    _cut,
    _left_out,
    _repeated,
    _swapped,
    _spliced,
    _odd,
    _odd,
    _deep,
    _renumbered,
    _reworded,
)


def mutated(data: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Return the bytes changed in one to three ways; parts of `others` may get into them."""
    for _number in range(chance.choice((1, 1, 2, 3))):
        data = chance.choice(MUTATIONS)(data, chance, others) or b" "
    return data
