"""Copying goes by a tool, by the terminal, or into a file, and never fails silently."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal
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


def test_a_terminal_does_not_say_that_it_copied_and_so_a_file_holds_the_text_too(settings: Settings) -> None:
    said = clipboard.copy("quote", settings, {"TERM": "xterm-256color"})
    assert said == str(settings.exports / "footnote-clipboard.md")
    assert Path(said).read_text() == "quote"


TMUX = """case "$*" in
"load-buffer -w -") cat > {folder}/buffer ;;
"display-message"*) echo 256,{features},title ;;
"show-options"*) echo {allowed} ;;
esac"""


@pytest.mark.parametrize(
    ("features", "allowed", "held"),
    [("clipboard", "external", False), ("clipboard", "off", True), ("RGB", "external", True)],
)
def test_in_tmux_its_buffer_takes_the_text_and_only_a_terminal_that_listens_needs_no_file(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, features: str, allowed: str, held: bool
) -> None:
    tool(tmp_path, "tmux", TMUX.format(folder=tmp_path, features=features, allowed=allowed))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    said = clipboard.copy("quote", settings, {"TERM": "tmux-256color", "TMUX": "/tmp/tmux"})
    assert (tmp_path / "buffer").read_text() == "quote"
    assert said.startswith("tmux’s buffer and ") == held
    assert settings.exports.exists() == held


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
    assert said == str(path)
    assert path.read_text() == "quote"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(AppError, match="cannot be written"):
        clipboard.copy("quote", Settings(exports=tmp_path / "out"), {})


def test_tmux_hands_on_what_is_wrapped_for_it() -> None:
    assert clipboard.through_tmux("quote") == "\x1bPtmux;\x1b\x1b]52;c;cXVvdGU=\a\x1b\\"


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux: the Debian package `tmux`")
def test_the_terminal_around_tmux_is_reached_where_tmux_itself_copies_nothing(tmp_path: Path) -> None:
    (tmp_path / "tmux.conf").write_text("set -g allow-passthrough on\nset -g set-clipboard off\n")
    (tmp_path / "ask.py").write_text(f"print({clipboard.through_tmux('quote')!r}, flush=True); input()")
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "-f", str(tmp_path / "tmux.conf")]
    with Terminal([*tmux, "new-session", f"{sys.executable} {tmp_path / 'ask.py'}"]) as terminal:
        terminal.until(lambda out: b"\x1b]52;c;cXVvdGU=\x07" in out)
        terminal.send("\r")
        assert terminal.wait() == 0
