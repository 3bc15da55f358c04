"""What came of comparing sentences with their sources: a sign and a colour for each verdict, never a colour alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.content import Content

from qa.answer.compose import marked
from qa.marks import Marked
from qa.sanitize import line
from qa.types import Answer, Statement, Verdict
from tui.widgets.names import MUTED

HREF = "cite:"  # before the number in the address of a marker
MARKER = re.compile(r"\[(\d{1,4})\]")
SIGNS = {Verdict.SUPPORTED: " ", Verdict.WRONG_SOURCE: "→", Verdict.UNSUPPORTED: "✗"}
COLOURS = {
    Verdict.SUPPORTED: MUTED,
    Verdict.WRONG_SOURCE: "$text-secondary",
    Verdict.UNSUPPORTED: "$text-error",
}
SIGNED = re.compile(rf"{SIGNS[Verdict.WRONG_SOURCE]}(?=\[\d{{1,4}}\])")
LEGEND = (
    "[2]   the source supports the sentence\n"
    "→[2]  it does, but the model cited another source\n"
    "✗     no source does: the sentence is left out, and u lists it\n"
    "…     a draft that is not verified yet"
)
LONGEST = 2_000  # characters of a sentence in the list
_GROUPS = (
    (Verdict.UNSUPPORTED, "Left out: no source supports it"),
    (Verdict.WRONG_SOURCE, "Shown with another source than the model cited"),
)


def signed(statement: Statement) -> str:
    """Return the sentence with its verdict's sign before its first marker; one that is supported has none."""
    sign = SIGNS[statement.verdict]
    if statement.verdict is Verdict.SUPPORTED or f"{sign}[" in statement.text:
        return statement.text
    return MARKER.sub(lambda found: f"{sign}{found[0]}", statement.text, count=1)


def written(answer: Answer) -> Marked:
    """Return the text of an answer with the signs of its sentences, in which the words that answer are marked."""
    return marked(answer, signed)


def left_out(sentences: Sequence[Statement]) -> int:
    """Return how many sentences no source bears out."""
    return sum(not sentence.shown for sentence in sentences)


def listing(sentences: Sequence[Statement]) -> Content:
    """Return all sentences that are not plainly supported, by verdict, each with its sign."""
    parts: list[Content] = []
    for verdict, heading in _GROUPS:
        said = [sentence for sentence in sentences if sentence.verdict is verdict]
        if said:
            parts.append(Content.styled(f"{heading} ({len(said)})", "bold"))
            parts.extend(_entry(sentence) for sentence in said)
    return Content("\n\n").join(parts)


def _entry(sentence: Statement) -> Content:
    look = COLOURS[sentence.verdict]
    return Content.assemble((SIGNS[sentence.verdict], f"bold {look}"), " ", (line(sentence.text, LONGEST), look))
