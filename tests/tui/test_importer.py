"""An import in another process says what it does, fails in words, and ends when nobody listens."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qa.settings import Config
from qa.types import IngestReport, Progress
from qa.wiring import wire
from tui import importer
from vectorstore.errors import AppError
from vectorstore.store import Store

pytestmark = pytest.mark.model


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
    *progress, report = importer.ingest(wire(Config(), tmp_path / "archive"), [articles])
    assert isinstance(report, IngestReport)
    assert (report.added, report.articles) == (3, 3)
    assert [Path(failure.source).name for failure in report.failed] == ["broken.txt"]
    assert all(isinstance(event, Progress) for event in progress)
    assert progress


def test_a_locked_archive_is_an_error_in_words(articles: Path, tmp_path: Path) -> None:
    wiring = wire(Config(), tmp_path / "archive")
    with Store.writing(wiring.folder), pytest.raises(AppError) as caught:
        list(importer.ingest(wiring, [articles]))
    assert caught.value.message


def test_a_child_that_breaks_off_is_an_error_with_its_last_words(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "broken.py"
    program.write_text("raise MemoryError('no room')")
    real = importer.subprocess.Popen
    monkeypatch.setattr(importer.subprocess, "Popen", lambda _, **rest: real([sys.executable, str(program)], **rest))
    with pytest.raises(AppError, match="no room"):
        list(importer.ingest(wire(Config(), tmp_path / "archive"), [articles]))


@pytest.mark.usefixtures("embedder")
def test_closing_the_iterator_ends_the_other_process(articles: Path, tmp_path: Path) -> None:
    events = importer.ingest(wire(Config(), tmp_path / "archive"), [articles])
    next(events)
    events.close()  # type: ignore[attr-defined]  # waits for the child, so it would hang if the child went on
