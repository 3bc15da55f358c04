"""What an ArticleReader hands on: one article as its source states it, not yet cleaned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, Protocol

from qa.types import Failure

LARGEST = 100 * 1024 * 1024  # bytes of a file that is one article; dumps have no limit


class TextFormat(StrEnum):
    """How a draft's text is written, which decides how it is cleaned."""

    PAGE = "page"  # plain text, possibly saved from a web page with its navigation
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    RECORD = "record"  # a row of a dump, or a message: somebody cut the article out already

    @property
    def taken_apart(self) -> bool:
        """Whether its blocks and facts come out of an extractor."""
        return self in {TextFormat.HTML, TextFormat.PDF, TextFormat.DOCX}


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article before cleaning; `original` is the source byte for byte, `text` its decoded text.

    The text of a PDF or a Word document is empty: it is taken out when the draft is cleaned. `fields` holds title, url,
    publisher, section, author, language and published, each as the source states it, and the day on which it was
    `saved`; `found` says for each of them where it stood. `place` is that of a row: its file and line.
    """

    source: str
    original: bytes
    text: str
    form: TextFormat
    fields: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    place: str = ""


class ArticleReader(Protocol):
    """Turns the bytes of one kind of file into drafts, one after another."""

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        ...

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the articles in the stream, and a Failure for each that cannot be read; never raises for bad input."""
        ...
