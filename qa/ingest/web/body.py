"""The body of an answer, unpacked as it comes and never larger than it may be."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping

from vectorstore.errors import NotFetched

_GZIP = b"\x1f\x8b"


class _Unpacker:
    """Unpacks gzip piece by piece, up to a size."""

    def __init__(self, size: int) -> None:
        self._unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._left = size + 1

    def __call__(self, piece: bytes) -> bytes:
        try:
            unpacked = self._unpacking.decompress(piece, self._left) if self._left else b""
        except zlib.error:
            raise NotFetched("the answer is packed wrongly", again=True) from None
        self._left -= len(unpacked)
        return unpacked

    def end(self) -> None:
        """Raise NotFetched where more should have come."""
        if not self._unpacking.eof:
            raise NotFetched("the answer broke off", again=True)


async def body_of(headers: Mapping[str, str], pieces: AsyncIterator[bytes], size: int) -> bytes:
    """Return the whole body; raises NotFetched where it is larger than `size` bytes, cut off or packed otherwise."""
    stated = headers.get("content-length", "")
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"", "identity", "gzip", "x-gzip"}:
        raise NotFetched("the answer is packed in a way that was not asked for")
    if stated.isascii() and stated.isdigit() and int(stated[:18]) > size:
        raise _too_large(size)
    unpack = _Unpacker(size) if "gzip" in packing else None
    data = bytearray()
    async for piece in pieces:
        data += unpack(piece) if unpack else piece
        if len(data) > size:
            raise _too_large(size)
    if unpack and data:
        unpack.end()
    return bytes(data)


def gunzipped(data: bytes, size: int) -> bytes:
    """Return a file without its gzip, if it has any; raises NotFetched as `body_of`."""
    if not data.startswith(_GZIP):
        return data
    unpack = _Unpacker(size)
    if len(unpacked := unpack(data)) > size:
        raise _too_large(size)
    unpack.end()
    return unpacked


def _too_large(size: int) -> NotFetched:
    return NotFetched(f"the page is larger than {size // 2**20} MB")
