"""Content that tries to be clever: no crash, no action, nothing passed to the terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.tui import hostile
from tests.tui.fakes import FakeArchive, FakeAsker
from tests.tui.harness import MEDIUM, NARROW, WIDE, running
from tests.tui.terminal import Terminal
from tui.widgets.article import ArticleView
from tui.widgets.exchange import State

F1, F2, F3, F4 = "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS"
SHIFT_TAB = "\x1b[Z"
POINTER = b"\x1b]22;"  # Textual sets the shape of the mouse pointer by this one
OSC = re.compile(rb"\x1b\][^\x07\x1b]*")


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_hostile_articles_are_listed_read_and_cited_without_a_crash(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    asker, archive = FakeAsker(hostile.answer, notice=hostile.EVERYTHING), FakeArchive(hostile.articles())
    async with running(tmp_path, size, asker, archive) as ui:
        assert (await ui.ask(hostile.EVERYTHING.replace("\x00", ""))).state is State.ANSWERED
        await ui.press("f4")
        for _ in hostile.TRICKS:
            await ui.press("down")
        ui.panes.library.show_articles(archive.articles(ui.main.filtering.scope))
        assert (await ui.ask("the closest")).state is State.ABSTAINED
        await ui.press("f1")
        assert "\x1b" not in ui.text()
        assert ui.app.is_running


async def test_markup_in_a_title_is_shown_and_never_an_action(tmp_path: Path) -> None:
    asker, archive = FakeAsker(hostile.answer), FakeArchive(hostile.articles())
    async with running(tmp_path, WIDE, asker, archive) as ui:
        await ui.ask()
        await ui.until(lambda: "[@click=app.quit]" in ui.text(ui.panes.view))
        screen = ui.app.screen
        metas = {str(screen.get_style_at(x, y).meta.get("@click")) for y in range(WIDE[1]) for x in range(WIDE[0])}
        assert not [meta for meta in metas if "quit" in meta or "evil" in meta or "javascript" in meta]


async def test_an_article_of_two_megabytes_opens_at_its_quote(tmp_path: Path) -> None:
    asker, archive = FakeAsker(hostile.answer), FakeArchive(hostile.articles())
    async with running(tmp_path, MEDIUM, asker, archive) as ui:
        await ui.ask()
        ui.panes.sources.choose(len(hostile.articles()))
        view = ui.main.query_one(ArticleView)
        await ui.until(lambda: "The end of the hay." in ui.text(view))
        assert view.virtual_size.height > 30_000
        before = view.text_width
        await ui.pilot.resize_terminal(140, 40)
        await ui.until(lambda: view.page and view.page.width == view.text_width > before)
        assert ui.main.query_one("#source-list", OptionList).option_count


def test_nothing_of_a_text_is_passed_to_the_terminal(tmp_path: Path) -> None:
    with Terminal([sys.executable, "-m", "tests.tui.hostile", str(tmp_path)]) as terminal:
        terminal.until(lambda out: b"articles" in out)
        terminal.send("\x1b[200~what \u202eis\u009b31m this\x1b[201~")  # a paste with tricks in it
        terminal.send("\r")
        terminal.until(lambda out: b"0.10" in out)
        terminal.send(SHIFT_TAB)  # into the answer, whose letters are commands from here on
        terminal.quiet()
        terminal.send("u")
        terminal.until(lambda out: b"Sentences left out" in out)
        terminal.quiet()
        terminal.send("\x1b")
        terminal.quiet()
        seen = len(terminal.output)
        terminal.send(F3)
        terminal.until(lambda out: b"Shift+Tab answers" in out[seen:])
        terminal.send("a draft\r")
        terminal.until(lambda out: b"not verified yet" in out)
        terminal.quiet()
        terminal.send("\x1b")
        terminal.until(lambda out: b"Stopped" in out)
        terminal.send(F4)
        for _ in hostile.TRICKS:
            terminal.send("\x1b[B")
        terminal.quiet()
        terminal.send(F2)
        terminal.quiet()
        terminal.send("\x11")
        assert terminal.wait() == 0
        out = terminal.output
    assert {found for found in OSC.findall(out) if not found.startswith(POINTER)} == set()
    for sequence in (
        b"\x1b[6n",
        b"\x1b[5n",
        b"\x1b[c",
        b"\x1b[2J\x1b[999",
        b"999;999H",
        b"\x1bP+q",
        b"\x1b_G",
        b"31337m",
    ):
        assert sequence not in out, sequence
    for character in "\u202e\u202c\u2066\u2069\u200f\x9b\x9d\x9c\ufeff":
        assert character.encode() not in out, hex(ord(character))
    assert b"\x00" not in out
    assert b"\x08" not in out
