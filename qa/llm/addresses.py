"""Server addresses: checking them, and showing them without secrets."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

LOOPBACK = ("localhost", "127.", "[::1]", "::1")
MEANT = re.compile(r"^[a-z][a-z\d+.-]+:/|^postgres\w*:|\b(host|dbname|password)=", re.IGNORECASE)


def checked_address(value: str) -> str:
    """Return the address, or "", if it is usable and holds no key; raises ValueError, which does not repeat it."""
    if not value:
        return value
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # a port that is not a number, an unclosed bracket
        usable = False
    if not usable or not value.isprintable() or " " in value:
        raise ValueError("must be an address such as http://localhost:8000/v1")
    if "@" in parts.netloc or "?" in value or "#" in value:
        raise ValueError("must not contain a user, a password or a query: keys come from the environment or a file")
    return value


def checked_database(value: str) -> str:
    """Return a database's address, or ""; raises ValueError, which does not repeat it, if it is none or has a key."""
    if not value:
        return value
    try:
        parts = urlsplit(value)
        usable = is_database(value) and bool(parts.path.strip("/")) and (parts.port or 1) > 0
        secret = parts.password
    except ValueError:  # a port that is not a number, an unclosed bracket
        usable, secret = False, None
    if not usable or not value.isprintable() or " " in value:
        raise ValueError("must be an address such as postgresql://USER@HOST/DATABASE")
    if secret or any(name == "password" for name, _ in parse_qsl(parts.query)):
        raise ValueError("must not contain a password: it comes from PGPASSWORD or ~/.pgpass")
    return value


def is_database(text: str) -> bool:
    """Return whether a text begins as the address of a PostgreSQL database does."""
    return text.startswith(("postgresql://", "postgres://"))


def is_meant_as_database(text: str) -> bool:
    """Return whether a text that was given as a folder was meant as an address, which may hold a password."""
    return bool(MEANT.search(text))


def checked_variable(value: str) -> str:
    """Return the name of an environment variable; raises ValueError for anything that could be the key itself."""
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", value, re.ASCII):
        raise ValueError("must be the name of an environment variable, in capitals, not the key itself")
    return value


def origin(address: str) -> str:
    """Return scheme, host and port of an address, the parts that are safe to show."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else address


def proxy_of(url: str) -> str | None:
    """Return the address of the proxy in the environment, if any; this machine itself never needs one."""
    import urllib.request  # 0.03 s, which every command would wait for

    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.startswith(LOOPBACK) or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get(parts.scheme) or proxies.get("all")
