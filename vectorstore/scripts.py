"""Scripts without spaces between words, whose text is indexed by pairs of neighbouring characters.

This is how Lucene's CJKAnalyzer indexes. Stored and searched words both go through here.
"""

from __future__ import annotations

import re

# Thai and Lao, Myanmar, Khmer, kana, Han; Korean separates its words
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
RUN = re.compile(f"[{UNSPACED}]+")


def pairs(run: str) -> list[str]:
    """Return the pairs of neighbouring characters in a run; a single character stays as it is."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def worded(text: str) -> str:
    """Return a text whose unspaced runs are replaced by their pairs; other text stays as it is."""
    return text if text.isascii() else RUN.sub(lambda run: f" {' '.join(pairs(run.group()))} ", text)


def apart(text: str) -> str:
    """Return a text with spaces around its unspaced runs, which separates figures and Latin words from them."""
    return text if text.isascii() else RUN.sub(lambda run: f" {run.group()} ", text)
