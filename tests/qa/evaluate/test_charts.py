from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate import charts
from qa.evaluate.bootstrap import Figure
from qa.evaluate.curves import Bin, Point

share = st.floats(0, 1)


def numbers(svg: str, name: str) -> list[float]:
    return [float(value) for value in re.findall(rf' {name}="(-?[\d.]+)"', svg)]


@given(share, share, share)
def test_an_interval_stays_on_its_track(value: float, low: float, high: float) -> None:
    svg = charts.interval(Figure(value, low, high, 3))
    ElementTree.fromstring(svg)
    assert all(0 <= x <= 170 for name in ("x1", "x2", "cx") for x in numbers(svg, name))


def test_longer_bars_are_larger_shares() -> None:
    svg = charts.bars([("a", Figure(0.25, 0.1, 0.4, 9)), ("b", Figure(0.75, 0.6, 0.9, 9))], "t")
    bed, first, _, second = numbers(svg, "width")
    assert (first / bed, second / bed) == (0.25, 0.75)


def test_columns_grow_with_their_counts_and_the_last_stands_apart() -> None:
    svg = charts.columns(["1", "2", "none"], [4, 2, 1], "t", "rank")
    first, second, third = numbers(svg, "height")
    assert (second / first, third / first) == (0.5, 0.25)
    assert svg.count('class="fill bad"') == 1


def test_the_mark_is_where_coverage_and_precision_are() -> None:
    svg = charts.coverage([Point(0.5, 0.5, 1.0), Point(0.1, 1.0, 0.5)], (0.5, 1.0), 0.3, "t")
    x, y = numbers(svg, "cx")[0], numbers(svg, "cy")[0]
    assert (x, y) == (charts.LEFT + charts.WIDE / 2, charts.TOP)


@given(st.lists(st.builds(Bin, share, share, st.integers(1, 99)), max_size=10), st.lists(st.integers(0, 9), max_size=9))
def test_charts_are_well_formed_whatever_they_are_given(bins: list[Bin], counts: list[int]) -> None:
    for svg in (
        charts.calibration(bins, "<t>"),
        charts.mirrored(counts, counts, 0.5, ("<a>", '"b"')),
        charts.columns([f"<{n}>" for n in counts], counts, "t&", "&"),
        charts.coverage([Point(b.share, b.share, b.share) for b in bins], None, 0.3, "t"),
    ):
        ElementTree.fromstring(svg)
