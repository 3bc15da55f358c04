"""Who may come in: pages of this very server, and where other machines reach it, those who hold its token.

Whoever reaches the socket can do all that the user can. Browsers let any page connect to a server on this machine, and
let a foreign name point to it, so the names that a request bears are compared before anything else is done.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from qa.hosts import Site, is_loopback, is_same


@dataclass(frozen=True, slots=True)
class AccessGate:
    """What a server at this address lets in; `token` is "" where only this machine reaches it."""

    host: str
    port: int
    token: str = ""

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token; browsers give it to every port of a host."""
        return f"footnote-{self.port}"

    def trusts(self, hosts: Sequence[str], origins: Sequence[str]) -> bool:
        """Tell whether a request with these `Host` and `Origin` headers is meant for this server, by a page of it.

        Without an origin it is no page's doing, or a visit. On loopback the host's name must be one of loopback's: a
        foreign name may be made to point here, which a token would find out.
        """
        here = Site.read(hosts[0]) if len(hosts) == 1 else None
        if here is None or (is_loopback(self.host) and not is_loopback(here.name)):
            return False
        return not origins or (len(origins) == 1 and is_same(origins[0], here))

    def opens(self, shown: str) -> bool:
        """Tell whether this is the token, in a time that doesn't depend on how much of it is right."""
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self.token.encode())
