"""The same application in a browser, through textual-serve: on this machine only unless asked, no outside request.

Whoever reaches the socket can do all that the user can, so pages of other origins are turned away: browsers let any
page connect to a socket on this machine.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from vectorstore.errors import AppError, UsageError

if TYPE_CHECKING:
    from aiohttp import web
    from textual_serve.server import Server

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


def serve(command: Sequence[str], host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the application that `command` starts until Ctrl-C; raises AppError where it cannot listen there."""
    if not 1 <= port <= 65535:
        raise UsageError(f"{port} is no port.", "Choose one between 1024 and 65535.")
    try:
        make_server(command, host, port).serve()
    except OSError as error:
        why = str(error.strerror).rpartition(": ")[2]  # asyncio says the address once more
        raise AppError(
            f"Nothing can be served at port {port} of {host}: {why}.",
            "Choose another port with --port, and with --host an address of this machine.",
        ) from error


def make_server(command: Sequence[str], host: str, port: int) -> Server:
    """Return textual-serve's server with our page, and with a look at who connects."""
    import aiohttp_jinja2  # with aiohttp 0.4 s
    from aiohttp import web
    from textual_serve.server import Server

    class FootnoteServer(Server):
        """Serves one process for each visitor."""

        def initialize_logging(self) -> None:
            """Say nothing but what goes wrong."""

        async def on_startup(self, _: web.Application) -> None:
            """Say where it is."""
            shown = f"[{host}]" if ":" in host else host
            print(f"Footnote is at http://{shown}:{port}/ – Ctrl-C ends it.", file=sys.stderr, flush=True)
            if host not in LOOPBACK:
                print("Anyone who reaches this address can read and change the archive.", file=sys.stderr, flush=True)

        @aiohttp_jinja2.template("web.html")
        async def handle_index(self, request: web.Request) -> dict[str, object]:
            """Give our page, which asks no other host for anything."""
            return {"application": {"name": self.title}, "font_size": font_size(request.query.get("fontsize"))}

        async def _make_app(self) -> web.Application:
            app: web.Application = await super()._make_app()
            app.on_response_prepare.append(_protect)
            return app

        async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
            """Start a session for a page of ours."""
            if not trusted(request.headers.get("Origin"), request.headers.get("Host"), host):
                raise web.HTTPForbidden(text="This page is not of this server.")
            response: web.WebSocketResponse = await super().handle_websocket(request)
            return response

    return FootnoteServer(shlex.join(command), host, port, title="Footnote", templates_path=Path(__file__).parent)


def font_size(asked: str | None) -> int:
    """Return the size of the letters in pixels: as asked for, within reason."""
    return min(max(int(asked), 6), 60) if asked and asked.isdecimal() else 16


async def _protect(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"


def trusted(origin: str | None, asked_host: str | None, bound: str) -> bool:
    """Tell whether a socket is asked for by a page of this very server.

    On loopback the name must be one of loopback's too: a foreign name may be made to point here.
    """
    if not origin or not asked_host:
        return False
    page, here = urlsplit(origin), urlsplit(f"//{asked_host}")
    if page.netloc != here.netloc or page.scheme not in ("http", "https"):
        return False
    return bound not in LOOPBACK or here.hostname in LOOPBACK
