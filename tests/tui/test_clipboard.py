"""Copying goes by a tool, by the terminal, or into a file, and never fails silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui import clipboard
from tui.ports import Settings
from vectorstore.errors import AppError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(exports=tmp_path / "out")


def tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_system_tool_gets_the_text(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tmp_path, "xclip", f'cat > "{tmp_path}/taken"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert clipboard.copy("a “quote”", settings, {"DISPLAY": ":0", "TERM": "linux"}) == ""
    assert (tmp_path / "taken").read_text() == "a “quote”"


def test_a_tool_that_fails_is_not_believed(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tmp_path, "xclip", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "footnote-clipboard.md" in clipboard.copy("quote", settings, {"DISPLAY": ":0", "TERM": "linux"})


def test_a_terminal_that_understands_needs_no_file(settings: Settings) -> None:
    assert clipboard.copy("quote", settings, {"TERM": "xterm-256color"}) == ""
    assert not settings.exports.exists()


@pytest.mark.parametrize(
    "environment",
    [
        {"TERM": "linux"},
        {},
        {"TERM": "xterm", "TERM_PROGRAM": "Apple_Terminal"},
    ],
)
def test_where_the_terminal_cannot_the_text_goes_into_a_file(settings: Settings, environment: dict[str, str]) -> None:
    assert not clipboard.terminal_copies(environment)
    said = clipboard.copy("quote", settings, environment)
    path = settings.exports / "footnote-clipboard.md"
    assert said == f" into {path}"
    assert path.read_text() == "quote"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(AppError, match="cannot be written"):
        clipboard.copy("quote", Settings(exports=tmp_path / "out"), {})


def test_a_text_too_long_for_the_terminal_goes_into_a_file(settings: Settings) -> None:
    assert "into" in clipboard.copy("x" * 100_000, settings, {"TERM": "xterm"})


def test_in_a_browser_its_own_clipboard_is_meant_and_no_tool_of_the_serving_machine(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, "xclip", f'cat > "{tmp_path}/taken"')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    browser = {"DISPLAY": ":0", "TERM": "dumb", "TERM_PROGRAM": "textual"}
    assert clipboard.terminal_copies(browser)
    assert clipboard.copy("x" * 100_000, settings, browser) == ""
    assert not (tmp_path / "taken").exists()
    assert not settings.exports.exists()
