"""Charts as inline SVG; colours and fonts come from the page's style sheet, so they follow its light and dark mode."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.evaluate.bootstrap import Figure
from qa.evaluate.curves import BINS, Bin, Point

Place = tuple[float, float]
LEFT, TOP, WIDE, HIGH = 52.0, 14.0, 394.0, 230.0  # the plot area of a chart with axes


def interval(figure: Figure) -> str:
    """Draw a share from 0 to 1 as a dot on its interval."""
    low, high, value = (160 * min(max(x, 0.0), 1.0) + 5 for x in (figure.low, figure.high, figure.value))
    inner = (
        f'<line class="track" x1="5" y1="9" x2="165" y2="9"/>'
        f'<line class="span" x1="{low:.1f}" y1="9" x2="{high:.1f}" y2="9"/>'
        f'<circle class="dot" cx="{value:.1f}" cy="9" r="4.5"/>'
    )
    return _svg(170, 18, inner, f"{figure.value:.3f}, from {figure.low:.3f} to {figure.high:.3f}", "strip")


def bars(rows: Sequence[tuple[str, Figure]], title: str, *, bad: bool = False) -> str:
    """Draw shares from 0 to 1 below each other, with name, value and interval; `bad` if less is better."""
    kind = "fill bad" if bad else "fill"
    return _svg(440, 26 * len(rows) + 8, "".join(_bar(at, *row, kind) for at, row in enumerate(rows)), title)


def _bar(at: int, name: str, figure: Figure, kind: str) -> str:
    y, start, full = 26 * at + 4, 128, 210
    width = full * min(max(figure.value, 0.0), 1.0)
    low, high = (start + full * min(max(x, 0.0), 1.0) for x in (figure.low, figure.high))
    return (
        _text(start - 10, y + 13, _cut(name), "name end")
        + _box(start, y, full, 18, "bed")
        + _box(start, y, width, 18, kind)
        + f'<path class="whisker" d="M{low:.1f} {y + 5}v8m0-4H{high:.1f}m0-4v8"/>'
        + _text(start + full + 10, y + 13, f"{figure.value:.2f}", "value")
        + _text(440, y + 13, f"n {figure.count}", "note end")
    )


def columns(labels: Sequence[str], counts: Sequence[int], title: str, across: str) -> str:
    """Draw counts side by side, the last one in the colour of errors."""
    most, step = max([*counts, 1]), WIDE / max(len(counts), 1)
    inner = [_text(LEFT + WIDE / 2, TOP + HIGH + 36, across, "axis middle")]
    for at, (label, count) in enumerate(zip(labels, counts, strict=True)):
        x, tall = LEFT + at * step + 3, (HIGH - 18) * count / most
        kind = "fill" if at < len(counts) - 1 else "fill bad"
        y = TOP + HIGH - tall
        inner.append(
            f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{step - 6:.1f}" height="{tall:.1f}" rx="2"/>'
        )
        inner.append(_text(x + step / 2 - 3, TOP + HIGH + 16, label, "name middle"))
        if count:
            inner.append(_text(x + step / 2 - 3, y - 5, str(count), "value middle"))
    inner.append(f'<path class="base" d="M{LEFT} {TOP + HIGH}h{WIDE}"/>')
    return _svg(460, 290, "".join(inner), title)


def coverage(points: Sequence[Point], mark: Place | None, threshold: float, title: str) -> str:
    """Draw precision over coverage as the threshold moves, and mark the current threshold."""
    path = [_at(point.coverage, point.precision) for point in points]
    drawn = "L".join(f"{x:.1f} {y:.1f}" for x, y in path)
    inner = _grid("share of the questions answered", "of these, the archive answers")
    inner += f'<path class="line" d="M{drawn}"/>' if len(path) > 1 else ""
    if mark:
        x, y = _at(*mark)
        inner += f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
        inner += f'<circle class="mark" cx="{LEFT + 16}" cy="{TOP + HIGH - 18}" r="6"/>'
        told = f"current: {threshold:.2f}, {mark[0]:.0%} answered, {mark[1]:.0%} of these answerable"
        inner += _text(LEFT + 30, TOP + HIGH - 14, told, "value")
    return _svg(460, 290, inner, title)


def calibration(bins: Sequence[Bin], title: str) -> str:
    """Draw accuracy over confidence in bins of equal width, with the number of answers in each bin below.

    On the diagonal both agree. The title repeats the figures, for readers who cannot see the chart.
    """
    (x0, y0), (x1, y1) = _at(0, 0), _at(1, 1)
    inner = [_grid("confidence", "share whose first quote is right")]
    inner.append(f'<line class="ideal" x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>')
    inner += [
        _text(x0 + 8, y1 + 14, "right more often than sure", "note"),
        _text(x1 - 8, y0 - 8, "right less often", "note end"),
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in (_at(b.confidence, b.share) for b in bins))
    inner.append(f'<path class="line thin" d="M{path}"/>' if bins else "")
    inner += [_whiskered(b) for b in bins]
    inner.append(_counts(bins))
    told = [f"{b.count} of confidence {b.confidence:.2f}, {b.share:.0%} right" for b in bins]
    return _svg(460, 356, "".join(inner), f"{title}: {'; '.join(told) or 'nothing'}")


def _whiskered(b: Bin) -> str:
    """A bin's dot on its interval."""
    (x, y), (_, low), (_, high) = _at(b.confidence, b.share), *(_at(0, bound) for bound in b.interval)
    whisker = f'<path class="whisker" d="M{x - 4:.1f} {high:.1f}h8m-4 0V{low:.1f}m-4 0h8"/>'
    return f'{whisker}<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'


