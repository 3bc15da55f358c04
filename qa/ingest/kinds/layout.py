"""Where text stands on a page: words to lines, and lines to the order in which columns are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from statistics import median

NARROWEST = 12  # characters to a line, in the middle, of a column of prose; the cells of a table have fewer
FEWEST = 4  # lines of a column
MARGIN = 2.0  # points by which lines may reach into the space between two columns
GAP = 0.9  # heights of the letters: a wider space on one line parts two columns


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A run of text with its box in points, from the page's lower left; `height` is that of its letters."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """From the foot to the head of the letters, room for accents included."""
        return max(self.top - self.bottom, 0.1)

    def beside(self, other: PdfLine) -> bool:
        """Whether the two stand on one line."""
        middle = (other.top + other.bottom) / 2
        return self.bottom < middle < self.top and abs(self.bottom - other.bottom) < 0.5 * self.height


def joined(first: PdfLine, second: PdfLine) -> PdfLine:
    """Return two runs as one, as high as the longer of them: a bullet may be of another font."""
    longer = max(first, second, key=lambda run: len(run.text))
    left, right = min(first.left, second.left), max(first.right, second.right)
    return PdfLine(f"{first.text} {second.text}", left, longer.bottom, right, longer.top)


def lines_of(words: Iterable[PdfLine]) -> list[PdfLine]:
    """Put words, in the order in which they were drawn, into lines; a wide space parts a line."""
    lines: list[PdfLine] = []
    for word in words:
        last = lines[-1] if lines else None
        if last is not None and last.beside(word) and -0.5 < (word.left - last.right) / last.height < GAP:
            lines[-1] = joined(last, word)
        else:
            lines.append(word)
    return lines


def ordered(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Return lines as they are read: column after column, and what stands across them at its height."""
    gutter = _gutter(lines)
    if gutter is None:
        return _by_height(lines)
    read: list[PdfLine] = []
    band: list[PdfLine] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if line.left < gutter - MARGIN and line.right > gutter + MARGIN:
            read += [*_columns(band, gutter), line]
            band = []
        else:
            band.append(line)
    return read + _columns(band, gutter)


def _columns(band: Sequence[PdfLine], gutter: float) -> list[PdfLine]:
    left = [line for line in band if (line.left + line.right) / 2 < gutter]
    right = [line for line in band if (line.left + line.right) / 2 >= gutter]
    return ordered(left) + ordered(right)


def _by_height(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """From the top down; runs on one line, parted by a wide space, from left to right as one."""
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -(line.bottom + line.top)):
        if rows and (rows[-1][0].beside(line) or line.beside(rows[-1][0])):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [reduce(joined, sorted(row, key=lambda run: run.left)) for row in rows]


def _gutter(lines: Sequence[PdfLine]) -> float | None:
    """Return where a column of prose begins beside another one, None where there is one column."""
    starts = Counter(round(line.left) for line in lines)
    candidates = [start for start, count in starts.items() if count >= FEWEST - 1]
    scored = [(score, at) for start in candidates if (score := _parting(lines, at := start - 2 * MARGIN)) > 0]
    return max(scored)[1] if scored else None


def _parting(lines: Sequence[PdfLine], at: float) -> float:
    """How well a place parts columns: the lines of the smaller side, less those that stand across; 0: not at all."""
    left = [line for line in lines if line.right <= at + MARGIN]
    right = [line for line in lines if line.left >= at - MARGIN]
    if min(len(left), len(right)) < FEWEST or min(map(_width, (left, right))) < NARROWEST:
        return 0
    low, high = max(map(_foot, (left, right))), min(map(_head, (left, right)))
    if not any(low <= line.bottom <= high for line in left):  # one below the other, not beside it
        return 0
    across = sum(low <= line.bottom <= high for line in lines) - sum(low <= x.bottom <= high for x in (*left, *right))
    return max(0.0, min(len(left), len(right)) - 2 * across)


def _width(lines: Sequence[PdfLine]) -> float:
    return median(len(line.text) for line in lines)


def _foot(lines: Sequence[PdfLine]) -> float:
    return min(line.bottom for line in lines)


def _head(lines: Sequence[PdfLine]) -> float:
    return max(line.top for line in lines)
