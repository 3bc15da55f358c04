"""Leaving while articles come in, with the real core in a real terminal."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal
from tui.controllers.archiving import LEFT
from vectorstore.store import Store

ARTICLES = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles that take several seconds to come in, and come in one group after another."""
    made = tmp_path / "articles"
    made.mkdir()
    for pier in range(ARTICLES):
        days = (f"The lamp of pier {pier} was lit on day {day} and burned until the keeper slept." for day in range(60))
        (made / f"{pier}.txt").write_text("\n\n".join(days))
    return made


@pytest.mark.model
@pytest.mark.usefixtures("embedder")
def test_leaving_during_an_import_takes_a_moment_and_what_came_in_stays(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with Terminal([sys.executable, "-m", "tui", "--store", str(archive)]) as terminal:
        terminal.until(lambda out: b"Welcome to Footnote" in out)
        terminal.send("\x1b[B\r")
        terminal.until(lambda out: b"Tab completes" in out)
        terminal.send(f"{folder}\r")
        terminal.until(lambda out: re.search(rb"[1-9]\d* articles", out))
        terminal.send("\x11")
        left = time.monotonic()
        assert terminal.wait() == 0
        assert time.monotonic() - left < 2
        assert LEFT.encode() in terminal.output
    with Store.open(archive) as store:
        assert 0 < store.ledger.count()[0] < ARTICLES
