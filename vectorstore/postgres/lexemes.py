"""What is stored of a row's words: its lexemes with their places, and how often each stands in each column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from vectorstore.stems import Stems

LABELS = "ABC"
PLACES = 16_383  # of a lexeme's places PostgreSQL keeps those up to here, and 255 of them
KEPT = 255
LONGEST = 2_000  # bytes of a lexeme
ROOM = 900_000  # bytes of a row's lexemes: with more PostgreSQL refuses the row
FULL = 999  # what a count of one column ends at


def counts_of(columns: Stems) -> dict[str, int]:
    """Return how often each stem stands in each column, in one number: title × 1,000,000 + publisher × 1,000 + body."""
    counts: Counter[str] = Counter()
    for worth, column in zip((1_000_000, 1_000, 1), columns, strict=True):
        for stem, often in Counter(map(cut_short, column)).items():
            counts[stem] += min(often, FULL) * worth
    return counts


def places_of(columns: Stems, counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the stems that a row has room for, with their places, those of each column apart from the others'."""
    places: dict[str, list[str]] = {stem: [] for stem in counts}
    for stem, place in _places(columns):
        if len(places[stem]) < KEPT:
            places[stem].append(place)
    kept, room = {}, ROOM
    for stem, found in places.items():
        room -= len(stem.encode()) + 2 * len(found) + 8
        if room < 0:
            break
        kept[stem] = found
    return kept


def tsvector(places: Mapping[str, Sequence[str]]) -> str:
    """Return stems with their places as PostgreSQL reads them."""
    return " ".join(f"'{quoted(stem)}'{':' if found else ''}{','.join(found)}" for stem, found in places.items())


def _places(columns: Stems) -> Iterator[tuple[str, str]]:
    place = 0
    for label, column in zip(LABELS, columns, strict=True):
        for stem in column:
            place += 1
            if place > PLACES:
                return
            yield cut_short(stem), f"{place}{label}"
        place += 1  # a phrase does not reach over the end of a column


def cut_short(stem: str) -> str:
    return stem if len(stem) < LONGEST // 4 else stem.encode()[:LONGEST].decode(errors="ignore")


def quoted(stem: str) -> str:
    return stem.replace("\\", "\\\\").replace("'", "''")
