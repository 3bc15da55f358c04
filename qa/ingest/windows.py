"""Sentences packed into windows: one sentence of overlap, ends at the joints of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Joint:
    """What a window's end just before a sentence would mean; `section`: the sentence is a heading."""

    section: bool = False
    block: bool = False
    inside: bool = False  # a quotation, or a heading and what it heads, would be cut


def windows(sizes: Sequence[int], joints: Sequence[Joint], limit: int) -> Iterator[tuple[int, int]]:
    """Yield half-open ranges of sentences that cover all of them in order, none within another.

    `joints[i]` is the joint before sentence i. A range adds up to `limit` at most, or is a single sentence.
    """
    sums = list(accumulate(sizes, initial=0))
    first = last = 0
    while last < len(sizes):
        most = last + 1
        while most < len(sizes) and sums[most + 1] - sums[first] <= limit:
            most += 1
        last = _end(sums, joints, limit, first, last + 1, most)
        yield first, last
        first = last
        if last < len(sizes) and not joints[last].section and sums[last + 1] - sums[last - 1] <= limit:
            first = last - 1


def _end(sums: list[int], joints: Sequence[Joint], limit: int, first: int, least: int, most: int) -> int:
    """The best end from `least` to `most`: at a section or a block where that leaves the window half full."""
    if most == len(joints):
        return most
    clean = [end for end in range(most, least - 1, -1) if not joints[end].inside] or [most]
    full = [end for end in clean if 2 * (sums[end] - sums[first]) >= limit]
    sections = [end for end in full if joints[end].section]
    blocks = [end for end in full if joints[end].block]
    return (sections or blocks or clean)[0]
