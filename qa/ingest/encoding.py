"""Bytes to text: byte-order mark, declaration, strict UTF-8, a guess, and only then replacement characters."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC: tuple[bytes, ...] = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"BZh",
    b"\xfd7zXZ",
)
MAGIC += (
    b"Rar!",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3",
    b"OggS",
    b"ID3",
    b"\x00\x00\x01\x00",
    b"MZ\x90",
)
ODD_CODECS = {"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
_DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset\s*=|<\?xml[^>]{0,100}?encoding\s*=)\s*["']?\s*([\w.:-]{2,40})""", re.I
)
# What Western European prose is written with beyond ASCII, as cp1252 has it.
_WESTERN = set(
    "àâäáãåæçèêëéìîïíñòôöóõøœßùûüúýÿšžÀÂÄÁÃÅÆÇÈÊËÉÌÎÏÍÑÒÔÖÓÕØŒÙÛÜÚÝŸŠŽ«»‹›“”„‘’‚–—…€£¥°§·•©®™†\xa0\xad¿¡ºª½¼¾²³×´"
)
_NEVER_IN_WORD = re.compile(r"[a-z][¹²³¿¡½¼¾×´¥§©®°]+[a-z]")  # letters of other code pages, read as cp1252


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded text, the encoding's name, and whether bytes had to be replaced by U+FFFD."""

    text: str
    encoding: str
    replaced: bool = False


def is_binary(data: bytes) -> bool:
    """Tell whether bytes are no text: a known signature, or one control byte in twenty."""
    head = data[:8192]
    if any(head.startswith(mark) for mark, _ in BOMS) or _wide(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return head.startswith(MAGIC) or controls > len(head) / 20


def declared(data: bytes) -> str | None:
    """Return the encoding that an HTML or XML page declares in its first 4 KB."""
    match = _DECLARED.search(data[:4096])
    return match[1].decode("ascii") if match else None


def charset_of(content_type: str) -> str | None:
    """Return the encoding that a Content-Type header declares."""
    match = re.search(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", content_type, re.I | re.A)
    return match[1] if match else None


def decode(data: bytes, declaration: str | None = None) -> Decoded:
    """Decode by the mark, the declaration, strict UTF-8, UTF-16 without a mark, a guess; never raises.

    A declared one-byte encoding fits any bytes, so bytes that are well-formed UTF-8 beyond ASCII win over it.
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return _strict(data, name) or Decoded(data.decode(name, "replace"), name, replaced=True)
    wide = _wide(data[:8192])
    order = [_known(declaration), "utf-8", wide]
    if order[0] and order[0] != "utf-8" and _one_byte(order[0]):
        order.insert(0, "utf-8")
    for encoding in filter(None, [wide, *order] if wide else order):
        if done := _strict(data, encoding):
            return done
    return _guess(data)


def _guess(data: bytes) -> Decoded:
    damaged = data.decode("utf-8", "replace")
    bad, good = damaged.count("\ufffd"), sum(ch > "\x7f" for ch in damaged)
    if good > 3 * bad:  # UTF-8 with a few broken bytes, not another encoding
        return Decoded(damaged, "utf-8", replaced=True)
    if _looks_western(data):
        return Decoded(data.decode("cp1252"), "cp1252")
    from charset_normalizer import from_bytes  # 0.04 s, needed by few files

    best = from_bytes(data[:65536]).best()
    return (best and _strict(data, best.encoding)) or Decoded(damaged, "utf-8", replaced=True)


def _looks_western(data: bytes) -> bool:
    """Accents are rare in Western European prose, mostly alone, and of a small set; the detector misses that."""
    done = _strict(data, "cp1252")
    if done is None:
        return False
    beyond = [ch for ch in done.text if ch > "\x7f"]
    runs = sum(len(run) for run in re.findall(r"[À-ÿ]{3,}", done.text))
    letters = sum(ch.isalpha() for ch in done.text)
    fits = sum(ch in _WESTERN for ch in beyond) >= 0.98 * len(beyond)
    return fits and len(beyond) < 0.25 * letters and runs <= len(beyond) / 20 and not _NEVER_IN_WORD.search(done.text)


def _strict(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _known(declaration: str | None) -> str | None:
    """Return Python's name of a declared encoding; Latin-1 and ASCII mean cp1252, as in browsers (WHATWG)."""
    try:
        name = codecs.lookup(declaration).name if declaration else None
    except (LookupError, ValueError):
        return None
    if name in {"iso8859-1", "ascii", "latin-1"}:
        return "cp1252"
    return None if name in ODD_CODECS else name


def _one_byte(encoding: str) -> bool:
    return encoding.startswith(("cp12", "iso8859", "koi8", "mac", "cp437", "cp85", "latin"))


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of Western text is NUL."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 8 or max(even, odd) < 0.3 * len(head) or min(even, odd) > 0.02 * len(head):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"
