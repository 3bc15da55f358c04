"""Files that are one document: they are handed on whole, and taken apart when they are new or changed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import BinaryIO

from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.errors import Unreadable

LARGEST = 100 * 2**20  # bytes of a document
_OLE = b"\xd0\xcf\x11\xe0"  # what Office writes around an encrypted document, and wrote before 2007


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """Reads files of one form; `mark` stands within the first KB of each of them."""

    form: TextFormat
    ending: str
    mark: bytes

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(self.ending)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the one document of the file."""
        data = stream.read(LARGEST + 1)
        problem = self._problem(data)
        yield Failure(source, problem) if problem else RawArticle(source, data, "", self.form)

    def _problem(self, data: bytes) -> str:
        if len(data) > LARGEST:
            return f"the file is larger than {LARGEST // 2**20} MB"
        if data.startswith(_OLE) and self.form is TextFormat.DOCX:
            return "the document is encrypted, or of a Word before 2007: save it as .docx without a password"
        return (
            "" if self.mark in data[:1024] else f"the file is damaged: it does not begin as a {self.ending} file does"
        )


PDF = DocumentReader(TextFormat.PDF, ".pdf", b"%PDF-")
DOCX = DocumentReader(TextFormat.DOCX, ".docx", b"PK\x03\x04")


def library(name: str, kind: str) -> ModuleType:
    """Return a library of the extra `documents`; raises Unreadable, with the way to it, where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise Unreadable(f'{kind} files are read after: pip install "footnote-qa[documents]"') from None
