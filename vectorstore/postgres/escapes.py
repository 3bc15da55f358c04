"""Texts as PostgreSQL can hold them: it has neither NUL nor half a surrogate pair, which texts and file names may have.

Each becomes a private character of plane 16, and back when it is read; a text that has one of these is refused.
"""

from __future__ import annotations

import re
from typing import Any

from psycopg.adapt import AdaptersMap, Buffer
from psycopg.types.string import StrDumperUnknown, TextLoader

from vectorstore.errors import Unreadable

NUL, PRIVATE = 0x10F800, 0x10F000 - 0xD800
OUT = re.compile("[\0\ud800-\udfff]")
BACK = re.compile("[\U0010f000-\U0010f800]")


def escaped(text: str) -> str:
    """Return a text as it is stored; raises Unreadable for one with a character that would be taken for another."""
    if text.isascii() and "\0" not in text:
        return text
    if found := BACK.search(text):
        raise Unreadable(f"it has the private character U+{ord(found[0]):X}, which a shared archive cannot hold")
    return OUT.sub(lambda match: chr(ord(match[0]) + PRIVATE if match[0] != "\0" else NUL), text)


def unescaped(text: str) -> str:
    """Return a stored text as it was."""
    if text.isascii():
        return text
    return BACK.sub(lambda match: chr(ord(match[0]) - PRIVATE) if ord(match[0]) != NUL else "\0", text)


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
