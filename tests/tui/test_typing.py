"""Where letters go: to the prompt, unless the reader has stepped into the pane where they are commands."""

from __future__ import annotations

from pathlib import Path

from tests.tui.harness import NARROW, WIDE, Ui, running
from tui.screens.help import OUTSIDE, Help
from tui.widgets.article import ArticleView
from tui.widgets.sourcelist import SourceList


def typed(ui: Ui) -> bool:
    """Whether the letters "only" stand in the prompt, which has the focus; empties it."""
    held, ui.panes.prompt.text = ui.panes.prompt.text, ""
    return held == "only" and ui.panes.prompt.has_focus


async def article_shown(ui: Ui) -> None:
    """Wait for the article of the first source."""
    await ui.until(lambda: ui.main.query_one(ArticleView).page)


async def test_letters_typed_at_an_article_a_list_or_an_answer_go_to_the_prompt(tmp_path: Path) -> None:
    async with running(tmp_path, WIDE) as ui:
        await ui.ask()
        await article_shown(ui)
        for shown in (ui.main.query_one(ArticleView), ui.main.query_one(SourceList), ui.last):
            shown.focus()
            await ui.until(lambda shown=shown: shown.has_focus)
            await ui.press(*"only")
            assert typed(ui)
        await ui.press("f2", *"only")  # the library
        assert typed(ui)
        ui.main.set_focus(None)
        await ui.press(*"only")
        assert typed(ui)
        assert "Opening" not in ui.notices()  # no browser


async def test_reading_a_source_leaves_letters_to_the_prompt_also_on_a_narrow_screen(tmp_path: Path) -> None:
    async with running(tmp_path, NARROW) as ui:
        await ui.ask()
        await article_shown(ui)
        await ui.press("f4", "enter")
        await ui.until(lambda: ui.main.query_one(ArticleView).has_focus)
        await ui.press(*"only")
        assert typed(ui)
        await ui.until(lambda: ui.main.query_one("#chat").display)


async def test_after_a_step_into_the_pane_its_letters_are_commands_and_the_others_go_to_the_prompt(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as ui:
        assert "Shift+Tab" in ui.text(ui.panes.status)
        await ui.ask()
        await article_shown(ui)
        await ui.press("shift+tab")
        assert ui.last.has_focus
        await ui.press("Y")
        await ui.until(lambda: "The answer is in" in ui.notices())
        await ui.press("f4", "enter")
        await ui.until(lambda: ui.main.query_one(ArticleView).has_focus)
        assert "type to ask" in ui.text(ui.panes.status)
        await ui.press("shift+tab")  # steps in where it is
        assert ui.main.query_one(ArticleView).has_focus
        await ui.until(lambda: "type to ask" not in ui.text(ui.panes.status))
        assert "y quote" in ui.text(ui.panes.sources)
        assert "copy quote" not in ui.text(ui.panes.status)  # no key is told twice
        await ui.press("y")
        await ui.until(lambda: "The quote is in" in ui.notices())
        await ui.press(*"What")
        assert ui.panes.prompt.text == "What"


async def test_a_click_into_the_article_steps_in_and_a_click_on_a_source_does_not(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await article_shown(ui)
        await ui.pilot.click(SourceList, offset=(6, 0))
        await ui.until(lambda: ui.main.query_one(ArticleView).has_focus)
        await ui.press(*"only")
        assert typed(ui)
        await ui.pilot.click(ArticleView, offset=(3, 3))
        await ui.press("y")
        await ui.until(lambda: "The quote is in" in ui.notices())


async def test_what_is_pasted_at_an_article_goes_to_the_prompt(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await article_shown(ui)
        ui.main.query_one(ArticleView).focus()
        await ui.until(lambda: ui.main.query_one(ArticleView).has_focus)
        await ui.type("only")
        assert typed(ui)


async def test_help_says_where_letters_go_and_which_are_commands(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        await ui.ask()
        await article_shown(ui)
        ui.main.query_one(ArticleView).focus()
        await ui.press("f1")
        await ui.until(lambda: isinstance(ui.app.screen, Help))
        help_ = ui.app.screen
        assert isinstance(help_, Help)
        assert OUTSIDE in help_.about
        assert ("o", "Open the source's link in the browser, or its file") in help_.here
        assert "o" not in [keys for keys, _ in help_.everywhere]
