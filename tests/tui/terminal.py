"""A program in a real pseudo-terminal, and every byte that it sends there."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Sequence
from types import TracebackType

SECONDS = 30


class Terminal:
    """Runs a command in a pseudo-terminal of a given size; `output` grows as bytes are read."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (120, 40), **environment: str) -> None:
        self.output = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        given = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=given, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def read(self, seconds: float) -> bool:
        """Take what the program has sent; tell whether there was anything."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the program has ended
            return False
        self.output += data
        return bool(data)

    def until(self, condition: Callable[[bytes], object]) -> None:
        """Read until the condition holds for all the output."""
        deadline = time.monotonic() + SECONDS
        while not condition(self.output):
            assert time.monotonic() < deadline, f"never came; the last bytes: {self.output[-600:]!r}"
            self.read(0.1)

    def quiet(self, seconds: float = 0.5) -> None:
        """Read until nothing has come for a while."""
        while self.read(seconds):
            pass

    def send(self, keys: str) -> None:
        """Send bytes as if they were typed."""
        os.write(self._master, keys.encode())

    def wait(self) -> int:
        """Wait for the program's end and return its exit code."""
        deadline = time.monotonic() + SECONDS
        while self._process.poll() is None:
            assert time.monotonic() < deadline, "the program does not end"
            self.read(0.1)
        return self._process.returncode
