"""Question in, cited answer out. Knows nothing of screens."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.llamaindex import FootnoteQueryEngine, FootnoteRetriever
    from qa.types import (
        Answer,
        Answered,
        Citation,
        IngestReport,
        Match,
        Progress,
        Question,
        Retrieved,
        Token,
        Turn,
        Verified,
    )
    from vectorstore.articles import Article, Filter, Hit
    from vectorstore.errors import AppError

__all__ = [
    "Answer",
    "Answered",
    "AppError",
    "Archive",
    "Article",
    "Citation",
    "Filter",
    "FootnoteQueryEngine",
    "FootnoteRetriever",
    "Hit",
    "IngestReport",
    "Match",
    "Progress",
    "Question",
    "Retrieved",
    "Token",
    "Turn",
    "Verified",
]

_HOMES = {
    "Archive": "qa.archive",
    "FootnoteQueryEngine": "qa.llamaindex",
    "FootnoteRetriever": "qa.llamaindex",
    "Article": "vectorstore.articles",
    "Filter": "vectorstore.articles",
    "Hit": "vectorstore.articles",
    "AppError": "vectorstore.errors",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is asked for: llama-index alone takes 1.5–2.5 s."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "qa.types")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
