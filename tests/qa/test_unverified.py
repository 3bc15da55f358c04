from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr

import pytest

from qa.progress import ProgressNarrator
from qa.unverified import LiveText


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR")


def write(draft: LiveText) -> None:
    draft.write("")
    for piece in ("It ", "rained\x1b]52;c;eA==\x07 ", "a lot."):
        draft.write(piece)
    draft.settle("“It rained.” [1]")
    draft.write("And")


def drawn(work: Callable[[LiveText], None], *, quiet: bool = False) -> str:
    """What a terminal gets to see."""
    with redirect_stderr(Terminal()) as screen, ProgressNarrator(quiet).draft() as draft:
        work(draft)
    return screen.getvalue()


def test_pending_text_is_dim_until_its_sentence_is_settled() -> None:
    shown = drawn(write)
    assert "\x1b[2mIt rained a lot." in shown
    assert "“It rained.” [1] \x1b[2mAnd" in shown


def test_a_draft_is_gone_when_it_ends() -> None:
    assert drawn(write).endswith("\x1b[2K")  # the line is erased


def test_a_draft_cannot_command_the_terminal() -> None:
    assert "\x1b]52" not in drawn(write)


def test_nothing_is_drawn_while_nobody_writes() -> None:
    assert drawn(lambda draft: draft.settle("“It rained.” [1]")) == ""


def test_a_quiet_narrator_drafts_nothing() -> None:
    assert drawn(write, quiet=True) == ""


def test_where_stderr_is_no_terminal_nothing_is_drafted(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressNarrator().draft() as draft:
        write(draft)
    assert capsys.readouterr() == ("", "")


def test_only_the_end_of_a_long_draft_is_drawn() -> None:
    shown = drawn(lambda draft: draft.write("first " + "more " * 5_000 + "last"))
    assert "first" not in shown
    assert "last" in shown


def test_a_closed_stderr_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with ProgressNarrator().draft() as draft:
        draft.write("It rained.")
