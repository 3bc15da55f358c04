"""Does a passage say what a sentence says? Facts are compared exactly, a reader that has learned it judges the rest.

A sentence is supported by a run of a passage's sentences, or by two of an article, in which no fact of it lacks and of
which the reader is sure enough. The only link that it may hold is its source's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.reader.reading import Reader
from qa.types import Verdict
from qa.verify.exact import Lack, lacking
from qa.verify.facts import Facts, facts
from qa.verify.spans import Basis, Span, bases, spans
from vectorstore.articles import Hit

MARKER = re.compile(r"\[\^?\s*(-?\d+(?:\s*[,;]\s*-?\d+)*)\s*\]|【(-?\d+)[^】]{0,20}】")
CLAUSE = re.compile(r";\s+|,?\s+(?:and|but|while|whereas)\s+", re.IGNORECASE)
AGREEING = re.compile(r"^(?:yes|no|indeed|correct|right|in fact|in short)\b\s*[,:;.—–-]\s*", re.IGNORECASE)
LEANING = re.compile(r"^[\"“]?(?:he|she|it|they|this|that|these|those|his|her|its|their|there|both|such|one)\b", re.I)
LOOKED, JUDGED = 24, 6  # bases whose facts are compared, and that a reader is asked about
FULL = 3  # words with meaning that a clause must have to be judged by itself
FIRST = 2  # of the bases that a reader is asked about: where it is SURE of one, it is not asked about the others
SURE = 0.9
THRESHOLD = 0.5  # of a reader's judgement, from which on a statement is supported
VETOED = 0.1  # of a judgement that is left in confidence where a fact lacks


@dataclass(frozen=True, slots=True)
class Judged:
    """A basis, how likely it bears the statement out by the reader, and the facts that it lacks."""

    basis: Basis
    score: float
    lacks: tuple[Lack, ...] = ()

    @property
    def supports(self) -> bool:
        """Whether it bears the statement out."""
        return not self.lacks and self.score >= THRESHOLD

    @property
    def confidence(self) -> float:
        """How sure it is, 0 … 1, that it bears the statement out."""
        return self.score * (VETOED if self.lacks else 1.0)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a sentence: its words without markers, the verdict, the spans that support it, how surely."""

    text: str
    verdict: Verdict
    spans: tuple[Span, ...] = ()
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as a model wrote it, taken apart: its words, the numbers in its markers."""

    text: str
    markers: tuple[int, ...]


def claim(sentence: str) -> Claim:
    """Return a model's sentence without its markers, and what they name; forged ones stay in the numbers."""
    named = [int(n) for found in MARKER.finditer(sentence) for n in re.findall(r"-?\d+", found[1] or found[2])]
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(MARKER.sub(" ", sentence).split()))
    return Claim(text, tuple(dict.fromkeys(named)))


class Verifier:
    """Compares sentences with the numbered passages that a model was given, `hits` in the order of their numbers."""

    def __init__(self, hits: Sequence[Hit], reader: Reader) -> None:
        self._reader = reader
        self._spans: Mapping[int, tuple[Span, ...]] = {n: tuple(spans(n, hit)) for n, hit in enumerate(hits, 1)}

    def check(self, sentence: str, question: str = "") -> Checked:
        """Return the verdict on a sentence with its markers; what the question says, it need not find again."""
        said = claim(sentence)
        if not states(said.text):
            return Checked(said.text, Verdict.UNSUPPORTED)
        cited = [number for number in said.markers if number in self._spans]
        own = self._best(said.text, cited, question)
        if own.verdict is Verdict.SUPPORTED:
            return own
        others = self._best(said.text, [number for number in self._spans if number not in cited], question)
        if others.verdict is Verdict.SUPPORTED and said.markers:
            return Checked(said.text, Verdict.WRONG_SOURCE, others.spans, others.confidence)
        return max(others, own, key=lambda checked: checked.confidence)

    def judged(self, text: str, question: str = "") -> list[Judged]:
        """Return the likeliest bases of a statement among all passages, judged, the surest first."""
        return self._judged(text, list(self._spans), question)

    def _best(self, text: str, numbers: Sequence[int], question: str) -> Checked:
        """The verdict by one basis, else by one for each clause."""
        whole = self._single(text, numbers, question)
        clauses = [clause for clause in CLAUSE.split(text) if len(facts(clause).content) >= FULL]
        if whole.verdict is Verdict.SUPPORTED or len(clauses) < 2 or len(clauses) < len(CLAUSE.split(text)):
            return whole
        parts: list[Checked] = []
        for clause in clauses:
            parts.append(self._single(clause, numbers, f"{question} {clauses[0]}" if parts else question))
            if parts[-1].verdict is not Verdict.SUPPORTED:
                return whole
        found = tuple(dict.fromkeys(span for part in parts for span in part.spans))
        return Checked(text, Verdict.SUPPORTED, found, min(part.confidence for part in parts))

    def _single(self, text: str, numbers: Sequence[int], question: str) -> Checked:
        judged = self._judged(text, numbers, question)
        for one in judged:
            if one.supports:
                return Checked(text, Verdict.SUPPORTED, one.basis.spans, one.confidence)
        return Checked(text, Verdict.UNSUPPORTED, (), judged[0].confidence if judged else 0.0)

    def _judged(self, text: str, numbers: Sequence[int], question: str) -> list[Judged]:
        stated = facts(AGREEING.sub("", text))
        likely = bases(stated, (span for number in numbers for span in self._spans[number]))
        chosen = _looked_at(stated, likely, question)
        judged = [Judged(basis, 1.0) for basis, lacks in chosen if not lacks and repeats(text, basis)]
        for some in (chosen[:FIRST], chosen[FIRST:]):
            if some and not any(one.supports and one.score >= SURE for one in judged):
                scores = self._reader.supports(asserted(text, question), [basis.evidence for basis, _ in some])
                judged += (Judged(basis, score, lacks) for (basis, lacks), score in zip(some, scores, strict=True))
        return sorted(judged, key=lambda one: -one.confidence)


def _looked_at(stated: Facts, likely: Sequence[Basis], question: str) -> list[tuple[Basis, tuple[Lack, ...]]]:
    """The bases that a reader is asked about, those first that lack fewest facts, with what they lack."""
    known = [(basis, tuple(lacking(stated, basis.ground(question)))) for basis in likely[:LOOKED]]
    return sorted(known, key=lambda pair: len(pair[1]))[:JUDGED]


def states(text: str) -> bool:
    """Whether a sentence states something: it has a word, and is no question."""
    return any(map(str.isalnum, text)) and not text.rstrip("\"'”’) ").endswith("?")


def repeats(text: str, basis: Basis) -> bool:
    """Whether a statement that stands by itself is what a basis says, word for word: a reader need not judge that."""
    return text.split() == basis.text.split() and not (AGREEING.match(text) or LEANING.match(text))


def asserted(text: str, question: str) -> str:
    """Return the statement as it stands by itself: behind the question where it leans on that."""
    leans = question and (AGREEING.match(text) or LEANING.match(text))
    return f"{question} {text}" if leans else text
