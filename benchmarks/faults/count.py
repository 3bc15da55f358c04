"""What a fault came to: how many cases there were, and which of them failed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.tables import Row


@dataclass(slots=True)
class Count:
    """The cases of a fault, and a line for each that failed.

    `skipped` says why some cannot be tried on this machine; `facts` are further numbers worth a column.
    """

    cases: int = 0
    failures: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    facts: Mapping[str, int] = field(default_factory=dict)

    def case(self, trouble: str | None) -> None:
        """Count a case, and what was wrong with it."""
        self.cases += 1
        if trouble:
            self.failures.append(trouble)
            print(trouble, file=sys.stderr, flush=True)

    def row(self, name: str, seconds: float) -> Row:
        """Return the line of a table."""
        more = ", ".join([f"{count} {what}" for what, count in self.facts.items()] + self.skipped)
        return {"fault": name, "cases": self.cases, "failures": len(self.failures), "seconds": seconds, "of them": more}
