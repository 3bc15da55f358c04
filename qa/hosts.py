"""The names of servers in `Host` and `Origin` headers, and whether they are the same, or this machine's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

from vectorstore.errors import AppError, UsageError

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
        if found[1].startswith("[") and not is_address(name):
            return None
        return cls(name, port) if port is None or 0 < port < 65536 else None


def host_of(written: str) -> str:
    """Return a name that a server goes by, as requests bear it; raises UsageError where it is none."""
    site = Site.read(written)
    if site is None or site.port is not None:
        raise UsageError(
            f"{written!r} is no name of a host.", "Write it without scheme, port and path: archive.example.org"
        )
    return site.name


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches what listens at this address."""
    return host.lower() == "localhost" or (is_address(host) and ip_address(host).is_loopback)


def is_address(text: str) -> bool:
    """Tell whether a host is an address in figures, which no name server can turn elsewhere."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_same(origin: str, here: Site) -> bool:
    """Tell whether an `Origin` header names this very site."""
    scheme, _, rest = origin.lower().partition("://")
    page = Site.read(rest)
    if page is None or scheme not in _PORTS:
        return False
    usual = _PORTS[scheme]
    return page.name == here.name and (page.port or usual) == (here.port or usual)


def check_address(host: str, port: int, lowest: int = 0) -> None:
    """Raise UsageError for what is no port, and for an empty host, where systems would listen at all addresses."""
    if not host.strip():
        raise UsageError("The host is empty.", "Leave --host out to serve on this machine only.")
    if not lowest <= port <= 65535:
        raise UsageError(f"{port} is no port.", "Choose one between 1024 and 65535.")


def unserved(host: str, port: int, why: str | None) -> AppError:
    """Return what to say where nothing can listen; without a reason the host can be no name."""
    return AppError(
        f"Nothing can be served at port {port} of {host}: {why or 'this is no name of a host'}.",
        "Choose another port with --port, and with --host an address of this machine.",
    )
