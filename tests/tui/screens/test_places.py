"""The dialog for places: it completes names, keeps what was typed, and says what is wrong in its own window."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, Static

from tests.tui.harness import NARROW, Ui, running
from tui.screens.places import AskPlaces


async def opened(ui: Ui) -> Input:
    await ui.press("f7")
    await ui.until(lambda: isinstance(ui.app.screen, AskPlaces))
    return ui.app.screen.query_one(Input)


def note(ui: Ui) -> str:
    return ui.text(ui.app.screen.query_one(".note", Static))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in ("old news", "older"):
        (tmp_path / folder).mkdir()
    (tmp_path / "old news" / "a.txt").touch()
    return tmp_path


async def test_tab_and_arrows_complete_names_and_enter_takes_the_place(home: Path) -> None:
    async with running(home, NARROW) as ui:
        line = await opened(ui)
        await ui.type("~/o")
        await ui.until(lambda: "old news/" in ui.text() and "older/" in ui.text())
        await ui.press("tab")
        await ui.until(lambda: line.value == "~/old")
        await ui.until(lambda: "older/" in ui.text())
        await ui.press("down", "enter")
        await ui.until(lambda: line.value == "~/old\\ news/")
        await ui.until(lambda: "a.txt" in ui.text())
        await ui.press("enter")
        await ui.until(lambda: ui.archive.ingested == [str(home / "old news")])


async def test_what_is_wrong_is_said_right_there_and_what_was_typed_stays(home: Path) -> None:
    async with running(home, NARROW) as ui:
        line = await opened(ui)
        await ui.type("~/oldr")
        await ui.press("enter")
        await ui.until(lambda: "Did you mean" in note(ui))
        assert line.value == "~/oldr"
        assert isinstance(ui.app.screen, AskPlaces)
        assert ui.archive.ingested == []
        await ui.press("backspace", "e", "r")
        await ui.until(lambda: "Tab completes" in note(ui))
        await ui.press("enter")
        await ui.until(lambda: ui.archive.ingested == [str(home / "older")])


async def test_several_dropped_paths_and_a_web_address_are_taken_together(home: Path) -> None:
    async with running(home, NARROW) as ui:
        await opened(ui)
        await ui.type(f"'{home}/old news'\n{home}/older")
        await ui.type(" https://example.org/a")
        await ui.press("enter")
        await ui.until(lambda: ui.archive.ingested)
        assert ui.archive.ingested == [str(home / "old news"), str(home / "older"), "https://example.org/a"]


async def test_tab_goes_to_the_buttons_where_nothing_is_left_to_complete(home: Path) -> None:
    async with running(home, NARROW) as ui:
        line = await opened(ui)
        await ui.type("~/nothing")
        await ui.press("tab")
        await ui.until(lambda: not line.has_focus)
        await ui.press("tab", "enter")
        await ui.until(lambda: ui.app.screen is ui.main)
