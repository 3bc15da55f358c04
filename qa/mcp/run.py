"""Serving the tools: over standard input and output, or over HTTP behind the same guard as `qa serve`."""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import anyio
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, jsonrpc_message_adapter

from qa.serve.guard import App, Gatekeeper, Guard

if TYPE_CHECKING:
    from mcp.server import Server

PATH = "/mcp"


def over_stdio(server: Server[Any], stop: Callable[[], None]) -> None:
    """Serve one client until it closes standard input; standard output carries the protocol and nothing else."""
    logging.basicConfig(level=logging.ERROR)  # on stderr
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler would wait for the thread that reads a line
    anyio.run(_over_stdio, server, stop)


async def _over_stdio(server: Server[Any], stop: Callable[[], None]) -> None:
    lines = MessageLines(anyio.wrap_file(TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")))
    async with stdio_server(lines) as (read, write):  # type: ignore[arg-type]  # all that it does is iterate
        lines.reply = write.send
        try:
            await server.run(read, write, server.create_initialization_options())
        finally:
            stop()


class MessageLines:
    """Lines that are messages; of any other its sender is told at once, as the SDK would let it wait for ever."""

    def __init__(self, lines: AsyncIterable[str]) -> None:
        self._lines = lines
        self.reply: Callable[[SessionMessage], Awaitable[None]] | None = None

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield the messages."""
        async for line in self._lines:
            if (error := misunderstood(line)) is None:
                yield line
            elif line.strip() and self.reply:
                await self.reply(SessionMessage(error))


def misunderstood(line: str) -> JSONRPCError | None:
    """Return the reply to a line that is no message, under its id if it has one; None for a message."""
    try:
        jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        number, error = None, ErrorData(code=PARSE_ERROR, message="This line is not JSON.")
    else:
        return None
    with suppress(ValueError, RecursionError):
        value = json.loads(line)
        error = ErrorData(code=INVALID_REQUEST, message="This is no message of JSON-RPC in valid Unicode.")
        number = _id(value) if isinstance(value, dict) else None
    return JSONRPCError(jsonrpc="2.0", id=number, error=error)


def _id(value: dict[str, Any]) -> int | str | None:
    number = value.get("id")
    if isinstance(number, str):
        return number.encode("utf-8", "replace").decode()
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def over_http(server: Server[Any], rules: Gatekeeper) -> App:
    """Return the application that serves the tools at /mcp; the guard does what the SDK's own checks would."""
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,  # a request ends with its client, and nothing is kept between two
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Guard(app, rules)
