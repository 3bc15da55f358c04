"""Results as a table for people or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

Row = dict[str, str | int | float | None]


def show(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print the rows, all with the same keys: as one JSON list, or as columns under their names."""
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print(*lines(rows), sep="\n")


def lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of the table, the columns under their names."""
    cells = [list(rows[0]), *([_text(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        first, *others = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join([first, *others])


def _text(value: str | float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
