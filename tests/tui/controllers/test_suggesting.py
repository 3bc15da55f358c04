"""After an import, questions that the new articles answer are offered; one that is chosen is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.fakes import FakeArchive
from tests.tui.harness import DONE, MEDIUM, NARROW, WIDE, running


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_what_came_in_suggests_questions_and_the_chosen_one_is_asked(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(tmp_path, size, archive=FakeArchive([])) as ui:
        await ui.press("escape")
        ui.main.archiving.add([str(tmp_path)])
        await ui.until(lambda: "What is in bees?" in ui.text(ui.panes.suggestions))
        await ui.press("f3", "shift+tab", "down", "enter")
        await ui.until(lambda: ui.panes.view.last and ui.last.state in DONE)
        assert ui.asker.asked[0].text == "What is in ferry?"
        assert not ui.panes.suggestions.display
        assert ui.panes.prompt.has_focus


async def test_a_question_of_ones_own_takes_the_suggestions_away(tmp_path: Path) -> None:
    async with running(tmp_path) as ui:
        ui.main.archiving.add([str(tmp_path)])
        await ui.until(lambda: ui.panes.suggestions.display)
        await ui.ask()
        assert not ui.panes.suggestions.display
