"""Feeds from the library: followed, fetched with an import's progress, removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.widgets import Input

from tests.tui.fakes import FakeArchive, FakeAsker, services
from tests.tui.harness import NARROW, Ui, running
from tui.app import FootnoteApp
from tui.screens.feeds import Feeds

FEED = "https://quay.example/feed"


async def test_a_feed_is_followed_fetched_and_removed(tmp_path: Path) -> None:
    async with running(tmp_path, NARROW) as ui:
        await ui.press("f2")
        await ui.until(lambda: "Feeds" in ui.text(ui.panes.library))
        await ui.do("archive.feeds")
        await ui.until(lambda: isinstance(ui.app.screen, Feeds))
        await ui.type("quay.example")
        await ui.press("enter")
        await ui.until(lambda: "Type a web address" in ui.text())
        ui.app.screen.query_one(Input).value = FEED
        await ui.press("enter")
        await ui.until(lambda: "3 added" in ui.text(ui.panes.imports))
        assert ui.archive.ingested == [FEED]

        await ui.do("archive.feeds")
        await ui.until(lambda: "Quay Herald" in ui.text())
        assert "not fetched yet" in ui.text()
        await ui.pilot.click("#fetch")
        await ui.until(lambda: ui.archive.ingested == [FEED, FEED])
        await ui.until(lambda: "3 added" in ui.text(ui.panes.imports))

        await ui.do("archive.feeds")
        await ui.until(lambda: isinstance(ui.app.screen, Feeds))
        await ui.press("tab", "down", "delete")
        await ui.until(lambda: "followed no longer" in ui.notices())
        assert ui.archive.followed == []


async def test_the_demo_follows_no_feeds(tmp_path: Path) -> None:
    core = replace(services(tmp_path), demo=True)
    app = FootnoteApp(lambda: core)
    async with app.run_test(size=NARROW) as pilot:
        ui = Ui(app, pilot, core, FakeAsker(), FakeArchive())
        await ui.until(lambda: app.main.context.services)
        await ui.do("archive.feeds")
        await ui.until(lambda: "the demo follows none" in ui.notices())
