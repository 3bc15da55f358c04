"""Question in, cited answer out. Knows nothing of screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.llamaindex import FootnoteQueryEngine, FootnoteRetriever

__all__ = ["FootnoteQueryEngine", "FootnoteRetriever"]


def __getattr__(name: str) -> Any:
    """Import the llama-index adapter when it is asked for: llama-index takes 1.5–2.5 s."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from qa import llamaindex

    return getattr(llamaindex, name)
