"""Serving the tools: over standard input and output, or over HTTP behind the same guard as `qa serve`."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

import anyio
from anyio import to_thread
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.message import SessionMessage
from mcp_types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    jsonrpc_message_adapter,
)
from sse_starlette.sse import AppStatus

from qa.exits import Exit, code_of
from qa.sanitize import line
from qa.serve.guard import App, Gatekeeper, Guard, Receive, Refusal, Scope, Send, refuse, replayed
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from mcp.server import Server

    from qa.serve.desk import Desk

PATH = "/mcp"


def over_stdio(server: Server[Any], desk: Desk, load: Callable[[], object]) -> NoReturn:
    """Serve one client until it leaves, and exit; standard output carries the protocol and nothing else.

    `load` prepares what the tools need while the client is served already; what is missing then, calls say again.
    """
    logging.basicConfig(level=logging.ERROR)  # on stderr
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler would wait for the thread that reads a line
    try:
        code = code_of(lambda: _served(server, desk, load))
    except Exception:  # noqa: BLE001 - a mistake of ours, which keeps its traceback
        traceback.print_exc()
        code = Exit.FAILED
    os._exit(code)  # a thread that reads a line, loads a model or answers would be waited for, and none has to save


def _served(server: Server[Any], desk: Desk, load: Callable[[], object]) -> None:
    try:
        anyio.run(_over_stdio, server, desk, load)
    except ExceptionGroup as group:
        error: Exception = group
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        raise error from group


async def _over_stdio(server: Server[Any], desk: Desk, load: Callable[[], object]) -> None:
    lines = MessageLines(_typed())
    async with (
        stdio_server(lines) as (read, write),  # type: ignore[arg-type]  # all that it does is iterate
        anyio.create_task_group() as tasks,
    ):
        lines.reply = write.send
        tasks.start_soon(_prepared, desk, load)
        await server.run(read, write, server.create_initialization_options())
        tasks.cancel_scope.cancel()


async def _prepared(desk: Desk, load: Callable[[], object]) -> None:
    try:
        await desk.run(load)
    except AppError as error:
        print(f"error: {line(error.message)} {line(error.hint)}", file=sys.stderr, flush=True)


async def _typed() -> AsyncIterator[str]:
    """Yield the lines of standard input, and wait for none when the session ends."""
    stdin = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    while typed := await to_thread.run_sync(stdin.readline, abandon_on_cancel=True):
        yield typed


class MessageLines:
    """Lines that are messages; of any other its sender is told at once, as the SDK would let it wait for ever."""

    def __init__(self, lines: AsyncIterable[str]) -> None:
        self._lines = lines
        self.reply: Callable[[SessionMessage], Awaitable[None]] | None = None

    async def __aiter__(self) -> AsyncIterator[str]:
        """Yield the messages."""
        async for sent in self._lines:
            if (error := misunderstood(sent)) is None:
                yield sent
            elif sent.strip() and self.reply:
                await self.reply(SessionMessage(error))


def misunderstood(sent: str | bytes) -> JSONRPCError | None:
    """Return the reply to what is no message, under its id if it has one; None for a message."""
    number, error = None, ErrorData(code=PARSE_ERROR, message="This is not JSON.")
    with suppress(ValueError):
        message = jsonrpc_message_adapter.validate_json(sent, by_name=False)
        if not isinstance(message, JSONRPCNotification) or "id" not in json.loads(sent):
            return None  # an id that is neither text nor a whole number makes no notification of a request
    with suppress(ValueError, RecursionError):
        value = json.loads(sent)
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
    AppStatus.enable_automatic_graceful_drain = False  # it cuts off at a signal what the desk brings to an end
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,  # a request ends with its client, and nothing is kept between two
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Guard(OnlyMessages(app), rules)


class OnlyMessages:
    """The application behind what it would answer at length, late or never: all that is no message posted to it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a message on, or say why not; the guard gives whole bodies."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
        elif scope["method"] != "POST":
            refusal = Refusal(405, "Messages are posted here.", "There are no sessions to listen to or to end.")
            await refuse(send, refusal, [(b"allow", b"POST")])
        elif error := misunderstood(body := (await receive())["body"]):
            await _answer(send, 400, error)
        else:
            await self._app(scope, replayed(body, receive), send)


async def _answer(send: Send, status: int, error: JSONRPCError) -> None:
    body = error.model_dump_json(by_alias=True, exclude_unset=True).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
