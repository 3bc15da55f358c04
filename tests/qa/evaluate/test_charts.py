from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from qa.evaluate import charts
from qa.evaluate.bootstrap import Figure
from qa.evaluate.curves import BINS, Bin, Point

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


def test_on_the_diagonal_the_confidence_is_to_be_believed_and_columns_count_the_answers() -> None:
    svg = charts.calibration([Bin(2, 0.25, 0.25, 4), Bin(7, 0.75, 0.5, 8)], "Reliability")
    (agreeing, over), (level, under) = numbers(svg, "cx"), numbers(svg, "cy")
    assert (agreeing, level) == (charts.LEFT + 0.25 * charts.WIDE, charts.TOP + 0.75 * charts.HIGH)
    assert (over, under) == (charts.LEFT + 0.75 * charts.WIDE, charts.TOP + 0.5 * charts.HIGH)  # surer than right
    assert '<line class="ideal"' in svg
    few, many = numbers(svg, "height")
    assert few / many == 0.5
    assert ">4</text>" in svg
    assert ">8</text>" in svg


def test_a_chart_says_in_its_title_what_it_shows() -> None:
    tree = ElementTree.fromstring(charts.calibration([Bin(7, 0.75, 0.5, 8)], "<Reliability>"))
    assert tree[0].tag == "title"
    assert tree[0].text == tree.get("aria-label") == "<Reliability>: 8 of confidence 0.75, 50% right"
    assert tree.get("role") == "img"


@given(
    st.lists(st.builds(Bin, st.integers(0, BINS - 1), share, share, st.integers(1, 99)), max_size=10),
    st.lists(st.integers(0, 9), max_size=9),
)
def test_charts_are_well_formed_whatever_they_are_given(bins: list[Bin], counts: list[int]) -> None:
    for svg in (
        charts.calibration(bins, "<t>"),
        charts.mirrored(counts, counts, 0.5, ("<a>", '"b"')),
        charts.columns([f"<{n}>" for n in counts], counts, "t&", "&"),
        charts.coverage([Point(b.share, b.share, b.share) for b in bins], None, 0.3, "t"),
    ):
        ElementTree.fromstring(svg)
