"""Narration on stderr: progress bars with an estimate, warnings, failures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from qa.sanitize import line
from qa.types import Failure, Progress
from qa.unverified import LiveText
from vectorstore.articles import counted

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

STAGES = {
    "copy": "Copying",
    "compare": "Comparing",
    "fetch": "Fetching",
    "read": "Reading",
    "embed": "Taking in",
    "prune": "Removing",
    "index": "Indexing",
    "answer": "Answering",
    "retry": "Asking again",
    "verify": "Verifying",
}
End = TypeVar("End")


@dataclass(frozen=True, slots=True)
class ProgressNarrator:
    """Says what happens, on stderr only; `quiet` leaves out all but errors."""

    quiet: bool = False
    color: bool = True
    _bars: list[Bars] = field(default_factory=list, repr=False, compare=False)

    def say(self, text: str) -> None:
        """Print a line of narration."""
        if not self.quiet:
            print(line(text, 2000), file=sys.stderr, flush=True)

    def follow(self, steps: Iterator[Progress | End]) -> End:
        """Show the progress of long work and return what it ends with."""
        if self.quiet:
            return _last(steps)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        console = Console(stderr=True, no_color=not self.color, markup=False, highlight=False)
        label = TextColumn("{task.description}", markup=False)
        columns = (label, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, console=console, transient=True) as bars:
            self._bars[:] = [bars]
            tasks = {}
            for step in steps:
                if not isinstance(step, Progress):
                    return step
                if step.stage not in tasks:
                    tasks[step.stage] = bars.add_task(STAGES[step.stage], total=step.total)
                if step.stage == "prune" and step.total:
                    console.print(f"{counted(step.total, 'article')} gone from the paths will be removed.")
                bars.update(tasks[step.stage], completed=step.done, total=step.total)
        raise AssertionError("long work ends with what it came to")

    def agrees(self, question: str) -> bool:
        """Ask for a yes on the terminal, also when quiet; nobody agrees where there is none."""
        if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        for bars in self._bars:
            bars.stop()
        print(f"{line(question, 2000)} [y/N] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    @contextmanager
    def draft(self) -> Iterator[LiveText]:
        """Give what shows an answer that is being written; it is gone from the screen when the block ends."""
        draft = LiveText(shown=not self.quiet, color=self.color)
        try:
            yield draft
        finally:
            draft.end()

    def failures(self, failed: tuple[Failure, ...]) -> None:
        """List what could not be taken in, also when quiet."""
        for failure in failed:
            print(line(f"failed: {failure.source}: {failure.reason}", 2000), file=sys.stderr)


def _last(steps: Iterator[Progress | End]) -> End:
    for step in steps:
        if not isinstance(step, Progress):
            return step
    raise AssertionError("long work ends with what it came to")
