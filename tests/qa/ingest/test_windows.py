"""Windows over sizes and joints alone."""

from __future__ import annotations

from qa.ingest.windows import Joint, windows

PLAIN, BLOCK, SECTION, INSIDE = Joint(), Joint(block=True), Joint(section=True, block=True), Joint(inside=True)


def test_no_sentences_make_no_window() -> None:
    assert list(windows([], [], 10)) == []


def test_sentences_that_fit_make_one_window() -> None:
    assert list(windows([5, 5], [PLAIN, BLOCK], 10)) == [(0, 2)]


def test_windows_share_a_sentence() -> None:
    assert list(windows([4] * 4, [PLAIN] * 4, 10)) == [(0, 2), (1, 3), (2, 4)]


def test_a_sentence_that_leaves_no_room_is_not_shared() -> None:
    assert list(windows([2, 8, 3], [PLAIN] * 3, 10)) == [(0, 2), (2, 3)]


def test_a_single_sentence_above_the_limit_stands_alone() -> None:
    assert list(windows([3, 40, 3], [PLAIN] * 3, 10)) == [(0, 1), (1, 2), (2, 3)]


def test_a_window_ends_at_a_section_rather_than_a_later_block() -> None:
    assert next(windows([3] * 5, [PLAIN, PLAIN, SECTION, BLOCK, BLOCK], 12)) == (0, 2)


def test_a_section_begins_its_window() -> None:
    assert list(windows([5] * 4, [PLAIN, PLAIN, SECTION, PLAIN], 10)) == [(0, 2), (2, 4)]


def test_a_window_ends_at_the_last_block_that_leaves_it_half_full() -> None:
    assert next(windows([3] * 5, [PLAIN, BLOCK, BLOCK, PLAIN, PLAIN], 9)) == (0, 2)


def test_a_block_that_leaves_it_less_than_half_full_is_passed_over() -> None:
    assert next(windows([3] * 5, [PLAIN, BLOCK, PLAIN, PLAIN, PLAIN], 9)) == (0, 3)


def test_a_window_ends_before_what_belongs_together() -> None:
    assert next(windows([3] * 5, [PLAIN, PLAIN, PLAIN, INSIDE, PLAIN], 9)) == (0, 2)


def test_what_belongs_together_is_cut_where_it_cannot_fit() -> None:
    assert next(windows([3] * 5, [PLAIN, *[INSIDE] * 4], 9)) == (0, 3)
