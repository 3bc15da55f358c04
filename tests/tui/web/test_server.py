"""The server: one page, one process for each tab, and an error for each sender of anything else."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress

import aiohttp
import pytest

from tests.tui.web.conftest import Served, serving
from tui.web.gate import AccessGate
from tui.web.server import HEADERS, address, serve
from vectorstore.errors import UsageError

SECONDS = 30


def raw(port: int, request: bytes) -> bytes:
    """Send bytes and return the head of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer and (more := connection.recv(65536)):
            answer += more
    return answer


def status(port: int, path: str = "/", host: str | None = "127.0.0.1", extra: bytes = b"") -> int:
    """Ask for a page and return the status of the answer."""
    named = b"" if host is None else b"Host: " + host.encode("latin-1") + b"\r\n"
    answer = raw(port, f"GET {path} HTTP/1.1\r\n".encode() + named + extra + b"\r\n")
    return int(answer.split()[1])


@asynccontextmanager
async def tab(served: Served, query: str = "", **headers: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open a tab as a page of the server does."""
    origin = {"Origin": f"http://127.0.0.1:{served.port}"} | headers
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(f"http://127.0.0.1:{served.port}/ws?{query}", headers=origin) as opened,
    ):
        yield opened


async def first(opened: aiohttp.ClientWebSocketResponse) -> list[object]:
    """Return what the fake application draws first: its process, its arguments and its size."""
    drawn: list[object] = json.loads(await opened.receive_bytes())
    return drawn


async def ended(opened: aiohttp.ClientWebSocketResponse) -> int | None:
    """Read until the tab is closed and return the code with which it was."""
    async for _ in opened:
        pass
    return opened.close_code


async def gone(process: object) -> None:
    """Wait until a process is no more."""
    assert isinstance(process, int)
    for _ in range(SECONDS * 20):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{process} is still there")


def test_the_page_asks_no_other_host_and_forbids_it(alone: Served) -> None:
    answer = raw(alone.port, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").decode()
    for name, value in HEADERS.items():
        assert f"{name}: {value}" in answer
    assert status(alone.port, "/page.js") == status(alone.port, "/static/js/textual.js") == 200


def test_the_page_fits_a_phone_and_loads_only_what_is_ours(alone: Served) -> None:
    with socket.create_connection(("127.0.0.1", alone.port), timeout=SECONDS) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        page = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert 'name="viewport" content="width=device-width, initial-scale=1' in page
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page)) == {
        "data:,",
        "/static/css/xterm.css",
        "/page.js",
        "/static/js/textual.js",
    }


@pytest.mark.parametrize("path", ["/", "/page.js", "/static/js/textual.js", "/ws", "/nowhere", "/?token=x"])
@pytest.mark.parametrize(
    ("host", "extra"),
    [
        ("evil.example", b""),
        ("[::1", b""),
        ("\xff", b""),
        ("127.0.0.1", b"Origin: http://evil.example\r\n"),
        ("127.0.0.1", b"Origin: http://[::1\r\n"),
        ("127.0.0.1", b"Origin: null\r\n"),
    ],
)
def test_a_foreign_or_malformed_name_gets_nothing_at_all(alone: Served, path: str, host: str, extra: bytes) -> None:
    assert status(alone.port, path, host, extra) == 403


def test_a_socket_is_for_pages_alone(alone: Served) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    assert status(alone.port, "/ws", extra=upgrade + key) == 403
    assert status(alone.port, "/ws", extra=upgrade + key + b"Origin: http://127.0.0.1:1\r\n") == 403
    assert status(alone.port, "/ws", extra=upgrade + key + b"Origin: http://127.0.0.1\r\n") == 101


def test_nonsense_is_its_senders_error_and_nobody_elses(fake_tab: list[str]) -> None:
    with serving(fake_tab) as served:
        port, head = served.port, b"GET / HTTP/1.1\r\nHost: localhost\r\n"
        assert b" 400 " in raw(port, head + b"X: " + b"x" * 65_536 + b"\r\n\r\n")
        assert b" 400 " in raw(port, head + b"X: y\r\n" * 9_999 + b"\r\n")
        assert b" 400 " in raw(port, b"GET /" + b"x" * 65_536 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 400 " in raw(port, b"\x16\x03\x01\x00\xff\r\n\r\n")
        assert b" 400 " in raw(port, b"GET / HTTP/1.1\r\n\r\n")
        assert b" 405 " in raw(
            port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 10**7
        )
        assert b" 403 " in raw(port, b"GET / HTTP/1.0\r\n\r\n")
        assert status(port) == 200
        assert served.end() == ""


async def test_connections_that_say_nothing_hold_nobody_up_and_are_closed(alone: Served) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", alone.port))) for _ in range(500)]
        began = time.monotonic()
        assert status(alone.port) == 200
        assert time.monotonic() - began < 2
        silent[-1].settimeout(SECONDS)
        assert silent[-1].recv(1) == b""


async def test_a_tab_is_a_process_that_gets_its_size_and_conversation(alone: Served) -> None:
    key = "ab" * 16
    async with tab(alone, f"width=46&height=40&conversation={key}") as opened:
        process, *rest = await first(opened)
        assert rest == [["--conversation", key], "46", "40"]
        assert await opened.receive_json() == ["conversation", "c" * 32]
        await opened.send_json(["stdin", "a\ud800"])
        assert await opened.receive_bytes() == b"Da?"
    await gone(process)


async def test_two_tabs_are_two_processes(alone: Served) -> None:
    async with tab(alone) as one, tab(alone) as other:
        assert (await first(one))[0] != (await first(other))[0]


@pytest.mark.parametrize("nonsense", ["{", '["stdin", 5]', "x" * 5_000_000])
async def test_a_page_that_sends_nonsense_loses_its_own_session(alone: Served, nonsense: str) -> None:
    async with tab(alone) as other, tab(alone) as opened:
        process = (await first(opened))[0]
        with suppress(ConnectionError):  # it may be cut off before all is sent
            await opened.send_str(nonsense)
        await ended(opened)
        await gone(process)
        await first(other)
        await other.receive_json()
        await other.send_json(["stdin", "on"])
        assert await other.receive_bytes() == b"Don"


async def test_an_application_that_ends_closes_its_tab(alone: Served) -> None:
    async with tab(alone) as opened:
        process = (await first(opened))[0]
        await opened.send_json(["stdin", "die"])
        assert await ended(opened) == aiohttp.WSCloseCode.OK
        await gone(process)


async def test_where_an_application_fails_the_page_says_where_to_look(fake_tab: list[str]) -> None:
    with serving([*fake_tab, "--broken"]) as served:
        async with tab(served) as opened:
            closed = await opened.receive()
            assert closed.data == aiohttp.WSCloseCode.INTERNAL_ERROR
            assert "terminal" in closed.extra


async def test_an_application_that_will_not_end_is_made_to(fake_tab: list[str]) -> None:
    with serving(fake_tab) as served:
        async with tab(served) as opened:
            process = (await first(opened))[0]
            await opened.send_json(["stdin", "stay"])
            await opened.receive_json()
            await opened.receive_bytes()
        await gone(process)


async def test_a_server_that_ends_takes_its_tabs_along(fake_tab: list[str]) -> None:
    with serving(fake_tab) as served:
        async with tab(served) as opened:
            process = (await first(opened))[0]
            served.process.terminate()
            assert await ended(opened) == aiohttp.WSCloseCode.GOING_AWAY
            await gone(process)


def test_where_others_reach_it_a_token_is_needed_for_everything(shared: Served) -> None:
    assert re.fullmatch(rf"http://[^/]+:{shared.port}/\?token=[\w-]{{32}}", shared.address)
    assert "0.0.0.0" not in shared.address  # which no other machine reaches
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    for path in ("/", "/page.js", "/static/js/textual.js", "/ws", "/nowhere", "/?token=", "/?token=x", "/?token=%ff"):
        assert status(shared.port, path, "10.0.0.7", upgrade) == 403
        assert status(shared.port, path, "10.0.0.7", b"Cookie: footnote-%d=x\r\n" % shared.port) == 403


def test_the_token_leaves_the_address_for_a_cookie_that_no_script_reads(shared: Served) -> None:
    token = shared.address.partition("token=")[2]
    answer = raw(shared.port, f"GET /?token={token} HTTP/1.1\r\nHost: 10.0.0.7\r\n\r\n".encode()).decode()
    assert answer.startswith("HTTP/1.1 303 ")
    assert "Location: /\r\n" in answer
    assert "Referrer-Policy: no-referrer\r\n" in answer
    cookie = f"footnote-{shared.port}={token}"
    assert f"Set-Cookie: {cookie}; HttpOnly; Path=/; SameSite=Lax\r\n" in answer
    known = f"Cookie: {cookie}\r\n".encode()
    assert status(shared.port, "/", "10.0.0.7", known) == 200
    assert status(shared.port, "/ws", "10.0.0.7", known) == 403
    assert status(shared.port, "/", "10.0.0.7", known + b"Origin: http://evil.example\r\n") == 403


async def test_a_tab_needs_the_token_too(shared: Served) -> None:
    token = shared.address.partition("token=")[2]
    async with tab(shared, Cookie=f"footnote-{shared.port}={token}") as opened:
        assert await first(opened)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        async with tab(shared):
            pass


@pytest.mark.parametrize(
    ("gate", "shown"),
    [
        (AccessGate(), "http://127.0.0.1:8000/"),
        (AccessGate("::1"), "http://[::1]:8000/"),
        (AccessGate("192.0.2.7", token="tok", port=81), "http://192.0.2.7:81/?token=tok"),
    ],
)
def test_the_address_can_be_opened_as_it_is(gate: AccessGate, shown: str) -> None:
    assert address(gate) == shown


def test_a_place_where_nothing_can_be_served_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for host in ("127.0.0.1", "192.0.2.1", "x" * 64):  # an address of nobody's, and what can be no name
            web = [sys.executable, "-m", "tui.command", "web", "--host", host, "--port", str(port)]
            tried = subprocess.run(web, capture_output=True, text=True, timeout=SECONDS, check=False)
            assert tried.returncode == 1
            assert f"error: Nothing can be served at port {port} of {host}: " in tried.stderr
            assert "--port" in tried.stderr
            assert "Traceback" not in tried.stderr


@pytest.mark.parametrize("port", [0, -1, 70_000])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match=str(port)):
        serve(["true"], port=port)
