"""The likeliest span of a sentence, by a model's logits of where an answer opens and closes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.reader.reading import Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

LONGEST = 30  # tokens of an answer, the usual bound on SQuAD
# letters and digits of scripts that part words by spaces
LETTER = re.compile(r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uabff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a text that a model read at once: logits of each of its tokens, and their characters, spaces off.

    `none` is the logit of no answer: opening and closing at [CLS].
    """

    offsets: Sequence[Span]
    opening: Floats
    closing: Floats
    none: float


def best(windows: Sequence[Window], text: str, bounds: Span) -> tuple[float, Span] | None:
    """Return the likeliest span within `bounds` of the text, and its log-odds against no answer; None for no token.

    A span that ends inside of a word is widened to the whole of it.
    """
    found = [one for window in windows if (one := _in_window(window, bounds))]
    if not found:
        return None
    score, span = max(found)
    return score, whole(text, span, bounds)


def _in_window(window: Window, bounds: Span) -> tuple[float, Span] | None:
    inside = [at for at, (start, end) in enumerate(window.offsets) if bounds[0] <= start < end <= bounds[1]]
    if not inside:
        return None
    score, first, last = likeliest(window.opening[inside], window.closing[inside])
    return score - window.none, (window.offsets[inside[first]][0], window.offsets[inside[last]][1])


def likeliest(opening: Floats, closing: Floats) -> tuple[float, int, int]:
    """Return the best sum of logits of a run of at most LONGEST tokens, and its first and last token."""
    import numpy as np

    sums = opening[:, None] + closing[None, :]
    allowed = np.tri(len(opening), dtype=bool).T & np.tri(len(opening), k=LONGEST - 1, dtype=bool)
    first, last = np.unravel_index(int(np.argmax(np.where(allowed, sums, -np.inf))), sums.shape)
    return float(sums[first, last]), int(first), int(last)


def whole(text: str, span: Span, bounds: Span) -> Span:
    """Return a span widened to whole words, not beyond the bounds."""
    start, end = span
    while start > bounds[0] and LETTER.match(text[start]) and LETTER.match(text[start - 1]):
        start -= 1
    while end < bounds[1] and LETTER.match(text[end - 1]) and LETTER.match(text[end]):
        end += 1
    return start, end


def trimmed(text: str, span: Span) -> Span:
    """Return a span without white space at its ends: some tokenizers count the space before a word as its own."""
    start, end = span
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    return first, max(first, start + len(piece.rstrip()))
