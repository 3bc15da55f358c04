"""The gate of the terminal interface in browsers, which hold its token in a cookie."""

from __future__ import annotations

from dataclasses import dataclass

from qa.access import Access


@dataclass(frozen=True, slots=True)
class AccessGate(Access):
    """What a server at this address and port lets in."""

    port: int = 8000

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token; browsers give it to every port of a host."""
        return f"footnote-{self.port}"
