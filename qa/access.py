"""Who may come in to what this program serves: requests by its names, from its own pages, with its token.

Whoever reaches the socket can do all that the user can. A page of any site can send requests to this machine, and any
name can be made to point to it, so the names that a request bears are compared before anything else is done.
"""

from __future__ import annotations

import hmac
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from qa.hosts import Site, is_address, is_loopback, is_same


@dataclass(frozen=True, slots=True)
class Access:
    """The address that is listened at, the names it goes by besides, and the token: "" where none is needed."""

    host: str = "127.0.0.1"
    names: frozenset[str] = frozenset()
    token: str = ""

    def site(self, hosts: Sequence[str]) -> Site | None:
        """Return the site that a request with these `Host` headers is for; None where it is not this one."""
        here = Site.read(hosts[0]) if len(hosts) == 1 else None
        return here if here and self._known(here.name) else None

    def trusts(self, hosts: Sequence[str], origins: Sequence[str]) -> bool:
        """Tell whether a request with these `Host` and `Origin` headers is for this server, and by no other's page.

        Without an origin it is no page's doing, or a visit.
        """
        here = self.site(hosts)
        return here is not None and (not origins or (len(origins) == 1 and is_same(origins[0], here)))

    def opens(self, shown: str) -> bool:
        """Tell whether this is the token, in a time that doesn't depend on how much of it is right."""
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self.token.encode())

    def _known(self, name: str) -> bool:
        """Tell whether this server goes by a name; addresses in figures cannot be made to point elsewhere."""
        if is_loopback(name) or name in self.names:
            return True
        return not is_loopback(self.host) and (name == self.host.lower() or is_address(name) or name in _own_names())


def _own_names() -> set[str]:
    name = socket.gethostname().lower()
    return {name, f"{name}.local"}
