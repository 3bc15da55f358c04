"""Token vectors are encoded once while they are held, and never take more than their share of memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from qa.reader.remembered import TokenVectors


def test_what_is_held_is_not_encoded_again_and_what_was_asked_for_longest_ago_goes_first() -> None:
    encoded: list[int] = []

    def encoding(number: int) -> Callable[[], npt.NDArray[np.float32]]:
        def encode() -> npt.NDArray[np.float32]:
            encoded.append(number)
            return np.full((2, 4), number, np.float32)  # 32 bytes

        return encode

    held = TokenVectors(64)
    for number in (1, 2, 1, 3, 1, 2):
        assert held.get([101, number, 102], encoding(number))[0, 0] == number
    assert encoded == [1, 2, 3, 2]


def test_what_is_larger_than_the_limit_is_returned_and_not_held() -> None:
    held, encoded = TokenVectors(16), list[int]()
    for _ in range(2):
        held.get([1], lambda: encoded.append(1) or np.zeros((2, 4), np.float32))
    assert encoded == [1, 1]
