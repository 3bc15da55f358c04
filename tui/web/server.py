"""The server: the page, what it is made of, and a socket for each tab. Nothing is loaded from another host."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket as sockets
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from weakref import WeakSet

import textual_serve
from aiohttp import WSCloseCode, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from qa.hosts import check_address, host_of, is_loopback, unserved
from tui.web.gate import AccessGate
from tui.web.session import Tab, show

HERE = Path(__file__).parent
TERMINAL = Path(textual_serve.__file__).with_name("static")  # xterm.js with its fonts, as Textual built it
IDLE = 15.0  # seconds until a connection that says nothing is closed
HEARTBEAT = 15.0  # seconds between looks whether a tab is still there
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}


def serve(command: Sequence[str], host: str = "127.0.0.1", port: int = 8000, names: Iterable[str] = ()) -> None:
    """Serve the application that `command` starts until Ctrl-C; raises AppError where it cannot listen there.

    `names` are those that it goes by besides its address.
    """
    check_address(host, port, lowest=1)
    token = "" if is_loopback(host) else secrets.token_urlsafe(24)
    gate = AccessGate(host, frozenset(map(host_of, names)), token, port)
    app = make_app(command, gate)
    app.on_startup.append(lambda _: _announce(gate))
    try:
        web.run_app(app, host=host, port=port, print=None, access_log=None, keepalive_timeout=IDLE, logger=_log())
    except OSError as error:
        raise unserved(host, port, str(error.strerror).rpartition(": ")[2]) from error  # asyncio says the address too
    except UnicodeError as error:
        raise unserved(host, port, None) from error


def _log() -> logging.Logger:
    """Return what tells of defects of this program, and not of requests that are none: their sender is told."""
    log = logging.getLogger(__name__)
    log.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError)))
    return log


async def _announce(gate: AccessGate) -> None:
    """Say where it is."""
    print(f"Footnote is at {address(gate)} – Ctrl-C ends it.", file=sys.stderr, flush=True)
    if gate.token:
        print("Anyone who has this address can read and change the archive.", file=sys.stderr, flush=True)


def address(gate: AccessGate) -> str:
    """Return the address to open, with the token where there is one."""
    name = _outward() if gate.host in ("0.0.0.0", "::", "") else gate.host
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{gate.port}/" + (f"?token={gate.token}" if gate.token else "")


def _outward() -> str:
    """Return the address by which other machines reach this one; this machine's name where it has no network."""
    with sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of nobody's; a datagram socket sends nothing when it connects
        except OSError:
            return sockets.gethostname()
        return str(probe.getsockname()[0])


def make_app(command: Sequence[str], gate: AccessGate) -> web.Application:
    """Return the server of the application that `command` starts, behind the gate."""
    tabs: WeakSet[web.WebSocketResponse] = WeakSet()

    async def page(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "page.html")

    async def script(_: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "page.js")

    async def tab(request: web.Request) -> web.WebSocketResponse:
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text="A session is opened by a page.")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        tabs.add(socket)
        await show(Tab.read(request.query), command, socket)
        return socket

    app = web.Application(middlewares=[_guarded_by(gate)])
    app.add_routes([web.get("/", page), web.get("/page.js", script), web.get("/ws", tab)])
    app.add_routes([web.static("/static", TERMINAL)])
    app.on_response_prepare.append(_protect)
    app.on_shutdown.append(lambda _: _close(tabs))
    return app


def _guarded_by(gate: AccessGate) -> Middleware:
    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in who may, whatever is asked for; take the token out of the address."""
        headers = request.headers
        if not gate.trusts(headers.getall("Host", ()), headers.getall("Origin", ())):
            raise web.HTTPForbidden(
                text="This server does not go by that name: use its address, or start it with --name."
            )
        if gate.token and "token" in request.query and gate.opens(request.query["token"]):
            raise _welcome(gate)
        if not gate.opens(request.cookies.get(gate.cookie, "")):
            raise web.HTTPForbidden(text="Open the whole address that qa web printed: it ends in a token.")
        return await handler(request)

    return guard


def _welcome(gate: AccessGate) -> web.HTTPSeeOther:
    """Keep the token in a cookie that no script reads; it follows a link from a message, unlike a strict one."""
    answer = web.HTTPSeeOther("/")
    answer.set_cookie(gate.cookie, gate.token, httponly=True, samesite="Lax")
    return answer


async def _protect(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


async def _close(tabs: Iterable[web.WebSocketResponse]) -> None:
    """Let every tab know that the server ends, so that each process saves and ends too."""
    await asyncio.gather(*[tab.close(code=WSCloseCode.GOING_AWAY) for tab in tabs])
