from __future__ import annotations

from benchmarks.serving import Seen, row


def test_the_figures_are_of_all_replies() -> None:
    seen = Seen([float(n) for n in range(1, 101)], errors=2, memory=[200, 300, 310])
    figures = row(seen, took=50.0, used=25.0)
    assert (figures["replies"], figures["errors"], figures["a second"]) == (100, 2, 2.0)
    assert (figures["p50"], figures["p95"], figures["CPU s each"]) == (51.0, 96.0, 0.25)
    assert (figures["MiB at first"], figures["half-way"], figures["at the end"]) == (200, 300, 310)
