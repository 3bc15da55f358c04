"""The first run, and the demo's archive beside the user's own."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tui.fakes import FakeArchive, FakeAsker, services
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.app import FootnoteApp
from tui.controllers.archives import ArchivesController
from tui.ports import Services
from tui.screens.places import AskPlaces
from tui.screens.welcome import Welcome
from tui.widgets.exchange import State


class TwoArchives:
    """The user's own archive and the demo's, each with its conversations."""

    def __init__(self, folder: Path, own: FakeArchive) -> None:
        self._folder, self.own, self.demo = folder, own, FakeArchive([])
        (folder / "demo").mkdir()

    def of_own(self) -> Services:
        return replace(services(self._folder, archive=self.own), other=self.of_demo)

    def of_demo(self) -> Services:
        return replace(services(self._folder / "demo", archive=self.demo), demo=True, other=self.of_own)

    def app(self) -> FootnoteApp:
        return FootnoteApp(self.of_own)


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_trying_it_out_fills_an_archive_of_its_own_and_one_key_leads_back(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    both = TwoArchives(tmp_path, FakeArchive([]))
    app = both.app()
    async with app.run_test(size=size) as pilot:
        ui = Ui(app, pilot, both.of_own(), FakeAsker(), both.own)
        await ui.until(lambda: isinstance(app.screen, Welcome))
        await ui.press("enter")
        await ui.until(lambda: "3 articles" in ui.text(ui.panes.status))
        assert "Demo archive, kept apart from yours.  F9: to your own" in ui.text(ui.panes.demo)
        assert (both.demo.ingested, both.own.ingested) == (["/seeds"], [])
        assert (await ui.ask()).state is State.ANSWERED
        await ui.press("f9")
        await ui.until(lambda: isinstance(app.screen, Welcome))  # one's own is still empty
        assert not ui.panes.demo.display
        assert ui.panes.view.exchanges == []
        assert both.of_own().conversations.list() == []
        assert len(both.of_demo().conversations.list()) == 1


async def test_an_import_is_over_with_its_report_also_while_its_process_still_closes(tmp_path: Path) -> None:
    both = TwoArchives(tmp_path, FakeArchive())
    both.demo.closing = threading.Event()
    app = both.app()
    async with app.run_test(size=MEDIUM) as pilot:
        ui = Ui(app, pilot, both.of_own(), FakeAsker(), both.own)
        await ui.until(lambda: "3 articles" in ui.text(ui.panes.status))
        await ui.press("f9")
        await ui.until(lambda: "3 added" in ui.text(ui.panes.imports))
        await ui.ask()
        assert not ui.panes.imports.display
        await ui.press("f9")
        await ui.until(lambda: not ui.panes.demo.display)
        assert "import is running" not in ui.notices()
        both.demo.closing.set()


async def test_adding_from_the_demo_adds_to_ones_own_archive(tmp_path: Path) -> None:
    both = TwoArchives(tmp_path, FakeArchive())
    app = both.app()
    async with app.run_test(size=MEDIUM) as pilot:
        ui = Ui(app, pilot, both.of_own(), FakeAsker(), both.own)
        await ui.until(lambda: "3 articles" in ui.text(ui.panes.status))
        await ui.press("f9")
        await ui.until(lambda: both.demo.ingested)
        await ui.until(lambda: "3 added" in ui.text(ui.panes.imports))
        await ui.press("f7")
        await ui.until(lambda: isinstance(app.screen, AskPlaces))
        await ui.type(str(tmp_path))
        await ui.press("enter")
        await ui.until(lambda: both.own.ingested)
        assert both.demo.ingested == ["/seeds"]
        assert not ui.panes.demo.display


async def test_the_first_run_can_be_put_off_or_take_a_folder_of_ones_own(tmp_path: Path) -> None:
    async with running(tmp_path, archive=FakeArchive([])) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Welcome))
        await ui.press("escape")
        await ui.until(lambda: ui.app.screen is ui.main)
        assert ui.archive.ingested == []
        ui.main.archives.begin(adding=False)
        await ui.until(lambda: isinstance(ui.app.screen, Welcome))
        await ui.press("down", "enter")
        await ui.until(lambda: isinstance(ui.app.screen, AskPlaces))


async def test_without_a_demo_its_key_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        assert isinstance(ui.main.archives, ArchivesController)
        await ui.press("f9")
        await ui.until(lambda: "There is no demo archive here" in ui.notices())
