"""The page of an evaluation."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluate.outcomes import Outcome


def page(outcomes: Sequence[Outcome], title: str) -> str:
    """Return the page."""
    return f"{title} {len(outcomes)}"
