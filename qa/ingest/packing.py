"""Drafts and articles as they travel between the worker and who asks it: a header for JSON, and bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.ingest.boilerplate.lines import Piece
from qa.ingest.html import Extracted
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.articles import BlockKind

Packed = tuple[dict[str, Any], bytes]


def packed(item: Extracted | RawArticle | Failure) -> Packed:
    """Return an item as (header, bytes)."""
    if isinstance(item, Failure):
        return {"source": item.source, "reason": item.reason}, b""
    facts = {"fields": dict(item.fields), "found": dict(item.found), "warnings": item.warnings}
    if isinstance(item, Extracted):
        pieces = [[piece.kind, piece.text] for piece in item.pieces]
        told = {"days": item.days, "guess": item.guess, "captions": item.captions, "cut_off": item.cut_off}
        return {"pieces": pieces, **told, **facts}, b""
    return {"source": item.source, "text": item.text, "form": item.form, "place": item.place, **facts}, item.original


def extracted(answer: Packed) -> Extracted:
    """Return the article that was packed."""
    header, _ = answer
    pieces = tuple(Piece(text, BlockKind(kind)) for kind, text in header["pieces"])
    days = tuple((day, how) for day, how in header["days"])
    guess = tuple(header["guess"]) if header["guess"] else None
    captions, cut_off = tuple(header["captions"]), header["cut_off"]
    return Extracted(pieces, days=days, guess=guess, captions=captions, cut_off=cut_off, **_facts(header))


def draft(answer: Packed) -> RawArticle | Failure:
    """Return the draft or the failure that was packed."""
    header, data = answer
    if "reason" in header:
        return Failure(header["source"], header["reason"])
    form = TextFormat(header["form"])
    return RawArticle(header["source"], data, header["text"], form, place=header["place"], **_facts(header))


def _facts(header: Mapping[str, Any]) -> dict[str, Any]:
    return {"fields": header["fields"], "found": header["found"], "warnings": tuple(header["warnings"])}
