"""What is printed: bold for eyes, plain for programs."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import pytest

from qa.marks import Marked
from qa.terminal import show

LIT = Marked("It was lit [1]\n    “in 1911” [bold]x[/]", ((11, 14), (23, 27)))


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Whether somebody reads it."""
        return True


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def printed(text: Marked, stream: io.StringIO, *, color: bool = True) -> str:
    with redirect_stdout(stream):
        show(text, color=color)
    return stream.getvalue()


def test_what_is_marked_is_bold_on_a_terminal_and_nothing_else_is_markup() -> None:
    bold = "It was lit \x1b[1m[1]\x1b[0m\n    “in \x1b[1m1911\x1b[0m” [bold]x[/]\n"
    assert printed(LIT, Screen()) == bold
    assert printed(LIT, Screen(), color=False) == bold


def test_what_is_piped_holds_no_sequence() -> None:
    assert printed(LIT, io.StringIO()) == f"{LIT.text}\n"


def test_a_terminal_that_knows_no_sequences_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert printed(LIT, Screen()) == f"{LIT.text}\n"


def test_long_lines_break_between_words_and_hang_but_links_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    link = f"    https://example.org/{'x' * 40}"
    text = f"“{'word ' * 8}last”\n[1] Coast Gazette, 3 March 2019, page 4\n{link}"
    assert printed(Marked(text), Screen()).splitlines() == [
        "“word word word word word word",
        " word word last”",
        "[1] Coast Gazette, 3 March",
        "    2019, page 4",
        link,
    ]


def test_a_text_without_marks_is_printed_as_it_is() -> None:
    assert printed(Marked("plain"), Screen()) == "plain\n"
