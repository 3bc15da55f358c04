"""Web archives: the pages in a WARC file, and in a WACZ, which is a ZIP of such files."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest import encoding
from qa.ingest.kinds.document import LARGEST, library
from qa.ingest.kinds.packed import DAMAGE, UnpackBudget, problem_of
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.articles import counted
from vectorstore.errors import Unreadable

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

UNPACKED = 20 * 2**30  # bytes to which the WARC files of a WACZ may unpack
_PIECE = 2**20
_FORMS = {
    "text/html": TextFormat.HTML,
    "application/xhtml+xml": TextFormat.HTML,
    "application/pdf": TextFormat.PDF,
}


class WarcReader:
    """Reads the pages and PDFs that were answered well; an article's source is its address."""

    endings: tuple[str, ...] = (".warc", ".warc.gz")

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(self.endings)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the pages in their order; a file that breaks off ends with a Failure."""
        try:
            iterator = library("warcio.archiveiterator", "WARC")
        except Unreadable as error:
            yield Failure(source, error.message)
            return
        exceptions = library("warcio.exceptions", "WARC")
        count = 0
        try:
            for number, record in enumerate(iterator.ArchiveIterator(stream), 1):
                if (draft := _draft(record, f"{source}#{number}")) is not None:
                    count += 1
                    yield draft
                elif _breaks_off(record):
                    yield Failure(source, f"the web archive breaks off after {counted(count, 'page')}")
                    return
        # AttributeError: warcio's answer to headers that break off
        except (exceptions.ArchiveLoadFailed, AttributeError, EOFError, OSError, ValueError, zlib.error):
            yield Failure(source, f"the web archive is damaged after {counted(count, 'page')} that could be read")
            return
        if not count:
            yield Failure(source, "the web archive holds no page")


class WaczReader(WarcReader):
    """Reads the WARC files in a WACZ."""

    endings = (".wacz",)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the pages of the WARC files in it."""
        try:
            with zipfile.ZipFile(stream) as archive:
                inner, budget = WarcReader(), UnpackBudget(UNPACKED)
                members = [member for member in archive.infolist() if inner.takes(member.filename)]
                for member in members:
                    with tempfile.TemporaryFile() as unpacked:
                        budget.unpack(archive, member, unpacked, UNPACKED)
                        unpacked.seek(0)
                        yield from inner.read(unpacked, f"{source}!/{member.filename}")
        except Unreadable as error:
            yield Failure(source, error.message)
        except DAMAGE as error:
            yield Failure(source, problem_of(error, "web archive"))
        else:
            if not members:
                yield Failure(source, "the web archive holds no WARC file")


def _draft(record: ArcWarcRecord, place: str) -> RawArticle | Failure | None:
    """Return the page in a record, None where it holds none."""
    form = _form(record)
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    if form is None or not address.startswith(("http://", "https://")):
        return None
    if unknown := _unknown_packing(record):
        return Failure(place, f"the page is packed in a way that is not known here ({unknown})")
    data = record.content_stream().read(LARGEST + 1)
    if len(data) > LARGEST:
        return Failure(place, f"the page is larger than {LARGEST // 2**20} MB")
    if _cut_off(record):
        return Failure(place, "the web archive breaks off within the page")
    if not data.strip():
        return None
    text = encoding.decode(data, _charset(record) or encoding.declared(data)).text if form is TextFormat.HTML else ""
    fetched = record.rec_headers.get_header("WARC-Date") or "at an unknown time"
    found = {"url": f"WARC-Target-URI, fetched {fetched}"}
    return RawArticle(address.partition("#")[0], data, text, form, {"url": address}, found, place=place)


def _form(record: ArcWarcRecord) -> TextFormat | None:
    if record.rec_type == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
        return _FORMS.get(_content_type(record).partition(";")[0].strip().lower())
    if record.rec_type == "resource":
        kind = record.rec_headers.get_header("Content-Type") or ""
        return _FORMS.get(kind.partition(";")[0].strip().lower())
    return None


def _unknown_packing(record: ArcWarcRecord) -> str:
    from warcio.bufferedreaders import BufferedReader

    packing = ((record.http_headers.get_header("Content-Encoding") or "") if record.http_headers else "").lower()
    return "" if packing in {"", "identity", *BufferedReader.get_supported_decompressors()} else str(packing)


def _breaks_off(record: ArcWarcRecord) -> bool:
    """Read what is no page to its end, and tell whether the file ends before."""
    while record.raw_stream.read(_PIECE):
        pass
    return _cut_off(record)


def _cut_off(record: ArcWarcRecord) -> bool:
    """Tell whether the file ends before the record does."""
    return not record.raw_stream.read(1) and getattr(record.raw_stream, "limit", 0) > 0


def _content_type(record: ArcWarcRecord) -> str:
    return (record.http_headers.get_header("Content-Type") or "") if record.http_headers else ""


def _charset(record: ArcWarcRecord) -> str | None:
    return encoding.charset_of(_content_type(record))
