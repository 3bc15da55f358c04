from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import pytest

from qa.progress import STAGES, ProgressNarrator
from qa.types import Failure, IngestReport, Progress

STEPS = (Progress("read", 1), Progress("prune", 0, 3), Progress("embed", 1, 2, "/x"), Progress("embed", 2, 2))


def steps() -> Iterator[Progress | IngestReport]:
    yield from STEPS
    yield IngestReport(added=2)


@pytest.mark.parametrize("quiet", [True, False])
def test_long_work_returns_what_it_ends_with_and_leaves_stdout_alone(
    capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    assert ProgressNarrator(quiet).follow(steps()) == IngestReport(added=2)
    assert capsys.readouterr().out == ""


def test_the_number_of_articles_to_be_removed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressNarrator().follow(steps())
    assert "3 articles gone from the paths will be removed." in capsys.readouterr().err


def test_quiet_says_nothing_but_failures(capsys: pytest.CaptureFixture[str]) -> None:
    narrator = ProgressNarrator(quiet=True)
    narrator.say("hello")
    narrator.follow(steps())
    assert capsys.readouterr().err == ""
    narrator.failures((Failure("/x", "empty"),))
    assert capsys.readouterr().err == "failed: /x: empty\n"


def test_narration_goes_to_stderr_without_control_sequences(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressNarrator().say("a\x1b[31mb")
    ProgressNarrator().failures((Failure("a\x1b]0;x\x07b", "c\nd"),))
    assert capsys.readouterr() == ("", "ab\nfailed: ab: c d\n")


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("said", "agreed"), [("y\n", True), ("Yes\n", True), ("\n", False), ("no\n", False), ("", False)]
)
def test_a_question_is_put_on_the_terminal(monkeypatch: pytest.MonkeyPatch, said: str, agreed: bool) -> None:
    shown = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(said))
    monkeypatch.setattr(sys, "stderr", shown)
    assert ProgressNarrator(quiet=True).agrees("Remove\x1b[2J all?") is agreed
    assert shown.getvalue() == "Remove all? [y/N] "


def test_nobody_agrees_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert not ProgressNarrator().agrees("Remove all?")
    assert capsys.readouterr() == ("", "")


def test_an_exception_in_long_work_comes_through(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Iterator[Progress | IngestReport]:
        yield Progress("embed", 1, 2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ProgressNarrator().follow(broken())
    assert capsys.readouterr().out == ""


def test_every_stage_that_is_reported_has_a_name() -> None:
    assert {step.stage for step in STEPS} | {"fetch", "index", "answer", "retry", "verify", "copy", "compare"} == set(
        STAGES
    )
