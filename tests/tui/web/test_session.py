"""What passes between a tab and its process: what a page of ours says, and nothing else."""

from __future__ import annotations

import pytest

from tui.web.session import Tab, packet_of, page_message

KEY = "0123456789abcdef" * 2


def test_what_is_typed_goes_to_the_process_as_it_is() -> None:
    assert packet_of('["stdin", "é\\r"]') == b"D\x00\x00\x00\x03\xc3\xa9\r"
    assert packet_of('["focus"]') == b'M\x00\x00\x00\x11{"type": "focus"}'
    assert packet_of('["copied", true]') == b'M\x00\x00\x00\x20{"type": "copied", "done": true}'
    assert packet_of('["ping", "1"]') == b""


def test_half_a_character_does_no_harm() -> None:
    assert packet_of('["stdin", "a\\ud800b"]') == b"D\x00\x00\x00\x03a?b"


def test_a_screen_stays_within_what_can_be_drawn() -> None:
    assert packet_of('["resize", {"width": 999999999, "height": -5}]') == packet_of(
        '["resize", {"width": 1000, "height": 1}]'
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[]",
        '"stdin"',
        '["stdin"]',
        '["stdin", 5]',
        '["stdin", "a", "b"]',
        '["resize", {"width": 1e308, "height": 1}]',
        '["resize", {"width": "80"}]',
        '["quit"]',
        '["copied", 1]',
        '["copied", true, "what"]',
        "[" * 100_000,
    ],
)
def test_what_no_page_of_ours_says_is_told_apart(text: str) -> None:
    assert packet_of(text) is None


@pytest.mark.parametrize(
    ("query", "tab"),
    [
        ({}, Tab(80, 24)),
        ({"width": "46", "height": "44", "conversation": KEY}, Tab(46, 44, KEY)),
        ({"width": "-1", "height": "9" * 99}, Tab(80, 24)),
        ({"width": "0", "height": "999999999"}, Tab(1, 1000)),
        ({"conversation": "--config"}, Tab(80, 24)),
        ({"conversation": KEY.upper()}, Tab(80, 24)),
        ({"conversation": KEY + "\n"}, Tab(80, 24)),
    ],
)
def test_an_address_asks_for_a_size_and_a_conversation_and_for_nothing_else(query: dict[str, str], tab: Tab) -> None:
    assert Tab.read(query) == tab


def test_the_conversation_is_an_option_of_the_command() -> None:
    assert Tab(80, 24, KEY).command(["qa"]) == ["qa", "--conversation", KEY]
    assert Tab(80, 24).command(["qa"]) == ["qa"]


def test_the_page_is_told_of_the_conversation_and_of_links_into_the_web_alone() -> None:
    assert page_message({"type": "conversation", "id": KEY}) == ["conversation", KEY]
    link = {"type": "open_url", "url": "https://news.example/a", "new_tab": False}
    assert page_message(link) == ["open_url", {"url": "https://news.example/a", "new_tab": True}]
    for said in ({"type": "open_url", "url": "javascript:alert(1)"}, {"type": "exit"}, {}):
        assert page_message(said) == []
