"""Fetching: within a deadline, so many bytes, two at a time from one host, and from nowhere but the open internet.

A host is resolved once for each request. The connection goes to an address that was looked at, whatever the name says a
moment later; the name stays in the Host header and in TLS. Redirects are not the library's: each is looked at as if it
had been typed.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType

import httpx

from qa.ingest.web.addresses import Resolver, Target, addresses, system_resolver, target
from qa.ingest.web.body import body_of
from qa.ingest.web.fetched import NOTHING, Fetched, Missed, Validators
from qa.ingest.web.robots import Robots
from qa.types import Progress
from vectorstore.errors import NotFetched

NAME = "footnote-qa"  # what robots.txt calls us
REDIRECTS = 5
TRIES = 3
BACKOFF = 1.0  # seconds before the second try; doubled before the third
AT_ONCE, FROM_ONE_HOST = 8, 2
_BUSY = {408, 425, 429, 500, 502, 503, 504}
_MOVED = {301, 302, 303, 307, 308}
_CLOSED = {401: "needs a login", 402: "is to be paid for", 403: "may not be read by programs, or needs a login"}
_GONE = {404: "is not there", 410: "is gone", 451: "is withheld by law"}

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds for one address, redirects and retries included; seconds of silence; bytes of a page."""

    deadline: float = 60.0
    silence: float = 20.0
    size: int = 50 * 2**20


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes


class _Order:
    """What is asked for and how long it may still take; waiting for others to be done with a host does not count."""

    def __init__(self, headers: Mapping[str, str], limits: FetchLimits) -> None:
        self.headers, self.size, self.left = headers, limits.size, limits.deadline

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Raise TimeoutError within the block when the time is up."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.left):
                yield
        finally:
            self.left -= time.monotonic() - began


