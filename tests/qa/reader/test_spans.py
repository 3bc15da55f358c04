"""The likeliest span stands within its sentence, is a run in order, and is weighed against no answer."""

from __future__ import annotations

import numpy as np
import pytest

from qa.reader.spans import LONGEST, Window, best, trimmed, whole

TEXT = "Rain fell. A ship left."
WORDS = [(0, 4), (5, 9), (9, 10), (11, 12), (13, 17), (18, 22), (22, 23)]


def window(opening: dict[int, float], closing: dict[int, float], none: float = 0.0) -> Window:
    logits = np.zeros((2, len(WORDS)), np.float32)
    for row, given in enumerate((opening, closing)):
        for at, value in given.items():
            logits[row, at] = value
    return Window(WORDS, logits[0], logits[1], none)


def test_the_likeliest_span_of_a_sentence_is_found_with_its_log_odds_against_no_answer() -> None:
    assert best([window({4: 2.0}, {5: 3.0}, 1.5)], TEXT, (11, 23)) == (3.5, (13, 22))


def test_likelier_spans_elsewhere_are_not_the_sentences() -> None:
    score, span = best([window({0: 9.0, 4: 1.0}, {1: 9.0, 4: 1.0})], TEXT, (11, 23)) or (0, (0, 0))
    assert (score, span) == (2.0, (13, 17))


def test_a_span_never_closes_before_it_opens() -> None:
    _, (start, end) = best([window({5: 9.0}, {4: 9.0})], TEXT, (11, 23)) or (0, (0, 0))
    assert start < end


def test_a_span_is_never_longer_than_allowed() -> None:
    offsets = [(at, at + 1) for at in range(100)]
    logits = np.zeros((2, 100), np.float32)
    logits[0, 0] = logits[1, 99] = 5.0
    _, (start, end) = best([Window(offsets, logits[0], logits[1], 0.0)], "漢" * 100, (0, 100)) or (0, (0, 0))
    assert end - start <= LONGEST


def test_of_several_windows_the_one_that_is_surest_counts() -> None:
    assert best([window({3: 1.0}, {4: 1.0}), window({4: 5.0}, {5: 1.0}, 2.0)], TEXT, (11, 23)) == (4.0, (13, 22))


def test_a_sentence_without_a_token_has_no_span() -> None:
    assert best([window({}, {})], TEXT, (10, 11)) is None
    assert best([], TEXT, (0, 10)) is None


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("the harbour town", (6, 8), (4, 11)),
        ("the harbour town", (4, 11), (4, 11)),
        ("rose 1234 times", (6, 7), (5, 9)),
        ("東京都知事", (1, 2), (1, 2)),
        ("a 😀 b", (2, 3), (2, 3)),
    ],
)
def test_a_span_that_cuts_a_word_is_widened_to_it_where_a_script_parts_words(
    text: str, span: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert whole(text, span, (0, len(text))) == expected


def test_a_span_is_widened_no_further_than_its_sentence() -> None:
    assert whole("unparted", (3, 4), (2, 6)) == (2, 6)


@pytest.mark.parametrize(("span", "expected"), [((0, 6), (1, 5)), ((1, 5), (1, 5)), ((0, 1), (1, 1)), ((3, 3), (3, 3))])
def test_white_space_at_the_ends_of_a_token_is_not_its_own(span: tuple[int, int], expected: tuple[int, int]) -> None:
    assert trimmed(" rain ", span) == expected
