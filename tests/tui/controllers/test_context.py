"""What controllers share: work in threads, and dialogs that one can go back from."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.tui.fakes import FakeDialogs
from tests.tui.harness import running
from vectorstore.errors import AppError


async def test_what_was_fetched_is_shown_and_an_error_said_with_its_hint(tmp_path: Path) -> None:
    def fail() -> str:
        raise AppError("The shelf is empty.", "Fill it.")

    async with running(tmp_path) as ui:
        shown: list[str] = []
        ui.main.context.fetch("fruit", lambda: "pears", shown.append)
        await ui.until(lambda: shown == ["pears"])
        ui.main.context.fetch("fruit", fail, shown.append)
        await ui.until(lambda: "The shelf is empty.\nFill it." in ui.notices())
        assert shown == ["pears"]


async def test_newer_work_of_a_group_replaces_older_work(tmp_path: Path) -> None:
    started, gate, done = threading.Event(), threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        gate.wait(10)
        done.set()
        return "old"

    async with running(tmp_path) as ui:
        shown: list[str] = []
        ui.main.context.fetch("fruit", slow, shown.append)
        await ui.until(started.is_set)
        ui.main.context.fetch("fruit", lambda: "new", shown.append)
        await ui.until(lambda: shown)
        gate.set()
        await ui.until(done.is_set)
        ui.main.context.fetch("fruit", lambda: "newest", shown.append)
        await ui.until(lambda: "newest" in shown)
        assert shown == ["new", "newest"]


async def test_a_defect_in_a_thread_is_said_and_does_not_end_the_program(tmp_path: Path) -> None:
    def broken() -> str:
        raise KeyError("lost")

    async with running(tmp_path) as ui:
        ui.main.context.fetch("fruit", broken, print)
        await ui.until(lambda: "A defect of the program: KeyError('lost')" in ui.notices())
        assert ui.app.is_running


@pytest.mark.parametrize(
    ("action", "answers"),
    [
        ("conversation.rename", [None]),
        ("conversation.delete", [None]),
        ("conversation.export", [None]),
        ("conversation.export", ["md", None]),
        ("filter.edit", [None]),
        ("archive.add", [None]),
        ("archive.remove", [None]),
    ],
)
async def test_going_back_from_a_dialog_changes_nothing(
    tmp_path: Path, action: str, answers: list[object | None]
) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await ui.until(lambda: ui.main.conversations.title)
        before = ui.services.conversations.list(), ui.archive.count(), sorted(tmp_path.iterdir())
        ui.main.context.dialogs = dialogs = FakeDialogs(list(answers))
        await ui.do(action)
        await ui.until(lambda: len(dialogs.asked) == len(answers))
        assert (ui.services.conversations.list(), ui.archive.count(), sorted(tmp_path.iterdir())) == before
        assert not ui.main.filtering.scope
        assert ui.archive.ingested == []