def _counts(bins: Sequence[Bin]) -> str:
    """Columns below the axis, each as wide as its bin."""
    base, tall, step = TOP + HIGH + 98, 34.0, WIDE / BINS
    most = max([b.count for b in bins] or [1])
    parts = [f'<path class="base" d="M{LEFT} {base}h{WIDE}"/>', _text(LEFT - 6, base, "count", "note end")]
    for b in bins:
        x, height = LEFT + b.at * step, tall * b.count / most
        parts.append(_box(x + 2, base - height, step - 4, height, "fill"))
        parts.append(_text(x + step / 2, base - height - 4, str(b.count), "note middle"))
    return "".join(parts)


def mirrored(above: Sequence[int], below: Sequence[int], threshold: float, names: tuple[str, str]) -> str:
    """Draw two histograms over 0 … 1, one upwards and one downwards, with the current threshold."""
    most = max([*above, *below, 1])
    high = (HIGH - 44) / 2  # of one histogram, leaving room for the names above and the threshold's label below
    middle, step = TOP + 26 + high, WIDE / max(len(above), 1)
    inner = [_text(LEFT + WIDE / 2, TOP + HIGH + 36, "confidence", "axis middle")]
    for at, (up, down) in enumerate(zip(above, below, strict=True)):
        x, tall, deep = LEFT + at * step + 1, high * up / most, high * down / most
        inner += [_box(x, middle - tall, step - 2, tall, "fill"), _box(x, middle, step - 2, deep, "fill bad")]
    inner.append(f'<path class="base" d="M{LEFT} {middle}h{WIDE}"/>')
    inner += [_text(LEFT + WIDE * x, TOP + HIGH + 16, f"{x:g}", "note middle") for x in (0, 0.25, 0.5, 0.75, 1)]
    for x, name, kind in ((LEFT, names[0], "fill"), (LEFT + WIDE / 2, names[1], "fill bad")):
        inner += [_box(x, TOP - 4, 11, 11, kind), _text(x + 18, TOP + 6, name, "name")]
    x, side, shift = (LEFT + WIDE * threshold, "end", -6) if threshold > 0.6 else (LEFT + WIDE * threshold, "start", 6)
    inner.append(f'<line class="threshold" x1="{x:.1f}" y1="{TOP + 18}" x2="{x:.1f}" y2="{TOP + HIGH}"/>')
    inner.append(_text(x + shift, TOP + HIGH - 4, f"current: {threshold:.2f}", f"value {side}"))
    return _svg(460, 290, "".join(inner), f"{names[0]}, {names[1]}")


def _box(x: float, y: float, width: float, height: float, kind: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="1.5"/>'


def _grid(across: str, up: str) -> str:
    """Axes from 0 to 1 both ways, with their names."""
    parts = [_text(LEFT + WIDE / 2, TOP + HIGH + 36, across, "axis middle")]
    parts.append(
        f'<text class="axis middle" transform="rotate(-90)" x="{-(TOP + HIGH / 2)}" y="12">{escape(up)}</text>'
    )
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = _at(share, share)
        parts.append(f'<path class="rule" d="M{LEFT} {y:.1f}h{WIDE}"/>')
        parts.append(_text(LEFT - 6, y + 4, f"{share:g}", "note end"))
        parts.append(_text(x, TOP + HIGH + 16, f"{share:g}", "note middle"))
    return "".join(parts)


def _at(x: float, y: float) -> Place:
    return LEFT + WIDE * x, TOP + HIGH * (1 - y)


def _cut(name: str) -> str:
    return name if len(name) <= 17 else f"{name[:16]}…"


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _svg(width: float, height: float, inner: str, title: str, kind: str = "chart") -> str:
    label = escape(title, quote=True)
    return (
        f'<svg class="{kind}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}">'
        f"<title>{label}</title>{inner}</svg>"
    )
