"""Which readings are quoted: the likeliest, and others nearly as likely that say something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.reader.reading import Reading
from qa.words import keys

MOST = 6  # sentences of an answer
SECOND, FURTHER = 2.0, 0.8  # by how much less than the likeliest the second sentence may score, and any after it
ALIKE = 0.7  # of the shorter sentence's words: two sentences that share so many say the same
ASKING = re.compile(r"[?？]\W*$")
LEAST = 12  # characters of what says something


def choose(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings to quote, likeliest first: never a question, nor what another one says already."""
    taken: list[Reading] = []
    for reading in filter(says_something, readings):
        if len(taken) == MOST or (taken and not _nearly(reading, taken)):
            break
        if not any(alike(reading, other) for other in taken):
            taken.append(reading)
    return taken


def says_something(reading: Reading) -> bool:
    """Tell whether a sentence can answer: it asks nothing, and is no scrap."""
    return len(reading.text) >= LEAST and not ASKING.search(reading.text)


def alike(one: Reading, other: Reading) -> bool:
    """Whether two sentences say the same, by their words."""
    first, second = keys(one.text), keys(other.text)
    return len(first & second) >= ALIKE * min(len(first), len(second))


def _nearly(reading: Reading, taken: list[Reading]) -> bool:
    return reading.score >= taken[0].score - (SECOND if len(taken) == 1 else FURTHER)