class Fetcher:
    """Fetches addresses; within a `with` block it may be asked as often as one likes, and remembers robots.txt."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolve: Resolver = system_resolver,
        transport: httpx.AsyncBaseTransport | None = None,
        limits: FetchLimits = FetchLimits(),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._allow_private, self._resolve, self._limits, self._sleep = allow_private, resolve, limits, sleep
        self._transport = transport
        self._runner = asyncio.Runner()
        self._robots = Robots(self._robots_txt, NAME)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(FROM_ONE_HOST))

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transport is not None:
            self._runner.run(self._transport.aclose())
        self._runner.close()

    def get(self, address: str, known: Validators = NOTHING) -> Fetched:
        """Return the page at an address, or that it is unchanged since `known`; raises NotFetched."""
        return self._runner.run(self._fetch(address, known))

    def each(self, wanted: Sequence[str]) -> Iterator[Progress | Fetched | Missed]:
        """Yield what came of each address, in their order, and Progress."""
        for start in range(0, len(wanted), AT_ONCE):
            yield from self._runner.run(self._several(wanted[start : start + AT_ONCE]))
            yield Progress("fetch", min(start + AT_ONCE, len(wanted)), len(wanted))

    async def _several(self, wanted: Sequence[str]) -> list[Fetched | Missed]:
        return await asyncio.gather(*map(self._caught, wanted))

    async def _caught(self, address: str) -> Fetched | Missed:
        try:
            return await self._fetch(address, NOTHING)
        except NotFetched as error:
            return Missed(address, error.message, error.again)

    async def _fetch(self, address: str, known: Validators) -> Fetched:
        order = _Order(_asking(known), self._limits)
        at, answer = await self._followed(target(address), order, polite=True)
        return _page(address, at, answer)

    async def _followed(self, at: Target, order: _Order, *, polite: bool) -> tuple[Target, _Answer]:
        """Follow redirects to an answer; `polite` asks robots.txt first, at each step."""
        for _ in range(REDIRECTS + 1):
            if polite and not await self._robots.allows(at):
                raise NotFetched("the site's robots.txt asks programs not to fetch it")
            answer = await self._patiently(at, order)
            if answer.status not in _MOVED:
                return at, answer
            at = target(answer.headers.get("location", ""), at.address)
        raise NotFetched(f"it redirects more than {REDIRECTS} times")

    async def _robots_txt(self, at: Target, size: int) -> tuple[int, bytes]:
        _, answer = await self._followed(at, _Order({}, replace(self._limits, size=size)), polite=False)
        return answer.status, answer.data

    async def _patiently(self, at: Target, order: _Order) -> _Answer:
        """Ask again, after a pause, what is busy or broke off."""
        for attempt in range(TRIES):
            pause = BACKOFF * 2**attempt
            try:
                answer = await self._once(at, order)
            except TimeoutError:
                raise NotFetched(f"it took longer than {self._limits.deadline:g} s", again=True) from None
            except httpx.TimeoutException:
                problem = NotFetched(f"{at.host} was silent for {self._limits.silence:g} s", again=True)
            except httpx.TransportError as error:
                problem = NotFetched(f"{at.host} cannot be reached: {_said(error)}", again=True)
            else:
                if answer.status not in _BUSY:
                    return answer
                pause = _retry_after(answer.headers, pause)
                problem = NotFetched(f"the site is busy or broken (it answers {answer.status})", again=True)
            if pause > order.left:
                raise NotFetched(f"{problem.message}, and a try in {pause:,.0f} s would be too late", again=True)
            if attempt < TRIES - 1:
                await self._sleep(pause)
                order.left -= pause
        raise problem

    async def _once(self, at: Target, order: _Order) -> _Answer:
        async with self._hosts[at.host], order.running():
            found = await asyncio.to_thread(addresses, at, self._resolve, self._allow_private)
            for address in found[:-1]:
                try:
                    return await self._from(at, address, order)
                except (httpx.ConnectError, httpx.ConnectTimeout):
                    continue
            return await self._from(at, found[-1], order)

    async def _from(self, at: Target, address: str, order: _Order) -> _Answer:
        """Ask the host at one of its addresses."""
        request = httpx.Request(
            "GET",
            httpx.URL(scheme=at.scheme, host=address, port=at.port, raw_path=at.path.encode("ascii")),
            headers={"Host": at.origin.split("//")[1], **_OURS, "User-Agent": _user_agent(), **order.headers},
            extensions={"sni_hostname": at.host, "timeout": httpx.Timeout(self._limits.silence).as_dict()},
        )
        response = await self._sending().handle_async_request(request)
        try:
            wanted = response.status_code not in _MOVED | _BUSY
            data = await body_of(response.headers, response.aiter_raw(), order.size) if wanted else b""
        finally:
            await response.aclose()
        return _Answer(response.status_code, response.headers, data)

    def _sending(self) -> httpx.AsyncBaseTransport:
        """The way out, made when it is first needed: reading the certificates takes 0.05 s.

        It keeps no connection: one is known by its IP address, at which another host may answer under another name.
        """
        if self._transport is None:
            self._transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        return self._transport


_OURS = {
    "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/pdf, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "Connection": "close",
}


def _user_agent() -> str:
    return f"{NAME}/{version('footnote-qa')} (takes articles that its user names into that user's own archive)"


def _asking(known: Validators) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in asked.items() if value}


def _page(address: str, at: Target, answer: _Answer) -> Fetched:
    status = answer.status
    if status not in {200, 203, 304}:
        what = _CLOSED.get(status) or _GONE.get(status) or "is not to be had"
        raise NotFetched(f"the page {what} (the site answers {status})")
    if status != 304 and not answer.data.strip():
        raise NotFetched("the page is empty", again=True)
    get = answer.headers.get
    validators = Validators(get("etag", ""), get("last-modified", ""))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    kind = get("content-type", "")
    return Fetched(address, at.address, answer.data, kind, now, validators, unchanged=status == 304)


def _retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    """Seconds that a busy site asks to wait, stated as such or as a time of day."""
    stated = headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit():
        return max(float(stated[:9]), otherwise)
    try:
        until = parsedate_to_datetime(stated)
        return max((until - datetime.now(UTC)).total_seconds(), otherwise)
    except (ValueError, TypeError, OverflowError):
        return otherwise


def _said(error: httpx.TransportError) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
