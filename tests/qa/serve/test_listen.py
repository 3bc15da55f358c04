"""Where a server listens, which token it asks for, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.faults import damage
from benchmarks.faults.inputs import FINE, HEALTH, exchanged, served
from qa.serve.listen import TOKEN, Address, reserved
from vectorstore.errors import AppError, UsageError


def test_this_machine_needs_no_token_and_everywhere_else_gets_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    assert Address.of("127.0.0.1", 8010) == Address("127.0.0.1", 8010)
    one, other = Address.of("0.0.0.0", 8010), Address.of("0.0.0.0", 8010)
    assert one.made
    assert len(one.token) >= 24
    assert one.token != other.token


def test_a_token_in_the_environment_is_asked_for_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, " long-enough-for-this ")
    assert Address.of("127.0.0.1", 1) == Address("127.0.0.1", 1, "long-enough-for-this")


@pytest.mark.parametrize("token", ["short", "with-ünusual-letters", "with\nlines-with-lines"])
def test_a_weak_token_is_refused(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv(TOKEN, token)
    with pytest.raises(UsageError, match=TOKEN):
        Address.of("127.0.0.1", 1)


def test_a_port_that_is_none_or_taken_is_refused_with_a_sentence() -> None:
    with pytest.raises(UsageError):
        Address.of("127.0.0.1", 70_000)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AppError, match="Nothing can be served"):
            reserved(Address("127.0.0.1", taken.getsockname()[1]))
    for host in ("x" * 64, "a\0b", "\udcff"):
        with pytest.raises(AppError, match="Nothing can be served"):
            reserved(Address(host, 0))


def test_a_reserved_port_is_in_use_for_others_at_once() -> None:
    with reserved(Address("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(AppError, match="in use"):
            reserved(Address("127.0.0.1", port))


@pytest.mark.model
def test_a_process_serves_its_token_s_owner_and_ends_at_a_signal(
    seeds_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "correct-horse-battery-staple"
    monkeypatch.setenv(TOKEN, secret)
    command = [sys.executable, "-m", "qa", "--store", str(seeds_store), "serve", "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stderr is not None
    said = server.stderr.readline() + server.stderr.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert address, said
    body = json.dumps({"question": "When did King Salman visit Moscow?"}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    asked = urllib.request.Request(f"{address.group()}ask", body, headers)
    with urllib.request.urlopen(asked, timeout=60) as reply:
        assert json.load(reply)["answered"]
    asked.remove_header("Authorization")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(asked, timeout=60)
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=60)
    assert server.returncode == 0
    assert (out, err) == ("", "")
    assert secret not in said


def test_a_client_that_sends_nonsense_or_nothing_is_answered_or_left_and_no_other_notices(tmp_path: Path) -> None:
    archive, _ = damage.made(tmp_path)
    head = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    sent = {
        b'{"question": "\\ud800"}': 422,
        b'{"question": "' + b"x" * 10_000_000 + b'"}': 413,
        b'{"question": "\xed\xa0\x80 who"}': 422,
    }
    with served(archive, "from qa.serve import listen; listen.SILENCE = 1.5") as (port, server), ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(500)]
        for body, status in sent.items():
            reply = exchanged(port, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert (reply or b"")[9:12] == b"%d" % status
        for size in (40_000, 70_000, 500_000):
            reply = exchanged(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * size + b"\r\n\r\n")
            assert reply is not None
            assert reply[9:12] in (b"400", b"431", b"")
        began = time.monotonic()
        assert (exchanged(port, HEALTH) or b"").startswith(FINE)
        assert time.monotonic() - began < 5
        silent[0].sendall(b"GET / HTTP/1.1\r\nX: y")  # and no more
        for one in (silent[0], silent[-1]):
            one.settimeout(30)
            assert one.recv(1) == b""
        assert server.poll() is None
