"""An import in another process says what it does, fails in words, and ends when nobody listens."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.settings import Config
from qa.types import IngestReport, Progress
from qa.wiring import wire
from tui import importer
from vectorstore.errors import AppError
from vectorstore.store import Store

pytestmark = pytest.mark.model
Children = Callable[[str], list[subprocess.Popen[str]]]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(
            f"The lamp number {number} was lit on a Friday and burned all night long."
        )
    (folder / "broken.txt").write_text("")
    return folder


@pytest.mark.usefixtures("embedder")
def test_progress_and_report_come_over_from_the_other_process(articles: Path, tmp_path: Path) -> None:
    *progress, report = importer.ingest(wire(Config(), tmp_path / "archive"), [str(articles)])
    assert isinstance(report, IngestReport)
    assert (report.added, report.articles) == (3, 3)
    assert [Path(failure.source).name for failure in report.failed] == ["broken.txt"]
    assert all(isinstance(event, Progress) for event in progress)
    assert progress


def test_web_addresses_and_feeds_are_the_other_process_s_work_too(tmp_path: Path) -> None:
    wiring = wire(Config(), tmp_path / "archive")
    *_, report = importer.ingest(wiring, ["http://127.0.0.1:1/page"])
    assert isinstance(report, IngestReport)
    assert "not on the open internet" in report.failed[0].reason
    with pytest.raises(AppError, match="Nothing is followed yet"):
        list(importer.follow(wiring, []))


def test_a_silent_process_is_told_on_so_that_one_may_stop_it(children: Children, tmp_path: Path) -> None:
    told = '{"stage": "embed", "done": 1, "title": "Lamp", "articles": 3}'
    children(f"import time; print({told!r}, flush=True); time.sleep(15)")
    events = importer.ingest(wire(Config(), tmp_path / "archive"), [str(tmp_path)])
    assert next(events) == Progress("embed", 1, title="Lamp", articles=3)
    assert next(events) == Progress("embed", 1)  # the same state, and nothing new
    events.close()  # type: ignore[attr-defined]  # a generator


def test_a_shared_archive_is_what_is_written_to(articles: Path, tmp_path: Path) -> None:
    wiring = wire(Config(), "postgresql://nobody@127.0.0.1:1/none")
    own = replace(wiring, folder=tmp_path / "own")
    with pytest.raises(AppError, match=r"127\.0\.0\.1:1"):
        list(importer.ingest(own, [str(articles)]))
    assert not (own.folder / "ledger.sqlite3").exists()


def test_a_locked_archive_is_an_error_in_words(articles: Path, tmp_path: Path) -> None:
    wiring = wire(Config(), tmp_path / "archive")
    with Store.writing(wiring.folder), pytest.raises(AppError) as caught:
        list(importer.ingest(wiring, [str(articles)]))
    assert caught.value.message


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Children:
    """Have another program run in the importer's place; returns the list in which its processes will be."""
    real = subprocess.Popen
    started: list[subprocess.Popen[str]] = []

    def run(program: str) -> list[subprocess.Popen[str]]:
        (tmp_path / "child.py").write_text(program)

        def start(_: object, **rest: Any) -> subprocess.Popen[str]:
            started.append(real([sys.executable, str(tmp_path / "child.py")], **rest))
            return started[-1]

        monkeypatch.setattr(importer.subprocess, "Popen", start)
        return started

    return run


@pytest.mark.parametrize(
    ("program", "said"),
    [("raise MemoryError('no room')", "no room"), ("import os; os.kill(os.getpid(), 9)", "signal 9")],
)
def test_a_child_that_breaks_off_is_an_error_that_says_why(
    children: Children, tmp_path: Path, program: str, said: str
) -> None:
    children(program)
    with pytest.raises(AppError, match=said):
        list(importer.ingest(wire(Config(), tmp_path / "archive"), [str(tmp_path)]))


def test_closing_the_iterator_ends_the_other_process(children: Children, tmp_path: Path) -> None:
    started = children("""print('{"stage": "reading", "done": 0}', flush=True); import time; time.sleep(15)""")
    events = importer.ingest(wire(Config(), tmp_path / "archive"), [str(tmp_path)])
    assert next(events) == Progress("reading", 0)
    events.close()  # type: ignore[attr-defined]  # a generator
    assert [child.returncode for child in started] == [-signal.SIGTERM]
