"""What a site's robots.txt allows (RFC 9309): read once for a site, and kept to."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from protego import Protego

from qa.ingest.web.addresses import Target
from vectorstore.errors import NotFetched

LARGEST = 500 * 1024  # bytes, as the RFC has it
MOST_STARS = 8  # of one rule: each is a ".*", and many of them take for ever to compare

Get = Callable[[Target, int], Awaitable[tuple[int, bytes]]]  # status and body of robots.txt, of so many bytes at most


class Robots:
    """Answers for any number of sites; `name` is what the rules call us."""

    def __init__(self, get: Get, name: str) -> None:
        self._get, self._name = get, name
        self._rules: dict[str, Protego] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allows(self, at: Target) -> bool:
        """Tell whether an address may be fetched; raises NotFetched where the site cannot be asked."""
        async with self._locks[at.origin]:
            if at.origin not in self._rules:
                self._rules[at.origin] = await self._read(at)
        return bool(self._rules[at.origin].can_fetch(at.address, self._name))

    async def _read(self, at: Target) -> Protego:
        status, data = await self._get(replace(at, path="/robots.txt"), LARGEST)
        if status >= 500:
            raise NotFetched("the site's robots.txt cannot be had", again=True)
        lines = data.decode("utf-8", "replace").splitlines() if status == 200 else []
        return Protego.parse("\n".join(line for line in lines if line.count("*") <= MOST_STARS))
