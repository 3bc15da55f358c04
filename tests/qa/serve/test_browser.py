"""The page in a browser, on a desk and on a phone: ask, follow up, see the source, look through the archive."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from qa.serve.guard import App
from tests.browser import DESK, OVERFLOW, PHONE, needs_chromium

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address(app: App) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error"))
        serving = threading.Thread(target=server.run, args=([listening],))
        serving.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        serving.join()


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_question_is_answered_and_its_source_shown(chromium: Any, address: str, screen: dict[str, Any]) -> None:
    page = chromium.new_page(**screen)
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.locator("#question").press_sequentially("When did King Salman visit Moscow?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sources")
    assert page.locator(".said .byline").inner_text() == "— Footnote digest, 6 October 2017 [1]"
    assert "5 October" in " ".join(page.locator(".said strong").all_inner_texts())
    assert page.locator("#status").inner_text() == "Answered, with 1 source."
    page.locator(".note").click()
    page.wait_for_selector("#source:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "source-title"
    assert page.locator("mark.chosen").all_inner_texts()[0].startswith("Salman is the first")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "note"
    page.locator("#question").fill("And who received him?")
    page.locator("#send").click()
    page.wait_for_selector(".turn:nth-child(2) .sources")
    assert "Putin received him" in page.locator(".turn:nth-child(2) blockquote").inner_text()
    page.locator("#to-archive").click()
    page.locator("#words").fill("patriot")
    page.keyboard.press("Enter")
    page.get_by_text("1 article", exact=True).wait_for()
    page.locator("#articles button").click()
    page.wait_for_selector("#source:not([hidden])")
    page.locator("#close").click()
    assert page.evaluate(OVERFLOW) <= 0
    page.reload()  # the conversation is still there
    page.locator("#to-ask").click()
    assert page.locator(".turn").count() == 2
    never_hidden_by_the_form(page)
    page.close()
    assert wrong == []
    assert all(url.startswith(address) for url in asked)


def never_hidden_by_the_form(page: Any) -> None:
    """Go back by keyboard through all that a conversation has, each time to what stands at the screen's lower edge."""
    page.set_viewport_size(page.viewport_size | {"height": 400})
    page.locator("#question").focus()
    for button in reversed(page.locator(".turn button").all()):
        button.evaluate(
            """button => scrollTo({ behavior: "instant",
                 top: button.getBoundingClientRect().bottom + scrollY - innerHeight + 9 })"""
        )
        page.keyboard.press("Shift+Tab")
        page.wait_for_function(
            """() => document.activeElement.closest(".turn") && document.activeElement.getBoundingClientRect().bottom
                 <= document.querySelector("#asking").getBoundingClientRect().top""",
            timeout=2000,
        )


def test_what_cannot_be_asked_is_said_without_what_programs_are_told(chromium: Any, address: str) -> None:
    page = chromium.new_page(**DESK)
    page.goto(address)
    page.locator("#question").fill("…")
    page.locator("#send").click()
    assert page.locator(".wrong").inner_text() == "question has no words."
    page.close()


def test_articles_are_listed_once_however_often_they_are_asked_for_and_a_failure_is_said(
    chromium: Any, address: str
) -> None:
    page = chromium.new_page(**DESK)
    article = {"id": "a", "source": "a", "url": None, "title": "One", "publisher": None, "published": None}
    part = {"total": 100, "articles": [article] * 50}
    page.route("**/articles?*", lambda route: route.fulfill(json=part))
    page.goto(f"{address}#archive")
    page.get_by_text("100 articles").wait_for()
    page.evaluate("document.querySelector('#more').click() || document.querySelector('#more').click()")
    page.locator("#more").wait_for(state="hidden")
    page.evaluate("fetch('articles?late')")  # what was asked for before has come by now
    assert page.locator("#articles li").count() == 100
    page.route("**/articles?*", lambda route: route.fulfill(status=503, json={"error": "Busy.", "hint": "Wait."}))
    page.locator("#finding button").click()
    page.get_by_text("Busy. Wait.").wait_for()
    page.route("**/articles?*", lambda route: route.abort())
    page.locator("#finding button").click()
    page.get_by_text("The server does not answer.").wait_for()
    page.close()
