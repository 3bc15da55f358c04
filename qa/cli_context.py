"""What was said before a command, and what a command makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.progress import ProgressNarrator
    from qa.wiring import Wiring


@dataclass(frozen=True, slots=True)
class CliContext:
    """What was said before the command; the configuration is read when a command needs it."""

    store: Path | None
    config: Path | None
    quiet: bool
    color: bool

    def narrator(self) -> ProgressNarrator:
        """Return the voice on stderr."""
        from qa.progress import ProgressNarrator

        return ProgressNarrator(self.quiet, self.color)

    def wiring(self, answerer: str | None = None) -> Wiring:
        """Return the wiring of the configured archive, with the answerer that was typed, if one was.

        Raises ConfigError, and UsageError for an answerer that there is not.
        """
        from qa.config import answered_by, load
        from qa.wiring import wire

        config = load(self.config)
        return wire(answered_by(config, answerer) if answerer else config, self.store, self.narrator().say)
