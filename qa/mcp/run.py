"""Serving the tools: over standard input and output, or over HTTP behind the same guard as `qa serve`."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import anyio
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError

from qa.serve.guard import App, Gatekeeper, Guard

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectSendStream
    from mcp.server import Server

PATH = "/mcp"


def over_stdio(server: Server[Any], stop: Callable[[], None]) -> None:
    """Serve one client until it closes standard input; standard output carries the protocol and nothing else."""
    logging.basicConfig(level=logging.ERROR)  # on stderr
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler would wait for the thread that reads a line
    anyio.run(_over_stdio, server, stop)


async def _over_stdio(server: Server[Any], stop: Callable[[], None]) -> None:
    async with stdio_server() as (read, write), anyio.create_task_group() as group:
        sending, receiving = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        group.start_soon(_understood, read, sending, write)
        try:
            await server.run(receiving, write, server.create_initialization_options())
        finally:
            stop()
        group.cancel_scope.cancel()


async def _understood(read: Any, sending: MemoryObjectSendStream[SessionMessage | Exception], write: Any) -> None:
    """Pass messages on, and say of what is none that it is none: the SDK drops it, and its sender would wait."""
    async with sending:
        async for item in read:
            if isinstance(item, Exception):
                await write.send(SessionMessage(misunderstood(item)))
            else:
                await sending.send(item)


def misunderstood(error: Exception) -> JSONRPCError:
    """Return the reply to a line that is no message, under its id where it has one."""
    number, code, said = None, PARSE_ERROR, "This line is not JSON."
    try:
        value = json.loads(error.errors()[0]["input"])  # type: ignore[attr-defined]  # pydantic's error
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        code, said = INVALID_REQUEST, "This is no message of JSON-RPC in valid Unicode."
        number = one if isinstance(one := value.get("id"), int | str) and not isinstance(one, bool) else None
    return JSONRPCError(jsonrpc="2.0", id=number, error=ErrorData(code=code, message=said))


def over_http(server: Server[Any], rules: Gatekeeper) -> App:
    """Return the application that serves the tools at /mcp; the guard does what the SDK's own checks would."""
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,  # a request ends with its client, and nothing is kept between two
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Guard(app, rules)
