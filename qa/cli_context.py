"""What was said before a command, and what a command makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.progress import ProgressNarrator
    from qa.settings import Config
    from qa.wiring import Say, Wiring
    from vectorstore.index import Choice

    Wire = Callable[[Config, str | None, Say], Wiring]


@dataclass(frozen=True, slots=True)
class CliContext:
    """What was said before the command; the configuration is read when a command needs it.

    `wire` builds the parts, in the place of qa.wiring.
    """

    store: str | None
    config: Path | None
    quiet: bool
    color: bool
    wire: Wire | None = None

    def narrator(self) -> ProgressNarrator:
        """Return the voice on stderr."""
        from qa.progress import ProgressNarrator

        return ProgressNarrator(self.quiet, self.color)

    def archive(self, answerer: str | None = None, index: Choice = "exact", *, cached: bool = False) -> Archive:
        """Return the configured archive, not opened yet, with the answerer that was typed, if one was.

        With `cached` what language models say is kept. Raises ConfigError, and UsageError for an unknown answerer.
        """
        from qa.archive import Archive
        from qa.config import answered_by, load
        from qa.wiring import wire

        config, wired = load(self.config), self.wire or wire
        wiring = wired(answered_by(config, answerer) if answerer else config, self.store, self.narrator().say)
        return Archive(replace(wiring, cached=cached), index)
