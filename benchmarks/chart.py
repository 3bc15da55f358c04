"""Lines over sizes as an SVG that stands by itself; both axes are logarithmic."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

WIDE, HIGH, LEFT, TOP, ROOM = 460.0, 260.0, 56.0, 16.0, 150.0
COLOURS = ("#2a6fb0", "#c2571a", "#3a8a4d", "#8a4fa0", "#777777", "#b03a5b", "#998a1f")

Points = Sequence[tuple[float, float]]


def lines(named: Mapping[str, Points], across: str, up: str) -> str:
    """Draw each name's points as a line, with its name at the end."""
    xs = [x for points in named.values() for x, _ in points]
    ys = [y for points in named.values() for _, y in points]
    low, high = (10 ** way(math.log10(end)) for way, end in ((math.floor, min(ys)), (math.ceil, max(ys))))
    across_, up_ = _scale(min(xs), max(xs), LEFT, LEFT + WIDE), _scale(low, high, TOP + HIGH, TOP)
    inner = [_tick(LEFT - 8, up_(y) + 4, y, "end") + _rule(up_(y)) for y in _tens(low, high)]
    inner += [_tick(across_(x), TOP + HIGH + 18, x, "middle") for x in _tens(min(xs), max(xs))]
    ends = _apart([up_(points[-1][1]) for points in named.values()])
    for (name, points), colour, end in zip(named.items(), COLOURS, ends, strict=False):
        path = " ".join(f"{across_(x):.1f},{up_(y):.1f}" for x, y in points)
        inner.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        inner.append(f'<text x="{LEFT + WIDE + 8}" y="{end + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    inner.append(f'<text x="{LEFT + WIDE / 2}" y="{TOP + HIGH + 38}" text-anchor="middle">{escape(across)}</text>')
    inner.append(f'<text x="{LEFT}" y="{TOP - 4}">{escape(up)}</text>')
    width, height = LEFT + WIDE + ROOM, TOP + HIGH + 48
    style = 'font-family="sans-serif" font-size="12" fill="#555555"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {style}>{"".join(inner)}</svg>\n'


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return a logarithmic axis: where on it a value stands."""
    span = math.log(high / low) or 1.0
    return lambda value: start + (end - start) * math.log(value / low) / span


def _tens(low: float, high: float) -> list[float]:
    return [10.0**n for n in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)]


def _tick(x: float, y: float, value: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{value:,g}</text>'


def _rule(y: float) -> str:
    return f'<path d="M{LEFT} {y:.1f}h{WIDE}" stroke="#dddddd"/>'


def _apart(places: Sequence[float], least: float = 15.0) -> list[float]:
    """Return heights of names, moved down where they would cover each other."""
    moved, last = dict[int, float](), -math.inf
    for at in sorted(range(len(places)), key=lambda at: places[at]):
        moved[at] = last = max(places[at], last + least)
    return [moved[at] for at in range(len(places))]
