"""The application in a browser: our page, our fonts, our origin, nobody else's."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tui.web import POLICY, font_size, serve, trusted
from vectorstore.errors import UsageError

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SECONDS = 60


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.tui.fakeapp", str(tmp_path)]
    code = f"from tui.web import serve; serve({command!r}, '127.0.0.1', {port})"
    server = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    assert f"http://127.0.0.1:{port}/" in server.stderr.readline()
    yield f"http://127.0.0.1:{port}/"
    server.terminate()
    server.wait()
    server.stderr.close()


def test_the_page_asks_no_other_host_and_forbids_it(address: str) -> None:
    for _ in range(50):  # the socket opens a moment after the line is printed
        try:
            with urllib.request.urlopen(address) as response:
                page = response.read().decode()
                policy = response.headers["Content-Security-Policy"]
            break
        except urllib.error.URLError:
            time.sleep(0.1)
    assert policy == POLICY
    assert "//" not in page.replace("ws://", "").replace("wss://", "")
    assert "Footnote" in page


@pytest.mark.parametrize(
    ("origin", "host", "bound", "is_trusted"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", "127.0.0.1", True),
        ("http://localhost:8000", "localhost:8000", "127.0.0.1", True),
        ("http://evil.example", "127.0.0.1:8000", "127.0.0.1", False),
        ("http://evil.example:8000", "evil.example:8000", "127.0.0.1", False),
        ("http://evil.example:8000", "evil.example:8000", "0.0.0.0", True),
        ("http://127.0.0.1:9000", "127.0.0.1:8000", "127.0.0.1", False),
        ("null", "127.0.0.1:8000", "127.0.0.1", False),
        (None, "127.0.0.1:8000", "127.0.0.1", False),
    ],
)
def test_only_a_page_of_this_server_may_open_a_session(
    origin: str | None, host: str, bound: str, is_trusted: bool
) -> None:
    assert trusted(origin, host, bound) is is_trusted


@pytest.mark.parametrize(("asked", "size"), [(None, 16), ("20", 20), ("1", 6), ("999", 60), ("<x>", 16), ("-3", 16)])
def test_the_size_of_letters_stays_within_reason(asked: str | None, size: int) -> None:
    assert font_size(asked) == size


def test_a_place_where_nothing_can_be_served_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for host in ("127.0.0.1", "192.0.2.1"):  # the latter is an address of nobody's
            web = [sys.executable, "-m", "tui.command", "web", "--host", host, "--port", str(port)]
            ended = subprocess.run(web, capture_output=True, text=True, timeout=SECONDS, check=False)
            assert ended.returncode == 1
            assert f"error: Nothing can be served at port {port} of {host}: " in ended.stderr
            assert "--port" in ended.stderr
            assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("port", [0, -1, 70_000])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match=str(port)):
        serve(["true"], port=port)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: the Debian package `chromium`")
def test_a_question_is_answered_in_a_browser_and_no_request_leaves_this_machine(address: str, tmp_path: Path) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    asked: list[str] = []
    shown = b""

    def received(frame: bytes | str) -> None:
        nonlocal shown
        shown += frame if isinstance(frame, bytes) else frame.encode()

    def opened(connection: object) -> None:
        asked.append(connection.url)  # type: ignore[attr-defined]
        connection.on("framereceived", received)  # type: ignore[attr-defined]

    def until(text: bytes) -> None:
        deadline = time.monotonic() + SECONDS
        while text not in shown:
            assert time.monotonic() < deadline, f"{text!r} never came: {shown[-500:]!r}"
            page.wait_for_timeout(50)

    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", opened)
        page.goto(address)
        until(b"3 articles")
        page.locator(".xterm-helper-textarea").focus()
        page.keyboard.type("When was the lamp lit?")
        page.keyboard.press("Enter")
        until(b"2 sources")
        until(b"[2]")
        page.wait_for_timeout(500)
        page.screenshot(path=tmp_path / "web.png")
        browser.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith("data:")}
    assert hosts == {"127.0.0.1"}
