"""The guard of the HTTP interface and of MCP: who may come in, and with how much, is looked at before anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from qa.access import Access
from qa.render import dumped

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_HEAD = 32 * 1024  # bytes of headers
PATIENCE = 30.0  # seconds in which a body must arrive
DRAINED = 32 * 1024 * 1024  # bytes of a body that are read past the limit, so that the answer is read too
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Gatekeeper(Access):
    """The rules: who may come in, and the largest body in bytes.

    `larger` are the paths that take a larger one, and `open_paths` those that need no token.
    """

    largest: int = 2 * 1024 * 1024
    larger: Mapping[str, int] = field(default_factory=dict)
    open_paths: frozenset[str] = frozenset()

    def refusal(self, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Return why a request is turned away, or None for one that may come in."""
        hosts = [headers.get("host", "")]
        if self.site(hosts) is None:
            return Refusal(403, "This server does not go by that name.", "Use its address, or start it with --name.")
        if "origin" in headers and not self.trusts(hosts, [headers["origin"]]):
            return Refusal(403, "Another site’s page may not ask here.", "Open this server’s own page.")
        if self.token and path not in self.open_paths and not self._shown(headers.get("authorization", "")):
            return Refusal(401, "A token is needed here.", "Send the header: Authorization: Bearer TOKEN")
        return None

    def _shown(self, given: str) -> bool:
        kind, _, token = given.partition(" ")
        return kind.lower() == "bearer" and self.opens(token.strip())


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status, with a sentence and a way out."""

    status: int
    error: str
    hint: str = ""


class Guard:
    """The application behind its rules; it sees whole bodies only, none above the limit."""

    def __init__(self, app: App, rules: Gatekeeper) -> None:
        self._app, self._rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or turn it away."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, protected(send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:  # of two that differ none is believed
            key, text = name.decode("latin-1"), value.decode("latin-1")
            headers[key] = text if headers.get(key, text) == text else ""
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
            refusal: Refusal | None = Refusal(
                431, "The headers are too long.", f"At most {LARGEST_HEAD:,} bytes are read."
            )
        else:
            refusal = self._rules.refusal(scope["path"], headers)
        if refusal:
            await refuse(send, refusal)
        elif scope["method"] in {"POST", "PUT", "PATCH", "DELETE"}:
            body = await self._body(receive, self._rules.larger.get(scope["path"], self._rules.largest))
            if isinstance(body, bytes):
                await self._app(scope, replayed(body, receive), send)
            elif body:
                await refuse(send, body)
        else:
            await self._app(scope, receive, send)

    async def _body(self, receive: Receive, limit: int) -> bytes | Refusal | None:
        """Read the body; None from a client that has left."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._read(receive, limit)
        except TimeoutError:
            return Refusal(408, "The request did not arrive in time.", "Send it again.")

    @staticmethod
    async def _read(receive: Receive, limit: int) -> bytes | Refusal | None:
        parts: list[bytes] = []
        size = 0
        while size <= DRAINED:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size <= limit:
                parts.append(part)
            if not message.get("more_body"):
                break
        if size <= limit:
            return b"".join(parts)
        return Refusal(413, f"The request is too long: at most {limit:,} bytes.", "Send less at once.")


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives the body at once, and then what else comes."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiver() -> Message:
        return left.pop() if left else await receive()

    return receiver


def protected(send: Send) -> Send:
    """Return a sender that adds the headers which keep browsers to this server."""

    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            added = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            known = {name.lower() for name, _ in given}
            message = {**message, "headers": [*given, *(pair for pair in added if pair[0] not in known)]}
        await send(message)

    return sender


async def refuse(send: Send, refusal: Refusal, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """Send a refusal as JSON."""
    body = dumped({"error": refusal.error, "hint": refusal.hint}).encode()
    kind = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    challenge = [(b"www-authenticate", b"Bearer")] if refusal.status == 401 else []
    await send({"type": "http.response.start", "status": refusal.status, "headers": [*kind, *challenge, *headers]})
    await send({"type": "http.response.body", "body": body})
