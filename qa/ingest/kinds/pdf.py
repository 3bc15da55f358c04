"""PDFs: words with their places, put into lines, columns and paragraphs; page numbers and running heads left out."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from qa.ingest.boilerplate.lines import Piece
from qa.ingest.canonical import one_line
from qa.ingest.html import Extracted
from qa.ingest.kinds.document import library
from qa.ingest.kinds.layout import PdfLine, lines_of, ordered
from qa.ingest.kinds.paragraphs import paragraphs, without_heads
from vectorstore.articles import BlockKind
from vectorstore.errors import Unreadable

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000
_WORD = re.compile("[^\\s\x02\ufffe]+[\x02\ufffe]?")  # PDFium's marks for a hyphen at the end of a line


def extract(data: bytes) -> Extracted:
    """Return the article in a PDF; raises Unreadable for one that is encrypted, damaged, too long or scanned."""
    pdfium = library("pypdfium2", "PDF")
    document = _opened(pdfium, data)
    try:
        pages = len(document)
        if pages > MOST_PAGES:
            raise Unreadable(f"the PDF has {pages:,} pages; at most {MOST_PAGES:,} are read")
        read = [ordered(page) for page in without_heads(list(_pages(pdfium, document)))]
        pieces = paragraphs(read)
        if not pieces:
            raise Unreadable(_without_text(pdfium, document))
        facts = _facts(document.get_metadata_dict(), pieces)
    finally:
        document.close()
    fields = {name: value for name, (value, _) in facts.items()}
    return Extracted(tuple(pieces), fields, {name: how for name, (_, how) in facts.items()})


def _opened(pdfium: ModuleType, data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in {pdfium.raw.FPDF_ERR_PASSWORD, pdfium.raw.FPDF_ERR_SECURITY}:
            raise Unreadable("the PDF is encrypted: save it without a password") from None
    raise Unreadable("the PDF is damaged or was cut off")


def _pages(pdfium: ModuleType, document: Any) -> Iterator[list[PdfLine]]:
    size = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pdfium.PdfiumError:
            raise Unreadable(f"the PDF is damaged: page {number + 1} cannot be read") from None
        text = page.get_textpage()
        lines = lines_of(_words(pdfium, text))
        text.close()
        page.close()
        size += sum(len(line.text) for line in lines)
        if size > MOST_CHARACTERS:
            raise Unreadable(f"the PDF has more than {MOST_CHARACTERS // 10**6} million characters")
        yield lines


def _words(pdfium: ModuleType, page: Any) -> Iterator[PdfLine]:
    """Yield the words of a page with their boxes, in the order in which the file draws them."""
    raw, rect = pdfium.raw, pdfium.raw.FS_RECTF()
    text = page.get_text_range()
    if len(text) != page.count_chars():  # characters beyond 16 bits: one sign is two of theirs
        text = "".join(chr(raw.FPDFText_GetUnicode(page, at)) for at in range(page.count_chars()))

    def box(at: int) -> tuple[float, float, float, float]:
        raw.FPDFText_GetLooseCharBox(page, at, ctypes.byref(rect))
        return rect.left, rect.bottom, rect.right, rect.top

    for match in _WORD.finditer(text):
        first, last = box(match.start()), box(match.end() - 1)
        yield PdfLine(
            re.sub("[\x02\ufffe]", "-", match[0]), min(first[0], last[0]), first[1], max(first[2], last[2]), first[3]
        )


def _without_text(pdfium: ModuleType, document: Any) -> str:
    for number in range(min(len(document), 5)):
        if any(True for _ in document[number].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])):
            return "the PDF is a scan: pictures of pages, no text; have a program for text recognition read it first"
    return "the PDF holds no text"


def _facts(stated: Mapping[str, str], pieces: Sequence[Piece]) -> dict[str, tuple[str, str]]:
    """Title and author with the way each was found; what the file states counts if the first page shows it.

    The properties of many files are those of a template, or of the document that they were made from.
    """
    top = one_line(" ".join(piece.text for piece in pieces[:12])).casefold()
    headings = [piece.text for piece in pieces[:6] if piece.kind is BlockKind.HEADING]
    facts = {"title": (headings[0], "pdf largest words")} if headings else {}
    for field, key in (("title", "Title"), ("author", "Author")):
        value = one_line(stated.get(key, ""))
        if value and value.casefold() in top:
            facts[field] = value, f"pdf {key}"
    return facts
