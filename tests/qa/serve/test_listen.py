"""Where a server listens, which token it asks for, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvicorn

from benchmarks.faults import damage
from benchmarks.faults.inputs import FINE, HEALTH, exchanged, served
from qa.serve import listen
from qa.serve.guard import Receive, Scope, Send
from qa.serve.listen import TOKEN, Address, PatientProtocol, StoppingServer, reserved
from vectorstore.errors import AppError, UsageError

HOST = b"Host: localhost\r\n"


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


@pytest.mark.parametrize("signals", [1, 2])
async def test_a_server_that_stops_hangs_up_on_who_has_no_reply_yet_at_a_second_signal_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, signals: int
) -> None:
    monkeypatch.setattr(listen, "GRACE", 0.01 if signals == 1 else 60)
    begun = asyncio.Event()

    async def waiting(_: Scope, receive: Receive, __: Send) -> None:
        begun.set()
        while (await receive())["type"] != "http.disconnect":
            pass

    with reserved(Address("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(waiting, http=PatientProtocol, lifespan="off", log_config=None)  # type: ignore[arg-type]
        server = StoppingServer(config, "", lambda: None)
        serving = asyncio.ensure_future(server.serve([listening]))
        with socket.create_connection(listening.getsockname(), timeout=10) as client:
            client.sendall(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n{")
            await begun.wait()
            for _ in range(signals):
                server.handle_exit(signal.SIGINT, None)
            await asyncio.wait_for(serving, 10)
            assert client.recv(1) == b""
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_nothing_is_kept_of_a_connection_that_was_closed() -> None:
    async def empty(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    with reserved(Address("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(empty, http=PatientProtocol, lifespan="off", log_config=None)  # type: ignore[arg-type]
        server = StoppingServer(config, "", lambda: None)
        serving = asyncio.ensure_future(server.serve([listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 204")
        known = [weakref.ref(connection) for connection in server.server_state.connections]
        writer.close()
        while server.server_state.connections:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        gc.collect()
        assert [ref() for ref in known] == [None]
        server.handle_exit(signal.SIGINT, None)
        await serving


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


Served = tuple[int, subprocess.Popen[str]]


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The port and the process of a server, which shows no traceback whatever it is sent."""
    archive, _ = damage.made(tmp_path_factory.mktemp("light"))
    with served(archive, "from qa.serve import listen; listen.SILENCE = 1.5") as (port, server):
        yield port, server
        server.terminate()
        assert server.stderr is not None
        said = server.stderr.read()
        assert "Traceback" not in said
        assert "pip install" not in said


def test_a_client_that_sends_nonsense_or_nothing_is_answered_or_left_and_no_other_notices(light: Served) -> None:
    port, server = light
    head = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    sent = {
        b'{"question": "\\ud800"}': 422,
        b'{"question": "' + b"x" * 10_000_000 + b'"}': 413,
        b'{"question": "\xed\xa0\x80 who"}': 422,
    }
    with ExitStack() as stack:
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


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # as TLS begins
        b"GET /health HTTP/1.1\r\n\r\n",
        b"POST /ask HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /ask HTTP/1.1\r\n" + HOST + b"Content-Length: many\r\n\r\n",
        b"POST /ask HTTP/1.1\r\nHost: evil.example\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",  # to be refused anyway
    ],
)
def test_what_is_no_http_is_refused_as_everything_else_is(light: Served, sent: bytes) -> None:
    head, _, body = (exchanged(light[0], sent) or b"").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body) == {"error": "This is no HTTP request.", "hint": "Send HTTP/1.1, without TLS."}


def test_nonsense_after_a_refusal_ends_the_connection(light: Served) -> None:
    with socket.create_connection(("127.0.0.1", light[0]), timeout=10) as client:
        client.sendall(b"POST /ask HTTP/1.1\r\nHost: evil.example\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 403"
        client.sendall(b"zz\r\n")
        assert client.makefile("rb").read().endswith(b"}")


def test_a_web_socket_is_refused_by_the_same_rules_and_never_opened(light: Served) -> None:
    begin = b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
    begin += b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    assert (exchanged(light[0], b"GET /health HTTP/1.1\r\n" + HOST + begin) or b"").startswith(FINE)
    foreign = exchanged(light[0], b"GET /health HTTP/1.1\r\nHost: evil.example\r\n" + begin)
    assert (foreign or b"").startswith(b"HTTP/1.1 403")


def test_half_a_request_after_a_whole_one_is_not_waited_for(light: Served) -> None:
    with socket.create_connection(("127.0.0.1", light[0]), timeout=10) as client:
        client.sendall(b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n")
        assert client.recv(12) == FINE[:12]
        client.sendall(b"GET /hea")
        assert client.makefile("rb").read().endswith(b"}")
