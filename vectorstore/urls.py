"""Pages: which addresses lead to the same one."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid)(?:=|$)", re.IGNORECASE)
INDEX = re.compile(r"(?:/(?:index|default)\.\w+)?/*$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def page_of(address: str) -> str:
    """Return what is the same for all addresses of one web page; "" for a site's front page and what is no address.

    Scheme, “www.”, a default file's name, closing slashes and what tells where a reader came from make no other page
    (RFC 3986, 6.2). A fragment does: the entries of a feed may differ in nothing else.
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
