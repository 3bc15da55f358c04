"""The one process that takes web pages apart, so that a page which never ends can be ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from types import TracebackType
from typing import IO, Any

from qa.ingest.boilerplate.lines import Piece
from qa.ingest.html import Extracted, extract
from vectorstore.articles import BlockKind
from vectorstore.errors import Unreadable

DEADLINE = 30.0  # seconds a page may take
MEMORY = 3 * 2**30  # bytes that the process may have


class HtmlWorker:
    """Extracts pages one by one in a process of its own, started at the first page and after each that failed."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> HtmlWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, page: str) -> Extracted:
        """Return the article in an HTML page; raises Unreadable when it takes too long or breaks the extractor."""
        process = self._started()
        late = threading.Event()
        with self._timed(process, late):
            try:
                _send(process.stdin, page.encode("utf-8", "replace"))
                answer = _receive(process.stdout)
            except (BrokenPipeError, EOFError):
                answer = b""
        if not answer:
            self.close()
            reason = (
                f"the page took longer than {self._deadline:g} s to take apart"
                if late.is_set()
                else "the page broke the HTML reader"
            )
            raise Unreadable(reason, "Save the article as plain text instead.")
        return _unpacked(json.loads(answer))

    def close(self) -> None:
        """End the process; the next page starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "qa.ingest.html_worker"]
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
    """Answer pages on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it closes the pipe
    _limit_memory()
    pages, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not break the protocol
    while True:
        try:
            page = _receive(pages)
        except EOFError:
            return
        _send(answers, json.dumps(asdict(extract(page.decode("utf-8")))).encode("ascii"))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    highest = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if highest == resource.RLIM_INFINITY else min(MEMORY, highest)
    resource.setrlimit(resource.RLIMIT_AS, (limit, highest))


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


def _unpacked(answer: dict[str, Any]) -> Extracted:
    pieces = tuple(Piece(piece["text"], BlockKind(piece["kind"])) for piece in answer.pop("pieces"))
    days = tuple((value, how) for value, how in answer.pop("days"))
    guess = tuple(answer.pop("guess") or ()) or None
    warnings, captions = (tuple(answer.pop(name)) for name in ("warnings", "captions"))
    return Extracted(pieces, warnings=warnings, days=days, guess=guess, captions=captions, **answer)


if __name__ == "__main__":
    main()
