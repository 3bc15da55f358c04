"""A model's server on loopback that does what servers do: answers, refuses, stalls, lies, breaks off."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

PIECES = ("The S-400 ", "was sold ", "– naïvely? ", "日本 🙂 [1].")
TEXT = "".join(PIECES)
KINDS = {"openai": "text/event-stream", "anthropic": "text/event-stream", "ollama": "application/x-ndjson"}
PROVIDERS = tuple(KINDS)
SLICE = 0.02


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


Writer = asyncio.StreamWriter
Act = Callable[[Asked, Writer], Awaitable[None]]


@dataclass(slots=True)
class Faults:
    """The server: `acts` are what it does with the first, second … request; the last one with all that follow."""

    acts: Sequence[Act] = ()
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def will(self, *acts: Act) -> None:
        """Set what it does from now on, and forget what was asked."""
        self.acts = acts
        self.asked.clear()
        self.left.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Serve one connection, and close it."""
        try:
            asked = await _request(reader)
            self.asked.append(asked)
            act = asyncio.ensure_future(self.acts[min(len(self.asked), len(self.acts)) - 1](asked, writer))
            gone = asyncio.ensure_future(reader.read(1))
            await asyncio.wait({act, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not act.done() or isinstance(act.exception(), ConnectionError):
                self.left.set()  # who asked went away in the middle: of a pause, or of what was being sent
            for task in (act, gone):
                task.cancel()
            await asyncio.gather(act, gone, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@contextmanager
def faults() -> Iterator[Faults]:
    """A running server; stopped, with all that it still does, at the end."""
    server, ready, stop = Faults(), threading.Event(), threading.Event()

    async def run() -> None:
        async with await asyncio.start_server(server.serve, "127.0.0.1", 0, limit=2**20) as listening:
            server.port = listening.sockets[0].getsockname()[1]
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(SLICE)
        current = asyncio.current_task()
        for task in asyncio.all_tasks():
            if task is not current:
                task.cancel()
        await asyncio.sleep(SLICE)

    thread = threading.Thread(target=asyncio.run, args=(run(),), name="faults")
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        stop.set()
        thread.join(10)


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, json.loads(body) if body else None)


def reply(status: int, body: bytes | str = b"", kind: str = "application/json", **headers: str) -> Act:
    """Answer with a status and a body; underscores in names of headers stand for hyphens."""

    async def act(_: Asked, writer: Writer) -> None:
        data = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status} Some Words", f"content-type: {kind}", f"content-length: {len(data)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1") + data)
        await writer.drain()

    return act


def stream(kind: str, chunks: Sequence[bytes], gap: float = 0.0, end: str = "whole", size: int = 0) -> Act:
    """Stream chunks, `gap` seconds apart; `end` is whole, cut (the connection ends), reset or stall.

    `size` cuts all of it into pieces of so many bytes, through characters and lines.
    """

    async def act(_: Asked, writer: Writer) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ntransfer-encoding: chunked\r\n\r\n".encode())
        await writer.drain()
        data = b"".join(chunks)
        parts = [data[at : at + size] for at in range(0, len(data), size)] if size else chunks
        for part in parts:
            writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            await writer.drain()
            await asyncio.sleep(gap)
        if end == "whole":
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        elif end == "reset":
            await asyncio.sleep(SLICE)
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif end == "stall":
            await asyncio.sleep(60)

    return act


def silent(seconds: float = 60.0) -> Act:
    """Accept the request and say nothing."""

    async def act(_: Asked, __: Writer) -> None:
        await asyncio.sleep(seconds)

    return act


def hang_up() -> Act:
    """Close the connection without a word."""

    async def act(_: Asked, writer: Writer) -> None:
        writer.close()

    return act


def endless(kind: str, megabytes: int, line: bytes = b"") -> Act:
    """Stream so many megabytes: of one line that never ends, or of copies of a line."""

    async def act(_: Asked, writer: Writer) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n\r\n".encode())
        block = (line or b"x") * (10**6 // len(line or b"x"))
        for _number in range(megabytes):
            writer.write(block)
            await writer.drain()

    return act


def whole(provider: str, pieces: Sequence[str] = PIECES, reason: str = "", tokens: tuple[int, int] = (11, 7)) -> Act:
    """A proper answer of a provider."""
    return stream(KINDS[provider], said(provider, pieces, reason, tokens))


def said(
    provider: str, pieces: Sequence[str] = PIECES, reason: str = "", tokens: tuple[int, int] = (11, 7)
) -> list[bytes]:
    """The chunks of a proper answer of a provider, one an event."""
    if provider == "openai":
        events = [_openai({"role": "assistant", "content": ""}), *(_openai({"content": piece}) for piece in pieces)]
        events.append(_openai({}, reason or "stop"))
        usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
        events.append({**_openai({}), "choices": [], "usage": usage})
        return [*map(_data, events), b"data: [DONE]\n\n"]
    if provider == "ollama":
        events = [_ollama(piece) for piece in pieces]
        events.append(
            {
                **_ollama(""),
                "done": True,
                "done_reason": reason or "stop",
                "prompt_eval_count": tokens[0],
                "eval_count": tokens[1],
            }
        )
        return [json.dumps(event, ensure_ascii=False).encode() + b"\n" for event in events]
    return [_data(event, event["type"]) for event in _anthropic(pieces, reason or "end_turn", tokens)]


def _data(event: Mapping[str, Any], name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _openai(delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def _ollama(content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {"model": "m", "created_at": "2024-01-01T00:00:00Z", "message": message, "done": False}


def _anthropic(pieces: Sequence[str], reason: str, tokens: tuple[int, int]) -> list[dict[str, Any]]:
    usage = {"input_tokens": tokens[0], "output_tokens": 1}
    message = {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [], "usage": usage}
    return [
        {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": reason, "stop_sequence": None},
            "usage": {"output_tokens": tokens[1]},
        },
        {"type": "message_stop"},
    ]
