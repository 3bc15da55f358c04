"""Pictures of a screen as text: what stands there, and in which colours, so that a change shows as a readable diff.

UPDATE_SNAPSHOTS=1 takes the present state for right.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from string import ascii_letters, digits

from rich.cells import cell_len
from textual.geometry import Region
from textual.widget import Widget

from tests.tui.harness import Ui

FOLDER = Path(__file__).parent / "snapshots"
LETTERS = "." + ascii_letters + digits + "+-*/=%&$#@!?<>~^"


def picture(ui: Ui, mask: Sequence[Widget] = ()) -> str:
    """Return the text of the screen, its colours by letter, what each letter means; masked widgets stay blank."""
    hidden = [widget.region for widget in mask]
    rows, tints, legend = [], [], {}
    for y, strip in enumerate(ui.app.screen._compositor.render_strips()):
        x, row, tint = 0, "", ""
        for segment in strip:
            style = segment.style
            look = f"{style.color and style.color.name} on {style.bgcolor and style.bgcolor.name}" if style else ""
            look += "".join(
                f" {name}" for name in ("bold", "italic", "reverse", "dim") if style and getattr(style, name)
            )
            for character in segment.text:
                seen = not _inside(x, y, hidden)
                letter = legend.setdefault(look, LETTERS[len(legend)]) if seen else " "
                row += character if seen else " "
                tint += letter * max(cell_len(character), 1)
                x += cell_len(character)
        rows.append(row.rstrip())
        tints.append(tint.rstrip())
    meanings = [f"{letter}  {look}" for look, letter in legend.items()]
    return "\n".join([*rows, "", *tints, "", *meanings, ""])


def _inside(x: int, y: int, regions: Sequence[Region]) -> bool:
    return any(region.contains(x, y) for region in regions)


async def same(ui: Ui, name: str, mask: Sequence[Widget] = ()) -> None:
    """Assert that the screen looks as in the stored picture, as soon as it has come to rest."""
    path = FOLDER / f"{name}.txt"
    await ui.pilot.pause()
    if os.environ.get("UPDATE_SNAPSHOTS"):
        await _rest(ui, mask)
        path.parent.mkdir(exist_ok=True)
        path.write_text(picture(ui, mask), encoding="utf-8")
        return
    stored = path.read_text(encoding="utf-8")
    for _ in range(100):
        if picture(ui, mask) == stored:
            return
        await ui.pilot.pause()
    changed = "\n".join(unified_diff(stored.splitlines(), picture(ui, mask).splitlines(), name, "now", "", "", 0, ""))
    raise AssertionError(f"UPDATE_SNAPSHOTS=1 takes the new look for right\n{changed}")


async def _rest(ui: Ui, mask: Sequence[Widget]) -> None:
    before = ""
    while before != (before := picture(ui, mask)):
        for _ in range(20):
            await ui.pilot.pause()
