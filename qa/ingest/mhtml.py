"""Pages saved as one file of MIME parts (MHTML): the page among them, its address and the day it was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import BinaryIO

from qa.ingest import encoding
from qa.ingest.headers import message_of
from qa.ingest.raw import LARGEST, RawArticle, TextFormat
from qa.types import Failure

_BEGINNING = re.compile(rb"(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*content-type:\s*multipart/related", re.I)


class MhtmlReader:
    """Reads .mhtml and .mht files, as Chrome, Edge and Internet Explorer save them."""

    endings = (".mhtml", ".mht")

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(self.endings)

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the page in the file; its address is stated by the file, all else by the page."""
        data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            yield Failure(source, f"the file is larger than {LARGEST // 2**20} MB")
            return
        message = message_of(data)
        page = _page(message)
        if page is None:
            yield Failure(source, "no HTML page is in the MHTML file")
            return
        payload = page.get_payload(decode=True)
        text = encoding.decode(payload if isinstance(payload, bytes) else b"", _charset(page, payload)).text
        url = _header(message, "Snapshot-Content-Location") or _header(page, "Content-Location")
        stated = {"url": url if url.startswith(("http://", "https://")) else "", "saved": _header(message, "Date")}
        facts = {name: value for name, value in stated.items() if value}
        yield RawArticle(source, data, text, TextFormat.HTML, facts, dict.fromkeys(facts, "MHTML header"))


def looks_like_mhtml(data: bytes) -> bool:
    """Tell by its first bytes whether a file is MHTML."""
    return bool(_BEGINNING.match(data[:8192].lstrip()))


def _page(message: EmailMessage) -> EmailMessage | None:
    """Return the part that `start` names, else the first one in HTML."""
    parts = [part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    start = str(message.get_param("start", "")).strip("<>")
    named = [part for part in parts if start and _header(part, "Content-ID").strip("<>") == start]
    return next(iter(named or parts), None)


def _charset(page: EmailMessage, payload: object) -> str | None:
    return page.get_content_charset() or (encoding.declared(payload) if isinstance(payload, bytes) else None)


def _header(part: EmailMessage, name: str) -> str:
    return str(part.get(name, "")).strip()
