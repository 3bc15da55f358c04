"""The application as the server starts it: with the keyboard at once, and not for longer than it is looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.web.session import GREETING, Tab, packet_of

SECONDS = 30


class Child:
    """The application as a tab's process: what it draws and says, and what it is sent."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def read(self, size: int) -> bytes:
        """Return so many bytes, or fewer where there are no more."""
        assert self.process.stdout is not None
        return self.process.stdout.read(size)

    def until(self, kind: bytes, sign: bytes) -> bytes:
        """Return the first packet of this kind that has the sign."""
        while True:
            came, payload = self.read(1), self.read(int.from_bytes(self.read(4), "big"))
            assert came, "the process has ended"
            if came == kind and sign in payload:
                return payload

    def send(self, *said: str) -> None:
        """Send what a page says."""
        assert self.process.stdin is not None
        for text in said:
            self.process.stdin.write(packet_of(text) or b"")
        self.process.stdin.flush()


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    command = [sys.executable, "-m", "tests.tui.fakeapp", str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=Tab(80, 24).environment()) as process:
        yield Child(process)
        process.kill()


def test_it_takes_keys_copies_tells_its_conversation_and_ends_when_the_server_is_gone(child: Child) -> None:
    assert child.read(len(GREETING)) == GREETING
    child.until(b"D", b"3 articles")
    child.send('["stdin", "When was the lamp lit?\\r"]')
    while not (told := json.loads(child.until(b"M", b"conversation"))["id"]):
        pass
    assert len(told) == 32
    child.until(b"D", b"2 articles")
    child.send('["stdin", "\\u001b[Z"]')
    child.until(b"D", b"y copy")
    child.send('["stdin", "y"]')
    child.until(b"D", b"\x1b]52;c;")
    child.send('["copied", true]')
    child.until(b"D", b"Copied the quote.")
    assert child.process.stdin is not None
    child.process.stdin.close()
    while child.read(65536):
        pass
    assert child.process.wait(SECONDS) == 0
