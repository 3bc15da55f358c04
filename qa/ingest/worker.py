"""The process that takes files of strangers apart, so that one which never ends, or fills the memory, can be ended."""

from __future__ import annotations

import io
import json
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any, BinaryIO

from qa.ingest import packing
from qa.ingest.html import Extracted
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.errors import AppError, Unreadable

DEADLINE = 30.0  # seconds until a piece of the file must be taken, and the next article be there
MEMORY = 3 * 2**30  # bytes that the process may have
LARGEST = 4 * 2**30  # bytes of a file that is handed over
_PIECE = 2**20  # bytes of it that are sent at once
_IN_MEMORY = 64 * 2**20  # bytes of it that the process holds; more lies in a temporary file

Order = dict[str, Any]
Answer = tuple[dict[str, Any], bytes]
Task = Callable[[Order, BinaryIO], Iterator[Answer]]


class Worker:
    """Has files read in a process of its own, which is started by the first one and after each that failed.

    It does one thing at a time: a second order, while the answers to the first are still being read, needs a second
    worker.
    """

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, draft: RawArticle) -> Extracted:
        """Return the article in a page or a document; raises Unreadable when it takes too long or breaks its reader."""
        is_page = draft.form is TextFormat.HTML
        data = draft.text.encode("utf-8", "replace") if is_page else draft.original
        (answer,) = self._ask({"do": "extract", "form": draft.form}, io.BytesIO(data))
        return packing.extracted(answer)

    def read(
        self, kind: str, stream: BinaryIO, source: str, mapping: Mapping[str, str]
    ) -> Iterator[RawArticle | Failure]:
        """Yield what a file of a kind of qa.ingest.read.containers holds; one that breaks it ends in a Failure."""
        try:
            for answer in self._ask({"do": "read", "kind": kind, "source": source, "fields": dict(mapping)}, stream):
                yield packing.draft(answer)
        except Unreadable as error:
            yield Failure(source, error.message)

    def feed(self, data: bytes, address: str, kind: str) -> dict[str, Any]:
        """Return what qa.ingest.kinds.feed.listed does of a feed or a sitemap; raises Unreadable."""
        ((found, _),) = self._ask({"do": "feed", "address": address, "kind": kind}, io.BytesIO(data))
        return found

    def close(self) -> None:
        """End the process; the next order starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, order: Order, stream: BinaryIO) -> Iterator[Answer]:
        process, late, done = self._started(), threading.Event(), False
        try:
            for piece in _pieces(order, stream):
                with self._timed(process, late):
                    _send(process.stdin, piece)
            with self._timed(process, late):
                header, data = _answer(process.stdout)
            while not header.get("end"):
                yield header, data
                with self._timed(process, late):
                    header, data = _answer(process.stdout)
            done = True
        except (BrokenPipeError, EOFError):
            raise Unreadable(self._broken(late), "Save the article as plain text instead.") from None
        finally:
            if not done:  # what is left of the answers must not answer the next order
                self.close()
        if "error" in header:
            raise Unreadable(header["error"], header["hint"])

    def _broken(self, late: threading.Event) -> str:
        if late.is_set():
            return f"it took longer than {self._deadline:g} s to take apart"
        return "it broke the program that reads it, or needed more memory than that may have"

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "qa.ingest.worker"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    @contextmanager
    def _timed(self, process: subprocess.Popen[bytes], late: threading.Event) -> Iterator[None]:
        """Kill the process at the deadline, which ends the wait for its answer."""

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._deadline, kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def main() -> None:
    """Carry out orders on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it closes the pipe
    _limit_memory()
    socket.has_ipv6 = False  # or urllib3, which trafilatura brings along, would open a socket to see whether it can
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not break the protocol
    while True:
        try:
            order = json.loads(_receive(orders))
        except EOFError:
            return
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as stream:
            while piece := _receive(orders):
                stream.write(piece)
            stream.seek(0)
            _carry_out(order, stream, answers)  # type: ignore[arg-type]  # a binary file in all but its declared type


def _carry_out(order: Order, stream: BinaryIO, answers: IO[bytes]) -> None:
    end: dict[str, Any] = {"end": True}
    try:
        for header, data in _TASKS[order["do"]](order, stream):
            _send_answer(answers, header, data)
    except AppError as error:
        end |= {"error": error.message, "hint": error.hint}
    _send_answer(answers, end, b"")


def _extract(order: Order, stream: BinaryIO) -> Iterator[Answer]:
    from qa.ingest.extraction import extract

    data, form = stream.read(), TextFormat(order["form"])
    text = data.decode("utf-8") if form is TextFormat.HTML else ""
    yield packing.packed(extract(RawArticle("", data, text, form)))


def _read(order: Order, stream: BinaryIO) -> Iterator[Answer]:
    from qa.ingest.read import containers

    yield from map(packing.packed, containers(order["fields"])[order["kind"]].read(stream, order["source"]))


def _feed(order: Order, stream: BinaryIO) -> Iterator[Answer]:
    from qa.ingest.kinds.feed import listed

    yield listed(stream.read(), order["address"], order["kind"]), b""


_TASKS: dict[str, Task] = {"extract": _extract, "read": _read, "feed": _feed}


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    highest = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if highest == resource.RLIM_INFINITY else min(MEMORY, highest)
    resource.setrlimit(resource.RLIMIT_AS, (limit, highest))


def _pieces(order: Order, stream: BinaryIO) -> Iterator[bytes]:
    """Yield an order and the file that it is about, in pieces; an empty one ends it."""
    yield json.dumps(order).encode("ascii")
    size = 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > LARGEST:
            raise Unreadable(f"the file is larger than {LARGEST // 2**30} GB", "Unpack it, and name what it holds.")
        yield piece
    yield b""


def _answer(pipe: IO[bytes] | None) -> Answer:
    return json.loads(_receive(pipe)), _receive(pipe)


def _send_answer(pipe: IO[bytes], header: dict[str, Any], data: bytes) -> None:
    _send(pipe, json.dumps(header).encode("ascii"))
    _send(pipe, data)


def _send(pipe: IO[bytes] | None, data: bytes) -> None:
    if pipe is None:
        raise EOFError
    pipe.write(len(data).to_bytes(8, "big") + data)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> bytes:
    head = pipe.read(8) if pipe else b""
    if pipe is None or len(head) < 8:
        raise EOFError
    data = pipe.read(int.from_bytes(head, "big"))
    if len(data) < int.from_bytes(head, "big"):
        raise EOFError
    return data


if __name__ == "__main__":
    main()
