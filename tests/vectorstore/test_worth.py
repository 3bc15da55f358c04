from __future__ import annotations

import time

import pytest

from vectorstore.worth import SAVED, saves


class Index:
    """An index of so many passages that searches in so many seconds."""

    def __init__(self, passages: int, seconds: float) -> None:
        self._passages, self._seconds = passages, seconds

    def count(self) -> int:
        return self._passages

    def search(self, *_: object) -> list[tuple[int, float]]:
        time.sleep(self._seconds)
        return []


@pytest.mark.parametrize(("passages", "seconds", "worth"), [(100, 0.0, False), (10**9, 0.0, True), (100, SAVED, False)])
def test_an_index_is_worth_it_where_it_saves_noticeable_time(passages: int, seconds: float, worth: bool) -> None:
    assert saves(Index(passages, seconds), 8) is worth
