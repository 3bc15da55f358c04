"""Messages: newsletters and mails, one by one (.eml) or in a mailbox (.mbox), and the documents attached to them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import BinaryIO

from qa.ingest import encoding
from qa.ingest.canonical import one_line
from qa.ingest.headers import message_of
from qa.ingest.kinds.document import DOCX, PDF
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure

LARGEST = 64 * 2**20  # bytes of a message
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)


class MailReader:
    """Reads one message: its sender is the publisher, its date the day of publication.

    An attached PDF or Word document is an article of its own, "letter.eml!/report.pdf"; the message says nothing of it.
    """

    endings: tuple[str, ...] = (".eml",)

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(self.endings)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the message in the file, and what is attached to it."""
        yield from _drafts(stream.read(LARGEST + 1), source)


class MailboxReader(MailReader):
    """Reads mailboxes: messages one after another, each below a line that begins with "From "."""

    endings = (".mbox",)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the messages in their order."""
        count = 0
        for count, message in enumerate(_messages(stream), 1):
            yield from _drafts(_QUOTED_FROM.sub(rb"\1", message), f"{source}#{count}")
        if not count:
            yield Failure(source, "the mailbox holds no message")


def _messages(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of a mailbox; of one that is too large only so much that this can be told."""
    lines: list[bytes] = []
    size, within, after_blank = 0, False, True
    while line := stream.readline(LARGEST):
        if after_blank and line.startswith(b"From "):
            if within:
                yield b"".join(lines)
            lines, size, within = [], 0, True
        elif within and size <= LARGEST:
            lines.append(line)
            size += len(line)
        after_blank = not line.strip()
    if within:
        yield b"".join(lines)


def _drafts(data: bytes, source: str) -> Iterator[RawArticle | Failure]:
    if len(data) > LARGEST:
        yield Failure(source, f"the message is larger than {LARGEST // 2**20} MB")
        return
    message = message_of(data)
    if not message.keys():
        yield Failure(source, "the file is no e-mail message")
        return
    attached = list(_attached(message, source))
    letter = _draft(message, data, source)
    if isinstance(letter, RawArticle) or not attached:
        yield letter
    yield from attached


def _draft(message: EmailMessage, data: bytes, source: str) -> RawArticle | Failure:
    if message.get_content_type() in _ENCRYPTED:
        return Failure(source, "the message is encrypted")
    part = message.get_body(("html", "plain"))
    text = _text(part) if part is not None else ""
    if not text.strip():
        return Failure(source, "the message has no text")
    form = TextFormat.HTML if part is not None and part.get_content_subtype() == "html" else TextFormat.RECORD
    fields, found = _facts(message)
    return RawArticle(source, data, text, form, fields, found)


def _attached(message: EmailMessage, source: str) -> Iterator[RawArticle | Failure]:
    """Yield the attached documents, also those of messages within the message, each under its own name."""
    names: list[str] = []
    for part in message.walk():
        name = one_line(part.get_filename() or "")
        reader = next((reader for reader in (PDF, DOCX) if reader.takes(name)), None)
        if reader and not part.is_multipart():
            names.append(name)
            again = f" ({names.count(name)})" if names.count(name) > 1 else ""
            yield from reader.read(io.BytesIO(_payload(part)), f"{source}!/{name}{again}")


def _text(part: Message) -> str:
    return encoding.decode(_payload(part), part.get_content_charset()).text


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, AssertionError):  # base64 that is none
        return b""
    return data if isinstance(data, bytes) else b""


def _facts(message: EmailMessage) -> tuple[dict[str, str], dict[str, str]]:
    name, address = parseaddr(_header(message, "From"))
    stated = {
        "title": (_header(message, "Subject"), "mail Subject"),
        "publisher": (name or address.rpartition("@")[2], "mail From"),
        "published": (_day(_header(message, "Date")), "mail Date"),
        "url": (_address(_header(message, "Archived-At")), "mail Archived-At"),
    }
    known = {field: pair for field, pair in stated.items() if pair[0]}
    return {field: value for field, (value, _) in known.items()}, {field: how for field, (_, how) in known.items()}


def _header(message: EmailMessage, name: str) -> str:
    return one_line(str(message.get(name) or ""))


def _day(stated: str) -> str:
    """The day on the sender's own calendar."""
    try:
        return parsedate_to_datetime(stated).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return ""


def _address(stated: str) -> str:
    address = stated.strip("<> ")
    return address if address.startswith(("http://", "https://")) else ""
