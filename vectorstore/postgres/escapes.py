"""Texts as PostgreSQL can hold them: it has neither NUL nor half a surrogate pair, which texts and file names may have.

Each becomes a private character of plane 16, and back when it is read; a private character that a text has itself is
marked by another before it.
"""

from __future__ import annotations

import re
from typing import Any

from psycopg.adapt import AdaptersMap, Buffer
from psycopg.types.string import StrDumperUnknown, TextLoader

NUL, PRIVATE = 0x10F800, 0x10F000 - 0xD800
MARK = "\U0010f801"
OUT = re.compile("[\0\ud800-\udfff\U0010f000-\U0010f801]")
BACK = re.compile("\U0010f801(.)|[\U0010f000-\U0010f800]")


def escaped(text: str) -> str:
    """Return a text as it is stored."""
    if text.isascii() and "\0" not in text:
        return text
    return OUT.sub(lambda match: _stored(match[0]), text)


def unescaped(text: str) -> str:
    """Return a stored text as it was."""
    if text.isascii():
        return text
    return BACK.sub(lambda match: match[1] or _original(match[0]), text)


def _stored(character: str) -> str:
    if character == "\0":
        return chr(NUL)
    return chr(ord(character) + PRIVATE) if character < "\ue000" else MARK + character


def _original(character: str) -> str:
    return "\0" if ord(character) == NUL else chr(ord(character) - PRIVATE)


class _Dumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        return super().dump(escaped(obj))


class _Loader(TextLoader):
    def load(self, data: Buffer) -> Any:
        text = super().load(data)
        return unescaped(text) if isinstance(text, str) else text


def register(adapters: AdaptersMap) -> None:
    """Let all statements escape the texts that they are given, and unescape those that they return."""
    adapters.register_dumper(str, _Dumper)
    adapters.register_loader("text", _Loader)
