"""Addresses of databases: what they leave open, and how they are shown."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vectorstore.errors import ConfigError

SECONDS = 4  # to connect, and for the network to acknowledge what was sent
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")


def conninfo(url: str) -> str:
    """Return the address with what it leaves open: time limits, and encryption but on this machine.

    Raises ConfigError for what is no address.
    """
    known = _parts(url)
    usual: dict[str, Any] = {"connect_timeout": SECONDS, "tcp_user_timeout": SECONDS * 1000, "keepalives_idle": SECONDS}
    host = str(known.get("host") or "")
    if not (host in LOOPBACK or host.startswith(("/", "@"))):
        usual |= {"sslmode": "verify-full", "sslrootcert": "system"} if "sslmode" not in known else {}
    return make_conninfo("", **(usual | known))


def shown(url: str) -> str:
    """Return an address as messages show it: without its user, password and options."""
    known = _parts(url)
    host, port = known.get("host") or "localhost", known.get("port")
    return f"postgresql://{host}{f':{port}' if port else ''}/{known.get('dbname') or ''}"


def _parts(url: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        pass  # its message repeats the address
    raise ConfigError("[store] url is no address of a PostgreSQL database.", "Write postgresql://USER@HOST/DATABASE")
