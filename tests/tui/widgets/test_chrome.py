"""The lines at the top and the bottom fit their screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.harness import running


@pytest.mark.parametrize(
    ("columns", "shown"), [(45, "Library  Sources  Filter  Help"), (80, "Filter   Commands   Help")]
)
async def test_the_menu_leaves_room_for_the_name_on_a_phone(tmp_path: Path, columns: int, shown: str) -> None:
    async with running(tmp_path, (columns, 40)) as ui:
        line = ui.text().splitlines()[0]
        assert line.startswith(" Footnote ")
        assert line.rstrip().endswith(shown)
