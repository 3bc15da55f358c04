"""Scripts that put no space between words: their text is found by pairs of neighbouring characters.

As Lucene's CJKAnalyzer indexes. Both the words that are stored and those that are looked for go through here.
"""

from __future__ import annotations

import re

# Thai and Lao, Myanmar, Khmer, kana, Han; Korean parts its words
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
RUN = re.compile(f"[{UNSPACED}]+")


def pairs(run: str) -> list[str]:
    """Return the pairs of neighbouring characters of a run; one character alone is itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def worded(text: str) -> str:
    """Return a text in which what needs them has spaces: runs become their pairs, other text stays as it is."""
    return text if text.isascii() else RUN.sub(lambda run: f" {' '.join(pairs(run.group()))} ", text)


def apart(text: str) -> str:
    """Return a text with spaces around its runs, so that figures and Latin words among them can be told."""
    return text if text.isascii() else RUN.sub(lambda run: f" {run.group()} ", text)
