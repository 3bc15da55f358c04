"""Sentences packed into windows: one sentence of overlap, ends at the joints of the text."""

from __future__ import annotations

from bisect import bisect_left
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
        if most < len(sizes):
            half = bisect_left(sums, sums[first] + limit / 2)
            most = _best_end(range(most, last, -1), joints, half)
        last = most
        yield first, last
        first = last
        if last < len(sizes) and not joints[last].section and sums[last + 1] - sums[last - 1] <= limit:
            first = last - 1


def _best_end(ends: Sequence[int], joints: Sequence[Joint], half: int) -> int:
    """The first of `ends` that cuts nothing; better one at a section, or else a block, from `half` on."""
    clean = [end for end in ends if not joints[end].inside] or [ends[0]]
    sections = [end for end in clean if end >= half and joints[end].section]
    blocks = [end for end in clean if end >= half and joints[end].block]
    return (sections or blocks or clean)[0]
