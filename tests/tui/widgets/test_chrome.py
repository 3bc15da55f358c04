"""The lines at the top and the bottom fit their screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.harness import running
from vectorstore.articles import Filter


@pytest.mark.parametrize(
    ("columns", "shown"), [(45, "Library  Sources  Filter  Help"), (80, "Filter   Commands   Help")]
)
async def test_the_menu_leaves_room_for_the_name_on_a_phone(tmp_path: Path, columns: int, shown: str) -> None:
    async with running(tmp_path, (columns, 40)) as ui:
        line = ui.text().splitlines()[0]
        assert line.startswith(" Footnote ")
        assert line.rstrip().endswith(shown)


@pytest.mark.parametrize("columns", [45, 60, 80])
async def test_no_chip_of_the_filter_breaks_inside(tmp_path: Path, columns: int) -> None:
    chips = ["Coast Gazette ×", "Harrow Bay Post ×", "since 2017-01-01 ×", "until 2018-12-31 ×"]
    async with running(tmp_path, (columns, 40)) as ui:
        ui.main.filtering.set(Filter(("Coast Gazette", "Harrow Bay Post"), "2017-01-01", "2018-12-31"))
        await ui.until(lambda: all(chip in ui.text(ui.panes.chips) for chip in chips))
