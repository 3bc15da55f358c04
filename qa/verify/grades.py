"""Words that exclude each other: the second and the third, a week and a month, last year and this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

ORDINALS = frozenset("second third fourth fifth sixth seventh eighth ninth tenth".split())
MAGNITUDES = frozenset("dozens tens hundreds thousands millions billions trillions".split())
FRACTIONS = frozenset("half thirds quarters fifths".split())
HOURS = frozenset("morning afternoon evening night noon midnight".split())
SEASONS = frozenset("spring summer autumn winter".split())
STRETCHES = frozenset("minute hour day week weekend month quarter season year decade century".split())
PLACES = frozenset("last next this previous".split())
EACH = frozenset("a an per each every".split())
APART = frozenset("before after later earlier ago".split())
GROUPS = {"place": ORDINALS, "size": MAGNITUDES, "part": FRACTIONS, "hour": HOURS, "season": SEASONS}
TIMES = frozenset({"hour", "season", "apart", *STRETCHES})  # groups that tell when


def grades(lower: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of a text that exclude others, each with what it tells."""
    for low in lower:
        yield from ((group, low) for group, words in GROUPS.items() if low in words)
    for at, (before, low) in enumerate(pairwise(lower), 1):
        stretch = low if low in STRETCHES else low.removesuffix("s")
        if stretch not in STRETCHES:
            continue
        if before in PLACES:
            yield stretch, f"{before} {stretch}"
        elif before in EACH and at > 1 and (lower[at - 2][:1].isdigit() or lower[at - 2].endswith("illion")):
            yield "each", stretch
        elif at + 1 < len(lower) and lower[at + 1] in APART and before in {"a", "an", "one", "the"}:
            yield "apart", stretch
