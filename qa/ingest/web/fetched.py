"""What came of fetching an address."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What a site said of a page's state, to be told back to it: it answers 304 where nothing changed."""

    etag: str = ""
    modified: str = ""


NOTHING = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page as it came: the address asked for, the one that it was found at, its bytes, and when (ISO, UTC).

    `unchanged` tells that the site answered 304; `published` is the day that a feed states for the page, ISO or "".
    """

    address: str
    found_at: str
    data: bytes
    kind: str
    time: str
    validators: Validators = NOTHING
    unchanged: bool = False
    published: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """An address that was not had, and why; `again` tells whether another time may do."""

    address: str
    reason: str
    again: bool = False
