"""Does a passage say otherwise? Where one fact, exchanged for the passage's own, makes a statement borne out.

Only what agrees in everything else is taken for a contradiction: the reader is asked of the statement as the passage
would have it, and must be sure of that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.reader.reading import Evidence, Reader
from qa.verify.days import MONTHS, WEEKDAYS
from qa.verify.exact import FactKind, Lack
from qa.verify.facts import facts
from qa.verify.spans import Basis
from qa.verify.verifier import Judged

SURE = 0.8  # of the reader's judgement of a statement as the passage would have it
AGREED, OF_OTHERS = 0.6, 0.75  # part of the other words that both have; where a name is exchanged
TRIED = 3  # facts that are tried in the place of one
NEGATION = re.compile(r"\b(?:did|does|do)(?:\s+not|n['’]t)\s+|\b(?:not|never|no longer)\s+|n['’]t\b", re.IGNORECASE)


def contradicting(text: str, judged: Sequence[Judged], reader: Reader) -> Basis | None:
    """Return what says otherwise than a statement, the surest; None where nothing does."""
    tried = [(one, *pair) for one in judged if len(one.basis.spans) == 1 for pair in _otherwise(text, one)]
    sure = [(reader.supports(said, [evidence])[0], at) for at, (_, said, evidence) in enumerate(tried)]
    score, at = max(sure, key=lambda pair: (pair[0], -pair[1]), default=(0.0, 0))
    return tried[at][0].basis if score >= SURE else None


def _otherwise(text: str, one: Judged) -> Iterator[tuple[str, Evidence]]:
    """The statement as the basis would have it, with the evidence for that."""
    evidence = one.basis.evidence
    if len(one.lacks) == 1 and _agrees(text, one.basis, one.lacks[0]):
        yield from ((said, evidence) for said in _exchanged(text, one.lacks[0]))
    elif not one.lacks and not one.supports and _agrees(text, one.basis):
        mine, theirs = bool(NEGATION.search(text)), bool(NEGATION.search(one.basis.text))
        if mine and not theirs:
            yield NEGATION.sub(" ", text), evidence
        elif theirs and not mine:
            yield text, Evidence(evidence.heading, NEGATION.sub(" ", evidence.text))


def _agrees(text: str, basis: Basis, lack: Lack | None = None) -> bool:
    """Whether the basis has the other words of a statement, most of them."""
    rest = facts(text).content - (facts(lack.said).keys if lack else frozenset())
    there = frozenset[str]().union(*(facts(one).keys for span in basis.spans for one in span.sentences))
    wanted = OF_OTHERS if lack and lack.kind is FactKind.NAME else AGREED
    return len(rest & there) >= wanted * max(1, len(rest))


def _exchanged(text: str, lack: Lack) -> Iterator[str]:
    """The statement with the fact that it lacks exchanged for those that stand in its place."""
    said = re.compile(rf"(?<!\w){re.escape(lack.said)}(?!\w)", re.IGNORECASE)
    for other in lack.instead[:TRIED]:
        shown = other.capitalize() if other in MONTHS or other in WEEKDAYS else other
        exchanged = said.sub(lambda _, shown=shown: shown, text, count=1)  # type: ignore[misc]  # bound in the loop
        if exchanged != text:
            yield exchanged
