"""Recognising the addresses of one web page."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid)(?:=|$)", re.IGNORECASE)
INDEX = re.compile(r"(?:/(?:index|default)\.\w+)?/*$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def page_of(address: str) -> str:
    """Return a key that all addresses of one web page share; "" for a site's front page or an invalid address.

    Scheme, “www.”, a default file name, trailing slashes and tracking parameters do not count (RFC 3986, 6.2). The
    fragment does: entries of a feed may differ in nothing else.
    """
    if (parts := _parts(address)) is None:
        return ""
    path = INDEX.sub("", parts.path)
    query = "&".join(sorted(pair for pair in parts.query.split("&") if pair and not TRACKING.match(pair)))
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{path}?{query}#{parts.fragment}" if path or query or parts.fragment else ""


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
    except ValueError:  # half an IPv6 address
        return None
    return parts if parts.scheme in {"http", "https"} and parts.netloc else None
