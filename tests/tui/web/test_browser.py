"""The application in a browser, on a desk and on a phone, as someone uses it who never reads a manual."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser import DESK, OVERFLOW, PHONE, needs_chromium
from tests.tui.web.conftest import Served, serving

SECONDS = 30
CLIPBOARD = "Object.getOwnPropertyDescriptor(Navigator.prototype, 'clipboard').get.call(navigator).readText()"
CONVERSATION = "sessionStorage.getItem('footnote-conversation')"

SWIPE = """() => {
  const screen = document.querySelector(".xterm-screen");
  const finger = (y) => new Touch({ identifier: 1, target: screen, clientX: 150, clientY: y });
  const move = (kind, y) => screen.dispatchEvent(new TouchEvent(kind, { touches: [finger(y)], bubbles: true }));
  for (let times = 0; times < 5; times++) {
    move("touchstart", 300);
    for (let y = 290; y > 200; y -= 10) move("touchmove", y);
  }
}"""

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("archive")
    with serving([sys.executable, "-m", "tests.tui.fakeapp", str(folder)]) as server:
        yield server


class Tab:
    """A tab: what it drew, what it asked for, and what went wrong in its scripts."""

    def __init__(self, page: Any) -> None:
        self.page, self.drawn = page, b""
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("websocket", self._connected)

    def _connected(self, connection: Any) -> None:
        self.asked.append(connection.url)
        connection.on("framereceived", self._received)

    def _received(self, frame: bytes | str) -> None:
        self.drawn += frame if isinstance(frame, bytes) else frame.encode()

    def until(self, text: str) -> None:
        """Wait until the application has drawn a text since the last call."""
        deadline = time.monotonic() + SECONDS
        while text.encode() not in self.drawn:
            assert time.monotonic() < deadline, f"{text!r} never came: {self.drawn[-500:]!r}"
            self.page.wait_for_timeout(20)
        self.drawn = b""

    def type(self, text: str) -> None:
        """Type as a keyboard does, without a click before."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


@contextmanager
def opened(browser: Any, address: str, device: dict[str, object]) -> Iterator[Tab]:
    """Open an address in a browser of somebody new."""
    context = browser.new_context(**device, permissions=["clipboard-read", "clipboard-write"])
    tab = Tab(context.new_page())
    tab.page.goto(address)
    yield tab
    context.close()


@pytest.mark.parametrize(("device", "name"), [(DESK, "desk"), (PHONE, "phone")])
def test_one_asks_reads_copies_reloads_and_pastes(
    served: Served, chromium: Any, tmp_path: Path, device: dict[str, object], name: str
) -> None:
    with opened(chromium, served.address, device) as tab:
        tab.until("3 articles")
        tab.type("When was the lamp lit?")
        tab.until("2 articles")
        tab.page.keyboard.press("Shift+Tab")
        tab.until("Enter read" if device is DESK else "y copy")  # a desk's letters are at the foot of the sources
        tab.page.keyboard.press("y")
        tab.until("Copied")
        assert "lit the lamp" in tab.page.evaluate(CLIPBOARD)
        tab.page.reload()
        tab.until("storm damaged")
        tab.page.keyboard.press("Control+V")
        tab.until("gazette.example/lamp")
        assert tab.page.evaluate(OVERFLOW) == 0
        tab.page.screenshot(path=tmp_path / f"{name}.png")
        assert not tab.wrong
        assert {urlsplit(url).hostname for url in tab.asked if not url.startswith("data:")} == {"127.0.0.1"}


def test_another_tab_is_another_conversation(served: Served, chromium: Any) -> None:
    with opened(chromium, served.address, DESK) as tab:
        tab.until("3 articles")
        tab.type("When was the lamp lit?")
        tab.until("2 articles")
        other = Tab(tab.page.context.new_page())
        other.page.goto(served.address)
        other.until("3 articles")
        assert not other.page.evaluate(CONVERSATION)
        assert tab.page.evaluate(CONVERSATION)


def test_a_phone_needs_no_keyboard_but_the_one_on_its_screen(served: Served, chromium: Any) -> None:
    with opened(chromium, served.address, PHONE) as tab:
        tab.until("3 articles")
        tab.page.set_viewport_size({"width": 390, "height": 420})  # what its keyboard leaves
        tab.until("Ask the archive")
        tab.type("When was the lamp lit?")
        tab.until("2 articles")
        tab.page.touchscreen.tap(235, 8)  # Sources
        tab.until("Ferry service")
        tab.page.evaluate(SWIPE)
        tab.until("station closed")
        tab.page.get_by_role("button", name="Ask").tap()
        tab.until("storm damaged")
        tab.page.get_by_role("button", name="Commands").tap()
        tab.until("earch for commands")
        tab.page.get_by_role("button", name="Esc").tap()
        tab.type("And the moon?")
        tab.until("And the moon?")
        assert not tab.wrong


def test_where_others_reach_it_the_token_leaves_the_address_and_copying_still_works(
    chromium: Any, tmp_path: Path
) -> None:
    with (
        serving([sys.executable, "-m", "tests.tui.fakeapp", str(tmp_path)], "0.0.0.0") as shared,
        opened(chromium, shared.address, DESK) as tab,
    ):
        tab.until("3 articles")
        assert tab.page.url == shared.address.partition("?")[0]
        assert tab.page.evaluate("document.cookie") == ""
        tab.type("When was the lamp lit?")
        tab.until("2 articles")
        tab.page.keyboard.press("Shift+Tab")
        tab.until("Enter read")
        tab.page.keyboard.press("y")
        tab.until("Copied")
        tab.page.keyboard.press("F3")
        tab.page.keyboard.press("Control+V")
        tab.until("gazette.example/lamp")
        assert not tab.wrong
