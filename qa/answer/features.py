"""What speaks for a sentence as the answer to a question, as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from qa.kinds import QUANTITY, Want, offers, shaped, wants
from qa.words import Token, content, names, tokens

NAMES = (
    "similarity",
    "passage_rank",
    "coverage",
    "coverage_around",
    "name_coverage",
    "name_around",
    "name_missing",
    "word_coverage",
    "worst_missing",
    "offers",
    "lacks",
    "near",
    "pairs",
    "length",
    "question_mark",
)


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
    """A question taken apart; `rarity` tells how rare each word is in the archive: 1 for a word in no passage."""

    text: str
    rarity: Mapping[str, float]

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

    def _weight(self, group: Iterable[str]) -> float:
        return min(self.rarity.get(key, 1.0) for key in group)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with its keys, and those of what leads up to it: the title and the passage before.

    `rank` is the place of its passage among the evidence, from 0; `similarity` the cosine of sentence and question.
    """

    text: str
    here: frozenset[str]
    before: frozenset[str]
    similarity: float
    rank: int


def features(asked: Asked, candidate: Candidate) -> list[float]:
    """Return the numbers for one candidate, in the order of NAMES; each about 0 … 1."""
    here = candidate.here
    around = here | candidate.before
    named = [term for term in asked.terms if term.name]
    words = [term for term in asked.terms if not term.name]
    offered = offers(asked.want, candidate.text, asked.keys)
    return [
        candidate.similarity,
        1 / (1 + candidate.rank),
        share(asked.terms, here),
        share(asked.terms, around),
        share(named, here),
        share(named, around),
        float(any(not term.within(around) for term in named)),
        share(words, here),
        max((term.weight for term in asked.terms if not term.within(around)), default=0.0),
        float(shaped(asked.want) and offered),
        float(shaped(asked.want) and not offered),
        near(asked, candidate.text),
        _pairs(asked, candidate.text),
        min(len(candidate.text) / 300, 2.0),
        float(candidate.text.rstrip("\"”’'").endswith("?")),
    ]


def share(terms: Iterable[Term], there: frozenset[str]) -> float:
    """Return the part of the terms, by weight, that a text with these keys speaks of; 1 where there is no term."""
    terms = tuple(terms)
    total = sum(term.weight for term in terms)
    return sum(term.weight for term in terms if term.within(there)) / total if total else 1.0


def near(asked: Asked, text: str) -> float:
    """For amounts, counts and measures: 1 where a new number is within four words of a plain word of the question."""
    if asked.want not in (Want.COUNT, Want.MEASURE, Want.AMOUNT):
        return 0.0
    plain = frozenset().union(*(term.keys for term in asked.terms if not term.name))
    words = tokens(text)
    at = [i for i, t in enumerate(words) if t.key in plain]
    numbers = [i for i, t in enumerate(words) if t.key not in asked.keys and QUANTITY.fullmatch(t.text.lower())]
    return float(any(abs(i - j) <= 4 for i in at for j in numbers))


def _pairs(asked: Asked, text: str) -> float:
    """The share of neighbouring pairs of the question's words that stand close together in the text."""
    wanted = list(pairwise(word.key for word in asked.words))
    if not wanted:
        return 0.0
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens(text)):
        places.setdefault(token.key, []).append(at)
    close = [any(abs(i - j) <= 3 for i in places.get(a, ()) for j in places.get(b, ())) for a, b in wanted]
    return sum(close) / len(wanted)
