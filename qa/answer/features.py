"""What speaks for a sentence as the answer to a question, as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from qa.kinds import QUANTITY, SAYING, TOLD, Want, offers, shaped, wants
from qa.words import Token, content, names, tokens
from vectorstore.articles import Filter, Kind

NAMES = (
    "similarity",
    "similarity_led",
    "similarity_passage",
    "passage_rank",
    "coverage",
    "coverage_around",
    "offers",
    "lacks",
    "lacks_figure",
    "heading",
    "caption",
)
TAKEN = re.compile(r"\bwhy\b[^?]*?\b(?:did|do|does|has|have|had|is|are|was|were)\b", re.IGNORECASE)
FIGURES = frozenset({Want.DATE, Want.YEAR, Want.AMOUNT, Want.COUNT, Want.MEASURE})  # told by shape beyond doubt


@dataclass(frozen=True, slots=True)
class Term:
    """What a question speaks of: a word, or a name, which any of its parts stands for (Li for Li Shangfu)."""

    keys: frozenset[str]
    weight: float
    name: bool

    def within(self, there: frozenset[str]) -> bool:
        """Whether a text with these keys speaks of it."""
        return not self.keys.isdisjoint(there)


@dataclass(frozen=True)
class Asked:
    """A question taken apart; `rarity` tells how rare each word is in the archive: 1 for a word in no passage.

    `telling` lets through the articles that are of a time to answer it, `dated` those of the time that it names.
    """

    text: str
    rarity: Mapping[str, float]
    telling: Filter = Filter()
    dated: Filter = Filter()

    @cached_property
    def want(self) -> Want:
        """The kind of thing that is asked for."""
        return wants(self.text)

    @cached_property
    def words(self) -> tuple[Token, ...]:
        """The words that carry the question."""
        return tuple(content(self.text))

    @cached_property
    def keys(self) -> frozenset[str]:
        """Their keys."""
        return frozenset(word.key for word in self.words)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """What the question speaks of, names first."""
        groups = [frozenset(t.key for t in tokens(name) if t.key in self.keys) for name in names(self.text)]
        named = [Term(group, self._weight(group), True) for group in dict.fromkeys(groups) if group]
        inside = frozenset().union(*groups)
        single = [(frozenset({w.key}), w.numeric or w.key.startswith("@")) for w in self.words if w.key not in inside]
        return (*named, *(Term(group, self._weight(group), name) for group, name in single))

    @cached_property
    def deed(self) -> str | None:
        """The key of what the question takes to have happened: refuse in “Why did she refuse to go?”; None for none."""
        found = TAKEN.search(self.text)
        if found is None:
            return None
        named = frozenset().union(*(term.keys for term in self.terms if term.name))
        after = (word for word in self.words if word.start >= found.end() and not word.capital)
        return next((word.key for word in after if word.key not in named), None)

    def _weight(self, group: Iterable[str]) -> float:
        return min(self.rarity.get(key, 1.0) for key in group)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with its keys, and those of what leads up to it: the title and the passage before.

    `rank` is the place of its passage among the evidence, from 0. The similarities are cosines with the question: of
    the sentence, of it and the sentence that it follows, and of the nearest sentence of its passage.
    """

    text: str
    here: frozenset[str]
    before: frozenset[str]
    rank: int
    kind: Kind
    similarity: float
    led: float
    nearest: float


def features(asked: Asked, candidate: Candidate) -> list[float]:
    """Return the candidate's features in the order of NAMES, each about 0 to 1."""
    offered = offered_by(asked, candidate.text)
    return [
        candidate.similarity,
        candidate.led,
        candidate.nearest,
        1 / (1 + candidate.rank),
        share(asked.terms, candidate.here),
        share(asked.terms, candidate.here | candidate.before),
        float(shaped(asked.want) and offered),
        float(shaped(asked.want) and not offered),
        float(asked.want in FIGURES and not offered),
        float(candidate.kind is Kind.HEADING),
        float(candidate.kind is Kind.CAPTION),
    ]


def offered_by(asked: Asked, text: str) -> bool:
    """Return whether a text has a thing of the kind that is asked for; who said something must be said to say it."""
    told = asked.want is not Want.PERSON or not TOLD.search(asked.text) or bool(SAYING.search(text))
    return told and offers(asked.want, text, asked.keys)


def share(terms: Iterable[Term], there: frozenset[str]) -> float:
    """Return the part of the terms, by weight, that a text with these keys speaks of; 1 where there is no term."""
    terms = tuple(terms)
    total = sum(term.weight for term in terms)
    return sum(term.weight for term in terms if term.within(there)) / total if total else 1.0


def counts(asked: Asked, text: str) -> bool:
    """Return whether a new number is within four words of a plain word of the question."""
    plain = frozenset().union(*(term.keys for term in asked.terms if not term.name))
    words = tokens(text)
    at = [i for i, t in enumerate(words) if t.key in plain]
    numbers = [i for i, t in enumerate(words) if t.key not in asked.keys and QUANTITY.fullmatch(t.text.lower())]
    return any(abs(i - j) <= 4 for i in at for j in numbers)
