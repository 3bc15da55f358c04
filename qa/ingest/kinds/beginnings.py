"""What kind a file is by its first bytes, for those whose name does not tell."""

from __future__ import annotations

from qa.ingest.kinds.feed import looks_like_feed


def ending_of(head: bytes) -> str:
    """Return the ending that a file with this beginning usually has, "" where it is not known."""
    if b"%PDF-" in head[:1024]:
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return _packed(head)
    if head.startswith(b"WARC/"):
        return ".warc"
    return ".rss" if looks_like_feed(head) else ""


def _packed(head: bytes) -> str:
    if b"mimetypeapplication/epub+zip" in head[:100]:
        return ".epub"
    if b"[Content_Types].xml" in head or b"word/" in head:
        return ".docx"
    return ".zip"
