"""What a check of an archive comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vectorstore.errors import AppError

REPAIR = "Rebuild it from the ledger with: qa doctor"
LOST = (
    "Try qa doctor --repair, save what can be read with qa doctor --salvage NEW, or restore a backup: qa restore FILE"
)


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check: whether it passed, what was found, and what to do if it failed."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def guarded(name: str, check: Callable[[], Check]) -> Check:
    """Return what a check comes to, a failed one where it cannot be made."""
    try:
        return check()
    except (AppError, LookupError, ValueError, TypeError, ArithmeticError) as error:
        # a damaged page can turn a row into anything
        return Check(name, False, f"cannot be checked: {error}", LOST)
