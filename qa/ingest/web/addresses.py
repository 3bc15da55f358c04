"""Which addresses may be fetched: of the web, and of the open internet, whatever way they are written."""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from vectorstore.errors import NotFetched

Resolver = Callable[[str, int], Sequence[str]]  # host, port → the IP addresses that it has, as text
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 4_000  # characters of an address
_PORTS = {"http": 80, "https": 443}
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # of a URL, beside letters and digits
_COMPATIBLE = ipaddress.ip_network("::/96")  # ::a.b.c.d, given up long ago
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64 (RFC 6052)


@dataclass(frozen=True, slots=True)
class Target:
    """An address that has been looked at: where to connect to, and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def address(self) -> str:
        """The whole address, without what stands behind a #."""
        return self.origin + self.path


def is_web_address(text: str) -> bool:
    """Tell whether what was typed is an address, not a path."""
    return text.lower().startswith(("http://", "https://"))


def target(address: str, base: str = "") -> Target:
    """Return what an address means, relative to `base` where it is relative; raises NotFetched."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a bracket that is not closed, a port that is no number
        raise NotFetched("the address cannot be understood") from None
    if parts.scheme not in _PORTS:
        raise NotFetched("only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("the address holds a user or a password")
    name = _name(host)
    if not name or port == 0 or len(address) > LONGEST:
        raise NotFetched("the address cannot be understood")
    path = _quoted(parts.path or "/") + (f"?{_quoted(parts.query)}" if parts.query else "")
    return Target(parts.scheme, name, port or _PORTS[parts.scheme], path)


def _quoted(part: str) -> str:
    return quote(part, _SAFE, errors="replace")  # half a character, of a name that was no UTF-8


def _name(host: str) -> str:
    """A host as it is asked for: in lower case, in ASCII, without a dot at its end; "" for what is none."""
    plain = unicodedata.normalize("NFKC", host).rstrip(".").lower()
    if ":" in plain:  # IPv6; a zone names a network card of this machine
        return plain
    try:
        plain = plain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return plain if plain and all(ch.isalnum() or ch in "-._" for ch in plain) else ""


def addresses(at: Target, resolve: Resolver, allow_private: bool = False) -> list[str]:
    """Return the IP addresses to connect to; raises NotFetched where one of them is not of the open internet.

    The caller connects to these, and to no address that a second look-up may give.
    """
    found = [literal] if (literal := _literal(at.host)) else [_parsed(text) for text in _resolved(at, resolve)]
    private = [str(one) for one in found if not is_global(one)]
    if private and not allow_private:
        raise NotFetched(
            f"{at.host} is at {private[0]}, which is not on the open internet (--allow-private fetches it all the same)"
        )
    return [str(one) for one in found]


def _resolved(at: Target, resolve: Resolver) -> Sequence[str]:
    try:
        found = resolve(at.host, at.port)
    except (OSError, UnicodeError):
        found = ()
    if not found:
        raise NotFetched(f"{at.host} has no address: is the name right, and the network there?", again=True)
    return found


def _parsed(text: str) -> IPAddress:
    return ipaddress.ip_address(text)


def _literal(host: str) -> IPAddress | None:
    """Return the IP address that a host is, also in the ways only the system knows: 127.1, 0x7f000001, 017700000001."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except (OSError, ValueError):
        return None


def is_global(address: IPAddress) -> bool:
    """Tell whether an address is of the open internet, and so is the one that it may carry in it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return False
        if (inner := _carried(address)) is not None:
            return all(map(is_global, inner))
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: ipaddress.IPv6Address) -> Sequence[ipaddress.IPv4Address] | None:
    """The IPv4 addresses that packets to an IPv6 address may end at: mapped, 6to4, Teredo, NAT64, compatible."""
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address.sixtofour]
    if address.teredo is not None:
        return address.teredo
    if address in _TRANSLATED or address in _COMPATIBLE:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return None


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))
