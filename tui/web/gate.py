"""Who may come in: pages of this very server, and where other machines reach it, those who hold its token.

Whoever reaches the socket can do all that the user can. Browsers let any page connect to a server on this machine, and
let a foreign name point to it, so the names that a request bears are compared before anything else is done.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

_SITE = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,252}))(?::([0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Site:
    """A host with its port, as a `Host` header names them; `port` is None where the scheme's own is meant."""

    name: str
    port: int | None = None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read `host`, `host:port` or `[address]:port` in any case; None where it is none of these."""
        found = _SITE.fullmatch(text.lower())
        if found is None:
            return None
        name, port = found[1].strip("[]"), int(found[2]) if found[2] else None
        if found[1].startswith("[") and not _is_address(name):
            return None
        return cls(name, port) if port is None or 0 < port < 65536 else None


@dataclass(frozen=True, slots=True)
class Gate:
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
        return not origins or (len(origins) == 1 and _is_same(origins[0], here))

    def opens(self, shown: str) -> bool:
        """Tell whether this is the token, in a time that doesn't depend on how much of it is right."""
        return hmac.compare_digest(shown.encode("utf-8", "replace"), self.token.encode())


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens at this address."""
    return host.lower() == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_same(origin: str, here: Site) -> bool:
    scheme, _, rest = origin.lower().partition("://")
    page = Site.read(rest)
    if page is None or scheme not in _PORTS:
        return False
    usual = _PORTS[scheme]
    return page.name == here.name and (page.port or usual) == (here.port or usual)
