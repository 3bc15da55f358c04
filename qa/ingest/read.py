"""The readers of single files, and the way from a path or standard input to drafts."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from qa.ingest import encoding, fields
from qa.ingest.dump import JsonlReader, looks_like_rows
from qa.ingest.kinds.archive import ZipReader
from qa.ingest.kinds.beginnings import ending_of
from qa.ingest.kinds.document import DOCX, PDF, DocumentReader
from qa.ingest.kinds.epub import EpubReader
from qa.ingest.kinds.feed import FeedReader
from qa.ingest.kinds.mail import MailboxReader, MailReader
from qa.ingest.kinds.warc import WaczReader, WarcReader
from qa.ingest.mhtml import MhtmlReader, looks_like_mhtml
from qa.ingest.raw import LARGEST, ArticleReader, RawArticle, TextFormat
from qa.ingest.sources import name_of, reason
from qa.types import Failure

HEAD = 4096  # bytes by which a file is told
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_LONGEST_FRONT = 65_536  # characters
_PAIR = re.compile(r"^(\w[\w -]*):[ \t]+(\S.*)", re.M)
_PAIRS = re.compile(r"(?:(?:\w[\w -]*:.*|[ \t#-].*)?\n)+")


class TextReader:
    """Reads plain text and what has an unknown ending; HTML, MHTML and front matter are known by their beginning."""

    form = TextFormat.PAGE
    endings: tuple[str, ...] = (".txt", ".text")

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(self.endings)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the one article of the file."""
        data = stream.read(LARGEST + 1)
        if looks_like_mhtml(data):
            yield from MhtmlReader().read(io.BytesIO(data), source)
        else:
            yield _problem(data, source) or self._draft(data, source)

    def _draft(self, data: bytes, source: str) -> RawArticle:
        form = self.form
        decoded = encoding.decode(data, encoding.declared(data) if form is TextFormat.HTML else None)
        if form is TextFormat.PAGE and _HTML.match(decoded.text[:4096]):
            form, decoded = TextFormat.HTML, encoding.decode(data, encoding.declared(data))
        warnings = [f"{source}: some bytes are not {decoded.encoding} and were replaced"] if decoded.replaced else []
        if form is TextFormat.HTML:
            return RawArticle(source, data, decoded.text, form, warnings=tuple(warnings))
        text, taken, trouble = _front_matter(decoded.text)
        warnings += [f"{source}: {trouble}"] if trouble else []
        facts = {name: value for name, (value, _) in taken.items()}
        found = {name: how for name, (_, how) in taken.items()}
        return RawArticle(source, data, text, form, facts, found, tuple(warnings))


class MarkdownReader(TextReader):
    """Reads Markdown; YAML front matter becomes fields, of broken front matter what its lines say, with a warning."""

    form = TextFormat.MARKDOWN
    endings = (".md", ".markdown")


class HtmlReader(TextReader):
    """Reads pages saved from the web; the article is taken out of the page when it is cleaned, not here."""

    form = TextFormat.HTML
    endings = (".html", ".htm", ".xhtml")


def containers(mapping: Mapping[str, str]) -> dict[str, ArticleReader]:
    """Return, by kind, the readers of files that hold articles in some packing."""
    known: dict[str, ArticleReader] = {
        "epub": EpubReader(),
        "feed": FeedReader(),
        "mail": MailReader(),
        "mailbox": MailboxReader(),
        "warc": WarcReader(),
        "wacz": WaczReader(),
    }
    return {**known, "zip": ZipReader((*single(mapping), *known.values()))}


def single(mapping: Mapping[str, str]) -> tuple[ArticleReader, ...]:
    """Return the readers of files that are one article, and of dumps."""
    return TextReader(), MarkdownReader(), HtmlReader(), MhtmlReader(), JsonlReader(mapping), PDF, DOCX


def takes(path: Path, known: Sequence[ArticleReader]) -> bool:
    """Tell whether some reader reads files of this name."""
    name = path.name
    return any(reader.takes(name) for reader in known)


