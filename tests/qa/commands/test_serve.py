"""`qa serve` and `qa mcp` before they serve: what is missing is said in a sentence."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from qa.commands.serve import missing
from tests.conftest import CommandLine


@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_without_an_archive_nothing_is_served(qa: CommandLine, tmp_path: Path, command: str) -> None:
    ran = qa("--store", tmp_path / "none", command)
    assert ran.code == 1
    assert "error: There is no archive" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("command", [["serve"], ["mcp", "--http"]])
def test_a_port_in_use_is_told_before_any_model_is_loaded(
    qa: CommandLine, seeds_store: Path, command: list[str]
) -> None:
    def loaded(_: object) -> None:
        raise AssertionError

    qa.parts.update(embedder=loaded, packaged=loaded)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = qa("--store", seeds_store, *command, "--port", taken.getsockname()[1])
    assert (ran.code, "Nothing can be served at port" in ran.err) == (1, True)


def test_a_port_that_is_none_is_wrong_usage(qa: CommandLine, tmp_path: Path) -> None:
    ran = qa("--store", tmp_path, "serve", "--port", "70000")
    assert ran.code == 2
    assert "error: 70000 is no port." in ran.err


def test_a_token_counts_only_where_it_is_asked_for(
    qa: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_TOKEN", "short")
    assert "There is no archive" in qa("--store", tmp_path / "none", "mcp").err
    ran = qa("--store", tmp_path / "none", "mcp", "--http")
    assert (ran.code, "QA_TOKEN is too weak" in ran.err) == (2, True)


def test_a_package_that_is_not_installed_is_named_with_its_extra() -> None:
    error = missing(ModuleNotFoundError("No module named 'fastapi'", name="fastapi"), "serve")
    assert error.message == "qa serve needs the package fastapi."
    assert error.hint == 'Run: pip install "footnote-qa[serve]"'
