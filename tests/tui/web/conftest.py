"""A server with tabs, in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

QUICK = "server.IDLE, session.PATIENCE = 0.5, 0.5"  # seconds, so that a test need not wait for long


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its port, the address that it printed, and what it says afterwards."""

    port: int
    address: str
    process: subprocess.Popen[str]

    def end(self) -> str:
        """End the server and return what it complained of."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[1]


@contextmanager
def serving(command: Sequence[str], host: str = "127.0.0.1") -> Iterator[Served]:
    """Serve a command at a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"from tui.web import server, session; {QUICK}; server.serve({command!r}, {host!r}, {port})"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said = process.stderr.readline()
    served = Served(port, said.removeprefix("Footnote is at ").partition(" ")[0], process)
    try:
        _reach(port)
        yield served
    finally:
        if process.poll() is None:
            served.end()
        process.stderr.close()


def _reach(port: int) -> None:
    for _ in range(100):  # the socket opens a moment after the line is printed
        with socket.socket() as probe:
            probe.settimeout(0.1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


@pytest.fixture(scope="module")
def fake_tab() -> list[str]:
    return [sys.executable, "-S", str(Path(__file__).with_name("fake_tab.py"))]


@pytest.fixture(scope="module")
def alone(fake_tab: list[str]) -> Iterator[Served]:
    """A server that only this machine reaches."""
    with serving(fake_tab) as served:
        yield served


@pytest.fixture(scope="module")
def shared(fake_tab: list[str]) -> Iterator[Served]:
    """A server that other machines reach."""
    with serving(fake_tab, "0.0.0.0") as served:
        yield served
