"""What is remembered between runs costs nothing when it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.memory import recall, remember


def test_what_is_remembered_is_recalled_beside_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a" / "memory.json"
    remember(path, theme="nord")
    remember(path, other="x")
    assert recall(path) == {"theme": "nord", "other": "x"}


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"theme": 3}', "\xff"])
def test_a_broken_file_is_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "memory.json"
    path.write_text(text, encoding="latin-1")
    assert recall(path) == {}


def test_without_a_file_nothing_is_remembered(tmp_path: Path) -> None:
    remember(None, theme="nord")
    assert recall(None) == {}
    remember(tmp_path, theme="nord")  # a folder stands where the file should be
    assert recall(tmp_path) == {}
