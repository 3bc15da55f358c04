"""One tab: a process of the application, and the socket that carries what it draws and what is typed.

The process speaks Textual's protocol for browsers: a line as a greeting, then packets of one letter (D: to draw; M: a
message as JSON), the payload's length in four bytes, and the payload.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version

from aiohttp import WSCloseCode, WSMsgType, web

GREETING = b"__GANGLION__\n"
PATIENCE = 4.0  # seconds for a process to end by itself, and again when it is told to
MOST = 1000  # columns or rows
FAILED = b"It could not go on. The terminal in which qa web runs says why."


@dataclass(frozen=True, slots=True)
class Tab:
    """What a page asks for: the size of its screen in cells, and the conversation that it showed, "" for none."""

    columns: int
    rows: int
    conversation: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Tab:
        """Read the tab out of an address; what makes no sense there is left out."""
        key = query.get("conversation", "")
        known = key if re.fullmatch(r"[0-9a-f]{32}", key) else ""
        return cls(_size(query.get("width"), 80), _size(query.get("height"), 24), known)

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command that shows this tab."""
        return [*command, "--conversation", self.conversation] if self.conversation else [*command]

    def environment(self) -> dict[str, str]:
        """Return what Textual wants to know of a browser."""
        return os.environ | {
            "TEXTUAL_DRIVER": "tui.web.driver:TabDriver",
            "TEXTUAL_FPS": "60",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "TERM_PROGRAM": "textual",
            "TERM_PROGRAM_VERSION": version("textual-serve"),
            "COLUMNS": str(self.columns),
            "ROWS": str(self.rows),
        }


async def show(tab: Tab, command: Sequence[str], socket: web.WebSocketResponse) -> None:
    """Run the application until it ends or its tab is closed; its process has ended when this returns."""
    process = await asyncio.create_subprocess_exec(
        *tab.command(command), stdin=PIPE, stdout=PIPE, env=tab.environment()
    )
    drawing = asyncio.create_task(_draw(process, socket))
    try:
        await _type(process, socket)
    finally:
        await _end(process)
        await drawing


async def _draw(process: Process, socket: web.WebSocketResponse) -> None:
    """Carry what the process draws and says to the page until it ends, and read on when nobody looks any more."""
    assert process.stdout is not None
    reader = process.stdout
    with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        await reader.readuntil(GREETING)
        while True:
            kind, size = await reader.readexactly(1), await reader.readexactly(4)
            payload = await reader.readexactly(int.from_bytes(size, "big"))
            with suppress(ConnectionError):
                await _send(socket, kind, payload)
    if await process.wait() == 0:
        await socket.close()
    else:
        await socket.close(code=WSCloseCode.INTERNAL_ERROR, message=FAILED)


async def _send(socket: web.WebSocketResponse, kind: bytes, payload: bytes) -> None:
    if socket.closed:
        return
    if kind == b"D":
        await socket.send_bytes(payload)
    elif kind == b"M" and (said := page_message(json.loads(payload))):
        await socket.send_json(said)


def page_message(said: Mapping[str, object]) -> list[object]:
    """Return what to tell the page, nothing where it is none of its business."""
    match said:
        case {"type": "conversation", "id": str(key)}:
            return ["conversation", key]
        case {"type": "open_url", "url": str(url)} if url.startswith(("https://", "http://")):
            return ["open_url", {"url": url, "new_tab": True}]
    return []


async def _type(process: Process, socket: web.WebSocketResponse) -> None:
    """Carry what the page sends to the process, until it is closed or says what no page of ours does."""
    assert process.stdin is not None
    async for message in socket:
        packet = packet_of(message.data) if message.type is WSMsgType.TEXT else None
        if packet is None:
            await socket.close(code=WSCloseCode.INVALID_TEXT)
            return
        with suppress(ConnectionError):  # it is ending, and the socket will be closed
            process.stdin.write(packet)
            await process.stdin.drain()


def packet_of(text: str) -> bytes | None:
    """Return what the page says as the process reads it, b"" where that needs no packet, None where it is nonsense."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match said:
        case ["stdin", str(typed)]:
            return _packet(b"D", typed.encode("utf-8", "replace"))  # JSON can hold half a character
        case ["resize", {"width": int(columns), "height": int(rows)}]:
            return _message(type="resize", width=_within(columns), height=_within(rows))
        case ["focus" | "blur" as kind, *_]:
            return _message(type=kind)
        case ["copied", bool(done)]:
            return _message(type="copied", done=done)
        case ["ping", *_]:
            return b""
    return None


async def _end(process: Process) -> None:
    """Let the process save what it has and end; make it end where it does not."""
    assert process.stdin is not None
    with suppress(ConnectionError):
        process.stdin.write(_message(type="quit"))
        process.stdin.close()
    for harder in (process.terminate, process.kill):
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE)
            return
        harder()
    await process.wait()


def _message(**said: object) -> bytes:
    return _packet(b"M", json.dumps(said).encode())


def _packet(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


def _size(text: str | None, usual: int) -> int:
    return _within(int(text)) if text and re.fullmatch("[0-9]{1,9}", text) else usual


def _within(cells: int) -> int:
    return min(max(cells, 1), MOST)
