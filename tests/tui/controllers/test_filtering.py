"""The filter: shown as chips, sent with the question, saved with the conversation."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, SelectionList

from tests.tui.fakes import FakeArchive
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.screens.filters import FilterScreen
from tui.widgets.chrome import Chips
from tui.widgets.library import ArchiveTree
from vectorstore.articles import Filter

SIZES = [NARROW, MEDIUM, WIDE]


async def filter_by(ui: Ui, publisher: str | None = None, since: str = "", until: str = "") -> None:
    """Set a filter in the dialog."""
    await ui.press("f5")
    await ui.until(lambda: isinstance(ui.app.screen, FilterScreen))
    if publisher:
        ui.app.screen.query_one(SelectionList).select(publisher)
    ui.app.screen.query_one("#since", Input).value = since
    ui.app.screen.query_one("#until", Input).value = until
    await ui.pilot.click("#yes")
    await ui.pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_a_filter_is_shown_as_chips_and_sent_with_the_question(tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(tmp_path, size) as ui:
        await filter_by(ui, "Coast Gazette", "2018", "2019-06")
        await ui.until(lambda: "Coast Gazette" in ui.text(ui.panes.chips))
        assert "since 2018-01-01" in ui.text(ui.panes.chips)
        assert "filtered" in ui.text(ui.panes.status)
        exchange = await ui.ask()
        assert ui.asker.asked[0].filter == Filter(("Coast Gazette",), "2018-01-01", "2019-06-30")
        assert "published by Coast Gazette" in ui.text(exchange)


async def test_a_filter_comes_back_with_its_conversation(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        await ui.ask()
        await filter_by(ui, "Coast Gazette")
        await ui.until(lambda: ui.services.conversations.load(ui.main.context.talk.id or "").filter)
        await ui.press("ctrl+n")
        await ui.do("filter.clear")
        await ui.until(lambda: ui.main.filtering.scope == Filter())
        ui.main.query_one("#conversation-list").focus()
        await ui.press("home", "enter")
        await ui.until(lambda: ui.main.filtering.scope == Filter(("Coast Gazette",)))
        assert "Coast Gazette" in ui.text(ui.panes.chips)


async def test_a_chip_is_crossed_out_with_the_mouse(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await filter_by(ui, "Coast Gazette", "2018")
        chips = ui.panes.chips
        await ui.until(lambda: "×" in ui.text(chips))
        await ui.pilot.click(Chips, offset=(ui.text(chips).index("×"), 0))
        await ui.until(lambda: ui.main.filtering.scope == Filter(since="2018-01-01"))
        assert "Coast Gazette" not in ui.text(chips)


async def test_articles_and_publishers_are_ticked_in_and_out_of_the_next_question(tmp_path: Path) -> None:
    lamp, ferry, _ = FakeArchive().held
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.press("shift+tab", "f")
        await ui.until(lambda: ui.main.filtering.scope == Filter(articles=(lamp.id,)))
        assert "The lamp that would not go out" in ui.text(ui.panes.chips)
        assert "☑ The lamp that would not go out" in ui.text(ui.panes.sources)
        await ui.press("right", "f")
        await ui.until(lambda: ui.main.filtering.scope == Filter(articles=(lamp.id, ferry.id)))
        await ui.press("f")
        await ui.until(lambda: ui.main.filtering.scope == Filter(articles=(lamp.id,)))
        await ui.press("p")
        await ui.until(lambda: ui.main.filtering.scope == Filter(("Harrow Bay Post",)))
        await ui.press("left", "p")
        await ui.until(lambda: ui.main.filtering.scope == Filter(("Harrow Bay Post", "Coast Gazette")))
        assert "Coast Gazette ×" in ui.text(ui.panes.chips)
        await ui.press("p", "right", "p")
        await ui.until(lambda: ui.main.filtering.scope == Filter())


async def test_a_publisher_is_ticked_in_the_library(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        tree = ui.main.query_one(ArchiveTree)
        await ui.until(lambda: "City bees" in ui.text(tree))
        tree.focus()
        await ui.until(lambda: tree.has_focus)
        ui.panes.typing.stepped = True
        await ui.press("home", "p", "down", "f")
        await ui.until(lambda: len(ui.main.filtering.scope.articles) == 1)
        await ui.press("up", "p")
        await ui.until(lambda: ui.main.filtering.scope == Filter(("Coast Gazette",)))


async def test_several_publishers_are_ticked_in_the_dialog(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await filter_by(ui, "Coast Gazette")
        await filter_by(ui, "Harrow Bay Post")
        await ui.until(lambda: ui.main.filtering.scope == Filter(("Coast Gazette", "Harrow Bay Post")))


@pytest.mark.parametrize("since", ["soon", "2017-13", "2017-02-30", "17"])
async def test_a_day_that_is_none_is_refused_in_the_dialog(tmp_path: Path, since: str) -> None:
    async with running(tmp_path) as ui:
        await filter_by(ui, since=since)
        await ui.until(lambda: f"Not a date: {since!r}" in ui.text())
        assert isinstance(ui.app.screen, FilterScreen)


async def test_a_filter_that_leaves_nothing_is_refused_in_the_dialog(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await filter_by(ui, since="2019", until="2018")
        await ui.until(lambda: "The period from 2019 to 2018 ends before it begins" in ui.text())


async def test_a_filter_that_was_emptied_in_the_dialog_is_gone(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await filter_by(ui, since="2018")
        await ui.until(lambda: "filtered" in ui.text(ui.panes.status))
        await filter_by(ui)
        await ui.until(lambda: "filtered" not in ui.text(ui.panes.status))
        await ui.ask()
        assert not ui.asker.asked[0].filter
