"""What a model is writing, on stderr, until its answer is verified: then it is gone, and the answer is on stdout."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qa.sanitize import line

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text


class LiveText:
    """Shows verified sentences as they are and pending text dim; nothing where stderr is no terminal."""

    def __init__(self, *, shown: bool, color: bool = True) -> None:
        self._shown, self._color = shown and sys.stderr is not None and sys.stderr.isatty(), color
        self._settled = self._pending = ""
        self._live: Live | None = None

    def write(self, text: str) -> None:
        """Add a piece to what is pending; an empty one says that the model is at work."""
        self._pending += text
        if self._shown:
            self._live = self._live or self._begun()
            self._live.update(self._text(self._live), refresh=bool(text))

    def settle(self, text: str) -> None:
        """Put a verified sentence, or nothing, in the place of what is pending."""
        self._settled += f"{text} "
        self._pending = ""
        if self._live:
            self._live.update(self._text(self._live))

    def end(self) -> None:
        """Take it from the screen."""
        if self._live:
            self._live.stop()

    def _begun(self) -> Live:
        from rich.console import Console  # 0.1 s, and only a model's answers are drafted
        from rich.live import Live

        live = Live(console=Console(stderr=True, no_color=not self._color), transient=True, refresh_per_second=8)
        live.start()
        return live

    def _text(self, live: Live) -> Text:
        """The end of the draft, as much as the screen holds."""
        from rich.text import Text

        width, height = live.console.size
        settled, pending = line(self._settled, 50_000), line(self._pending, 50_000)
        text = Text(f"{settled} " if settled else "").append(pending or "…", "dim")
        return text[-(width * max(height - 2, 1)) :]
