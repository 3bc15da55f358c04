"""Quotations, and what they keep together."""

from __future__ import annotations

import pytest

from qa.ingest.quotations import joined, quotations


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quotations(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“One,” he said, “two.”", ["“One,”", "“two.”"]),
        ('"One," he said, "two."', ['"One,"', '"two."']),
        ("«Un», dit-il. „Zwei“, sagte er.", ["«Un»", "„Zwei“"]),
        ("“It never closes.", []),
        ("It never opened.”", []),
        ("“Opened twice. “One.”", ["“One.”"]),
        ('A 6\'2" man said "no".', ['"no"']),
        ('"Never closed. "One." Two.', ['"One."']),
    ],
)
def test_a_quotation_opens_and_closes(text: str, found: list[str]) -> None:
    assert quoted(text) == found


def test_a_quotation_beyond_the_span_is_not_seen() -> None:
    assert list(quotations("“One.” “Two.”", 0, 6)) == [(0, 6)]


def test_spans_in_one_quotation_are_joined() -> None:
    assert joined([(0, 5), (6, 9), (10, 14)], [2, 2, 2], [(1, 8)], 4) == [(0, 9), (10, 14)]


def test_spans_too_large_together_stay_apart() -> None:
    assert joined([(0, 5), (6, 9)], [2, 3], [(1, 8)], 4) == [(0, 5), (6, 9)]


def test_a_chain_of_quotations_is_joined_as_far_as_it_fits() -> None:
    spans = [(0, 5), (6, 9), (10, 14)]
    assert joined(spans, [2, 2, 2], [(1, 7), (8, 12)], 6) == [(0, 14)]
    assert joined(spans, [2, 2, 2], [(1, 7), (8, 12)], 5) == [(0, 9), (10, 14)]


def test_nothing_is_joined_without_spans() -> None:
    assert joined([], [], [(0, 4)], 9) == []