def is_alone(path: Path, known: Sequence[ArticleReader]) -> bool:
    """Tell by a file's name whether it is one article, with the file as its source."""
    reader = next((reader for reader in known if reader.takes(path.name)), None)
    return isinstance(reader, (TextReader, MhtmlReader, DocumentReader))


def read_file(path: Path, known: Sequence[ArticleReader]) -> Iterator[RawArticle | Failure]:
    """Yield the articles of one file; a file that cannot be opened is a Failure.

    What has an unknown ending is told by its beginning, and else read as text.
    """
    source = name_of(path)
    try:
        with opened(path) as stream:
            if head := stream.read(HEAD):
                stream.seek(0)
                yield from _chosen(path.name, head, known).read(stream, source)
            else:
                yield Failure(source, "the file is empty (0 bytes)")
    except OSError as error:
        yield Failure(source, reason(error))


def opened(path: Path) -> BinaryIO:
    """Open a file to read; raises OSError, at once, for what is no regular file and might be waited on for ever."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(errno.EINVAL, "not a regular file")


def _chosen(name: str, head: bytes, known: Sequence[ArticleReader]) -> ArticleReader:
    for told in (name, ending_of(head)):
        if found := next((reader for reader in known if told and reader.takes(told)), None):
            return found
    return TextReader()


def read_stdin(stream: BinaryIO, known: Sequence[ArticleReader]) -> Iterator[RawArticle | Failure]:
    """Yield the articles on standard input: what its beginning tells, JSON lines, or text.

    The source is "stdin:" and the first 12 hex digits of the SHA-256 of the bytes.
    """
    data = stream.read()
    source = f"stdin:{hashlib.sha256(data).hexdigest()[:12]}"
    if not data.strip():
        yield Failure("stdin", "standard input is empty")
        return
    packed = data.startswith(b"\x1f\x8b")
    rows = packed or looks_like_rows(encoding.decode(data[:65536].rsplit(b"\n", 1)[0]).text)
    dumps = [reader for reader in known if isinstance(reader, JsonlReader)]
    yield from (dumps[0] if rows and dumps else _chosen("", data[:HEAD], known)).read(io.BytesIO(data), source)


def _problem(data: bytes, source: str) -> Failure | None:
    if len(data) > LARGEST:
        return Failure(
            source, f"the file is larger than {LARGEST // 2**20} MB; as a dump (.jsonl) it may be of any size"
        )
    if encoding.is_binary(data):
        return Failure(source, "the file is binary, not text")
    if not data.decode("utf-8", "replace").strip():
        return Failure(source, "the file is empty (only white space)")
    return None


def _front_matter(text: str) -> tuple[str, dict[str, tuple[str, str]], str]:
    """Return (text below the front matter, the facts in it, what was wrong with it)."""
    text = text.replace("\r\n", "\n")
    match = _FRONT.match(text)
    if not match or len(match[1]) > _LONGEST_FRONT:
        return text, {}, ""
    import yaml  # 0.03 s

    trouble = ""
    try:
        values = yaml.load(match[1], yaml.BaseLoader)  # all is text: a day is read later, whether there is one or not
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:  # an escape may be no character
        values = _pairs(match[1])
        how = "read line by line" if values else "read as text"
        trouble = f"the front matter is not valid YAML and was {how} ({' '.join(str(error).split())[:120]})"
    if not isinstance(values, dict):
        return text, {}, trouble  # a rule, not front matter
    taken = fields.take(values, "front matter")
    taken.pop("text", None)
    return text[match.end() :], taken, trouble


def _pairs(block: str) -> dict[str, str] | None:
    """What the lines of broken front matter say, as `key: value`; None where some line can only be text."""
    if not _PAIRS.fullmatch(block):
        return None
    return {key: value.strip("\"' \t") for key, value in _PAIR.findall(block)} or None
