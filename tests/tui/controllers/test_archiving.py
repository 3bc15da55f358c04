"""The archive from inside: adding while asking goes on, failures, removing, searching, the first run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.widgets import Input, Tree

from qa.types import Failure, IngestReport
from tests.tui.fakes import FakeArchive, articles
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.controllers.archiving import LEFT, details, summary
from tui.screens.dialogs import Confirm, ReportDialog
from tui.screens.places import AskPlaces
from tui.widgets.article import ArticleView
from tui.widgets.exchange import State
from tui.widgets.library import ArchiveTree

SIZES = [NARROW, MEDIUM, WIDE]


async def add(ui: Ui, places: str) -> None:
    """Add what is at these places through the dialog."""
    await ui.press("f7")
    await ui.until(lambda: isinstance(ui.app.screen, AskPlaces))
    ui.app.screen.query_one(Input).value = places
    await ui.press("enter")
    await ui.until(lambda: ui.app.screen is ui.main)


@pytest.mark.parametrize("size", SIZES)
async def test_asking_goes_on_while_articles_are_taken_in(tmp_path: Path, size: tuple[int, int]) -> None:
    gate = threading.Event()
    async with running(tmp_path, size, archive=FakeArchive(gate=gate)) as ui:
        await add(ui, str(tmp_path))
        await ui.until(lambda: "Taking in 2 of 3" in ui.text(ui.panes.imports))
        assert (await ui.ask()).state is State.ANSWERED
        assert ui.panes.imports.display
        gate.set()
        await ui.until(lambda: "3 added" in ui.text(ui.panes.imports))
        assert "3 articles" in ui.text(ui.panes.status)


async def test_titles_and_the_count_of_articles_move_while_an_import_runs(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, WIDE, archive=FakeArchive([], gate)) as ui:
        await ui.press("escape")
        ui.main.archiving.add([str(tmp_path)])
        await ui.until(lambda: "“Ferry service to Harrow Bay resumes”" in ui.text(ui.panes.imports))
        await ui.until(lambda: "2 articles" in ui.text(ui.panes.status))
        assert "Archive  2" in ui.text(ui.panes.library)
        assert "left" not in ui.text(ui.panes.imports)  # two articles at once are no basis
        gate.set()
        await ui.until(lambda: "3 articles" in ui.text(ui.panes.status))


async def test_the_end_says_what_came_in_and_lists_what_did_not_and_why(tmp_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.touch()
    async with running(tmp_path) as ui:
        await add(ui, str(broken))
        await ui.until(lambda: "3 added, 1 skipped, 1 failed" in ui.text(ui.panes.imports))
        await ui.pilot.click("#import-details")
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))
        await ui.until(lambda: "Failed (1):" in ui.text())
        assert "empty" in ui.text()
        assert "Ferry service to Harrow Bay resumes" in ui.text()
        assert "/some/picture.jpg: not a kind of file that holds articles" in ui.text()
        await ui.press("escape")
        await ui.ask()
        assert not ui.panes.imports.display


async def test_an_import_can_be_stopped(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, archive=FakeArchive(gate=gate)) as ui:
        await add(ui, str(tmp_path))
        await ui.until(lambda: ui.panes.imports.display)
        await ui.pilot.click("#import-stop")
        await ui.until(lambda: not ui.panes.imports.display)
        gate.set()
        assert "Import stopped" in ui.notices()
        await ui.until(lambda: ui.panes.prompt.has_focus)


async def test_a_second_import_waits_for_the_first(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, archive=FakeArchive(gate=gate)) as ui:
        await add(ui, str(tmp_path))
        await ui.until(lambda: ui.archive.ingested)
        await ui.press("f7")
        await ui.until(lambda: "An import is running" in ui.notices())
        gate.set()


async def test_articles_stand_under_their_publishers_and_open_with_enter(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        tree = ui.main.query_one(ArchiveTree)
        await ui.until(lambda: "City bees" in ui.text(tree))
        assert [str(node.label).split("  ")[0] for node in tree.root.children] == ["Coast Gazette", "Harrow Bay Post"]
        tree.focus()
        await ui.press("home", "down", "enter")
        await ui.until(lambda: "The keeper of Sorrel Point" in ui.text(ui.main.query_one(ArticleView)))


async def test_the_archive_is_searched_by_title(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        ui.main.query_one("#article-search", Input).value = "ferry"
        tree: Tree[object] = ui.main.query_one(ArchiveTree)  # type: ignore[assignment]
        await ui.until(lambda: len(tree.root.children) == 1)
        assert "Ferry service" in ui.text(tree)


@pytest.mark.parametrize(("key", "left"), [("y", 2), ("n", 3)])
async def test_an_article_is_removed_only_after_a_yes(tmp_path: Path, key: str, left: int) -> None:
    async with running(tmp_path, WIDE) as ui:
        tree = ui.main.query_one(ArchiveTree)
        await ui.until(lambda: "City bees" in ui.text(tree))
        tree.focus()
        await ui.press("home", "down", "delete")
        await ui.until(lambda: isinstance(ui.app.screen, Confirm))
        await ui.press(key)
        await ui.until(lambda: f"{left} articles" in ui.text(ui.panes.status))
        assert len(ui.archive.held) == left


async def test_the_shown_article_is_removed(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.do("archive.remove")
        await ui.until(lambda: isinstance(ui.app.screen, Confirm))
        await ui.press("y")
        await ui.until(lambda: "2 articles" in ui.text(ui.panes.status))
        assert articles()[0].id not in [one.id for one in ui.archive.held]
        await ui.until(lambda: "Deleted “The lamp that would not go out”. Ctrl+Z brings it back." in ui.notices())
        await ui.press("ctrl+z")
        await ui.until(lambda: "3 articles" in ui.text(ui.panes.status))
        assert "“The lamp that would not go out” is back." in ui.notices()


def test_a_report_names_each_count_that_is_not_zero() -> None:
    failed, passed = (Failure("a.txt", "is empty"),), (Failure("b.jpg", "no articles"),)
    report = IngestReport(added=3, unchanged=1200, skipped=9, failed=failed, seconds=1.25, passed_over=passed)
    assert summary(report) == "3 added, 1,200 unchanged, 9 skipped, 1 failed in 1.2 s."
    assert summary(IngestReport()) == "Nothing to add in 0.0 s."
    told = details(report, ["One", "Two"]).splitlines()
    assert told[2:] == [
        *("", "Failed (1):", "  a.txt: is empty"),
        *("", "Skipped (9):", "  b.jpg: no articles", "  and 8 more"),
        *("", "Came in (3):", "  One", "  Two", "  and 1 more"),
    ]


async def test_leaving_during_an_import_stops_it_and_says_what_is_kept(tmp_path: Path) -> None:
    archive = FakeArchive(gate=threading.Event())
    async with running(tmp_path, archive=archive) as ui:
        ui.main.archiving.add([str(tmp_path)])
        await ui.until(lambda: archive.ingested and ui.panes.imports.display)
        await ui.press("ctrl+q")
        await ui.until(lambda: ui.app._exit)
        assert archive.gate is not None
        archive.gate.set()
        assert LEFT in str(ui.app._exit_renderables)
        assert ui.main.archiving.leave() is None
