"""The archive from inside: adding while asking goes on, failures, removing, searching, the first run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.widgets import Input, Tree

from qa.types import Failure, IngestReport
from tests.tui.fakes import FakeArchive, articles
from tests.tui.harness import MEDIUM, NARROW, WIDE, Ui, running
from tui.controllers.archiving import details, summary
from tui.screens.dialogs import AskLine, Confirm, ReportDialog
from tui.screens.welcome import Welcome
from tui.widgets.article import ArticleView
from tui.widgets.exchange import State
from tui.widgets.library import ArchiveTree

SIZES = [NARROW, MEDIUM, WIDE]


async def add(ui: Ui, path: str) -> None:
    """Add a folder through the dialog."""
    await ui.press("f7")
    await ui.until(lambda: isinstance(ui.app.screen, AskLine))
    ui.app.screen.query_one(Input).value = path
    await ui.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_run_takes_in_the_articles_that_came_with_the_program(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size, archive=FakeArchive([])) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Welcome))
        assert "Welcome to Footnote" in ui.text()
        await ui.press("enter")
        await ui.until(lambda: "3 articles" in ui.text(ui.panes.status))
        assert ui.archive.ingested == [Path("/seeds")]
        assert "3 added" in ui.notices()
        assert (await ui.ask()).state is State.ANSWERED


async def test_the_first_run_can_be_put_off(tmp_path: Path) -> None:
    async with running(tmp_path, archive=FakeArchive([])) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Welcome))
        await ui.press("escape")
        await ui.until(lambda: ui.app.screen is ui.main)
        assert ui.archive.ingested == []


async def test_the_first_run_can_take_a_folder_of_ones_own(tmp_path: Path) -> None:
    async with running(tmp_path, archive=FakeArchive([])) as ui:
        await ui.until(lambda: isinstance(ui.app.screen, Welcome))
        await ui.press("down", "enter")
        await ui.until(lambda: isinstance(ui.app.screen, AskLine))


async def test_the_home_folder_of_nobody_is_refused_in_words(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await add(ui, "~nosuchuser/articles")
        await ui.until(lambda: "Unknown home folder" in ui.notices())
        assert ui.archive.ingested == []


@pytest.mark.parametrize("size", SIZES)
async def test_asking_goes_on_while_articles_are_taken_in(tmp_path: Path, size: tuple[int, int]) -> None:
    gate = threading.Event()
    async with running(tmp_path, size, archive=FakeArchive(gate=gate)) as ui:
        await add(ui, "/some/folder")
        await ui.until(lambda: ui.panes.imports.display)
        await ui.until(lambda: "Reading" in ui.text(ui.panes.imports))
        assert (await ui.ask()).state is State.ANSWERED
        assert ui.panes.imports.display
        gate.set()
        await ui.until(lambda: not ui.panes.imports.display)
        assert "3 added" in ui.notices()


async def test_what_failed_is_listed_with_its_reason(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await add(ui, "/some/broken.txt")
        await ui.until(lambda: "1 failed" in ui.notices())
        await ui.do("archive.report")
        await ui.until(lambda: isinstance(ui.app.screen, ReportDialog))
        await ui.until(lambda: "/some/broken.txt: is empty" in ui.text())


async def test_an_import_can_be_stopped(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, archive=FakeArchive(gate=gate)) as ui:
        await add(ui, "/some/folder")
        await ui.until(lambda: ui.panes.imports.display)
        await ui.pilot.click("ImportBar Button")
        await ui.until(lambda: not ui.panes.imports.display)
        gate.set()
        assert "Import stopped" in ui.notices()


async def test_a_second_import_waits_for_the_first(tmp_path: Path) -> None:
    gate = threading.Event()
    async with running(tmp_path, archive=FakeArchive(gate=gate)) as ui:
        await add(ui, "/some/folder")
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


def test_a_report_names_each_count_that_is_not_zero() -> None:
    report = IngestReport(added=2, unchanged=1200, failed=(Failure("a.txt", "is empty"),), seconds=1.25)
    assert summary(report) == "2 added, 1,200 unchanged, 1 failed in 1.2 s."
    assert "  a.txt: is empty" in details(report)
    assert summary(IngestReport()) == "Nothing to add in 0.0 s."
