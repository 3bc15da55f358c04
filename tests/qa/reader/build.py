"""Passages to read, made of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from vectorstore.articles import BlockKind, Hit, Reference, Sentence


def passage(
    sentences: Sequence[str], start: int = 100, title: str = "", name: str = "a", headings: Sequence[int] = ()
) -> Hit:
    """Return a passage of sentences, each followed by a space, that stands at `start` of its article."""
    ends = list(accumulate((len(one) + 1 for one in sentences), initial=start))
    spans = tuple(
        Sentence(at, at + len(one), 0, BlockKind.HEADING if number in headings else BlockKind.PARAGRAPH)
        for number, (at, one) in enumerate(zip(ends, sentences, strict=False))
    )
    text = " ".join(sentences)
    return Hit(1, Reference(name, f"/{name}.txt", title=title), start, start + len(text), text, spans)
