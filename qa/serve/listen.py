"""Listening at an address until a signal comes; what runs then is told to end."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from qa.hosts import check_address, is_loopback, unserved
from qa.render import dumped
from qa.serve.guard import App
from vectorstore.errors import UsageError

TOKEN = "QA_TOKEN"
GRACE = 2  # seconds for replies to end
SILENCE = 15.0  # seconds in which the head of a request must come
BACKLOG = 2048  # connections that may wait
SHORTEST = 16  # characters of a token


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and the token to ask for: none on this machine, unless one is set."""

    host: str
    port: int
    token: str = ""
    made: bool = False

    @classmethod
    def of(cls, host: str, port: int) -> Address:
        """Return the address with its token: the one in QA_TOKEN, else a new one where others can reach it."""
        check_address(host, port)
        token = os.environ.get(TOKEN, "").strip()
        if token and (len(token) < SHORTEST or not token.isascii() or not token.isprintable()):
            raise UsageError(f"The token in {TOKEN} is too weak.", f"Use {SHORTEST} or more letters and digits.")
        if token or is_loopback(host):
            return cls(host, port, token)
        return cls(host, port, secrets.token_urlsafe(24), made=True)

    def url(self, port: int) -> str:
        """Return the address as a browser takes it."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{port}"


def serve(app: App, address: Address, listening: socket.socket, stop: Callable[[], None], path: str = "/") -> None:
    """Serve the application on a socket of `reserved` until Ctrl-C or SIGTERM.

    `stop` is called when the signal comes, in the main thread.
    """
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",  # nothing here speaks it: a request to begin is answered as if it had not asked
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    said = f"Footnote is at {address.url(listening.getsockname()[1])}{path} – Ctrl-C ends it."
    if address.made:  # printed once, and in no log
        said += f"\nIts token, made for this run: {address.token}\nSet {TOKEN} to choose one."
    StoppingServer(config, said, stop).run(sockets=[listening])


def reserved(address: Address) -> socket.socket:
    """Return a socket that listens there, where clients wait for `serve`; raises AppError where nothing can."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address.host, address.port))
        listening.listen(BACKLOG)
    except (OSError, ValueError, TypeError) as error:  # the last two of a host that can be no name
        listening.close()
        raise unserved(address.host, address.port, getattr(error, "strerror", None)) from error
    return listening


class PatientProtocol(H11Protocol):
    """A connection, which is closed if no request comes for a while; h11 bounds what comes before one."""

    _silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_request_after(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer, which would keep all of it in memory."""
        super().connection_lost(exc)
        self._wait_no_longer()

    def on_response_complete(self) -> None:
        """Begin to wait for another request."""
        answered = self.cycle  # super() may begin the next one
        super().on_response_complete()
        self._await_request_after(answered)

    def send_400_response(self, _: str) -> None:
        """Refuse what is no HTTP as everything else is refused; after a reply there is only to close."""
        if self.conn.our_state is h11.IDLE or self.conn.our_state is h11.SEND_RESPONSE:
            body = dumped({"error": "This is no HTTP request.", "hint": "Send HTTP/1.1, without TLS."}).encode()
            kind = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
            for event in (
                h11.Response(status_code=400, headers=kind, reason="Bad Request"),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle:
            self.cycle.disconnected = True  # what the application has still to say has nobody to go to
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: what uvicorn advises would change nothing here."""

    def _await_request_after(self, cycle: RequestResponseCycle | None) -> None:
        self._wait_no_longer()
        self._silence = self.loop.call_later(SILENCE, self._close_unasked, cycle)

    def _wait_no_longer(self) -> None:
        if self._silence:
            self._silence.cancel()

    def _close_unasked(self, cycle: RequestResponseCycle | None) -> None:
        if self.cycle is cycle and not self.transport.is_closing():
            self.transport.close()


class StoppingServer(uvicorn.Server):
    """Says where it is, ends what runs when a signal comes, and then itself, without raising the signal again.

    A client that has no whole reply by then is hung up on: the application sees it leave, as any other does.
    """

    def __init__(self, config: uvicorn.Config, said: str, stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._said, self._stop = said, stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        print(self._said, file=sys.stderr, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for replies to end, for a while, and end what runs."""
        asyncio.get_running_loop().call_later(GRACE, self._hang_up)
        await super().shutdown(sockets)

    def handle_exit(self, _: int, __: FrameType | None) -> None:
        """Begin to end; a second signal waits for no reply."""
        if self.should_exit:
            asyncio.get_running_loop().call_soon_threadsafe(self._hang_up)
        self._stop()
        self.should_exit = True

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear signals while serving."""
        heard = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
