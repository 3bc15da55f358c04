"""Does a passage say what a sentence says? Each sentence of a model's answer is compared before it is shown. Pure.

A sentence is supported by the shortest run of a passage's sentences that has its numbers with their units, its dates,
names and quotations, denies what it denies, and agrees with it in words or in meaning. The only link that it may hold
is its source's. Facts are compared exactly; agreement has thresholds, measured by benchmarks/checker.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from qa.answer.facts import Facts, facts, level, opposites
from qa.dates import spelled
from qa.types import Verdict
from qa.words import stem
from vectorstore.articles import Hit, Reference
from vectorstore.embedding import Embedder

MARKER = re.compile(r"\[\^?\s*(-?\d+(?:\s*[,;]\s*-?\d+)*)\s*\]|【(-?\d+)[^】]{0,20}】")
ORDER = re.compile(
    r"\W*(?:(?:system|assistant|user|instructions?)\s*:|(?:please\s+|now\s+|you must\s+)?(?:ignore|disregard|forget|say"
    r"|write|reply|respond|answer|print|repeat|output|reveal|pretend|act as|tell the (?:user|reader))\b)",
    re.IGNORECASE,
)
CLAUSE = re.compile(r";\s+|,?\s+(?:and|but|while|whereas)\s+", re.IGNORECASE)
LONGEST = 3  # sentences of a span
CLOSER = 4  # spans that are looked at by meaning
WORDS, MISSING, MEANING = 0.75, 1, 0.6  # share of its words, how many may lack, and cosine of a supported sentence
WEAK_WORDS, WEAK_MEANING = 0.5, 0.55  # … and of a weakly supported one
SAME = 0.6  # share of plain words from which two sentences are taken to say the same of whom they name
SHORTER = 0.04  # agreement that a further sentence of a span must bring


@dataclass(frozen=True, slots=True)
class Span:
    """A run of a hit's sentences, `start` … `end` in its article; `number` is the passage's in the prompt, from 1."""

    number: int
    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.text[self.start - self.hit.start : self.end - self.hit.start]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The words of each sentence."""
        inside = (s for s in self.hit.sentences if self.start <= s.start and s.end <= self.end)
        return tuple(self.hit.text[s.start - self.hit.start : s.end - self.hit.start] for s in inside)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a sentence: its words without markers, the verdict, and the spans that support it."""

    text: str
    verdict: Verdict
    spans: tuple[Span, ...] = ()


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


class Checker:
    """Compares sentences with the numbered passages that the model was given, `hits` in the order of their numbers."""

    def __init__(self, hits: Sequence[Hit], embedder: Embedder) -> None:
        self._embedder = embedder
        self._spans: Mapping[int, tuple[Span, ...]] = {n: tuple(spans(n, hit)) for n, hit in enumerate(hits, 1)}
        self._stated: dict[Span, Facts] = {}

    def check(self, sentence: str) -> Checked:
        """Return the verdict on a sentence with its markers, and the spans that support it, at most one a clause."""
        said = claim(sentence)
        if not any(map(str.isalnum, said.text)) or said.text.endswith("?"):
            return Checked(said.text, Verdict.UNSUPPORTED)
        cited = [number for number in said.markers if number in self._spans]
        own = self._best(said.text, cited)
        if own is not None and own.verdict is Verdict.SUPPORTED:
            return own
        others = self._best(said.text, [number for number in self._spans if number not in cited])
        if others is not None and (own is None or others.verdict is Verdict.SUPPORTED):
            recited = others.verdict is Verdict.SUPPORTED and bool(said.markers)
            return Checked(said.text, Verdict.WRONG_SOURCE, others.spans) if recited else others
        return own or Checked(said.text, Verdict.UNSUPPORTED)

    def _best(self, text: str, numbers: Sequence[int]) -> Checked | None:
        """The verdict by one run of a passage's sentences, else on each clause by one of its own."""
        whole = self._single(text, numbers)
        clauses = [clause for clause in CLAUSE.split(text) if facts(clause).content]
        supported = whole is not None and whole.verdict is Verdict.SUPPORTED
        if supported or len(clauses) < 2 or self._told_of_another(text, numbers):
            return whole
        parts = [part for part in (self._single(clause, numbers) for clause in clauses) if part is not None]
        if len(parts) < len(clauses):
            return whole
        verdict = Verdict.WEAK if any(part.verdict is Verdict.WEAK for part in parts) else Verdict.SUPPORTED
        return Checked(text, verdict, tuple(dict.fromkeys(span for part in parts for span in part.spans)))

    def _told_of_another(self, text: str, numbers: Sequence[int]) -> bool:
        """Whether a passage says the same of somebody or something else."""
        stated, spans = facts(text), (span for number in numbers for span in self._spans[number])
        return any(_exchanged(stated, self._of(span), facts(named(span.hit.article))) for span in spans)

    def _single(self, text: str, numbers: Sequence[int]) -> Checked | None:
        stated = facts(text)
        able = [span for number in numbers for span in self._spans[number] if self._agree_in_facts(stated, span)]
        return self._agreement(text, stated, able)

    def _agreement(self, text: str, stated: Facts, candidates: Sequence[Span]) -> Checked | None:
        """The verdict by the span that agrees most in words and meaning; None where none agrees enough."""
        ranked = sorted(candidates, key=lambda span: -self._worth(stated, span))[:CLOSER]
        if not ranked:
            return None
        found = [self._found(stated, span) for span in ranked]
        if found[0] == (1.0, 0):
            return Checked(text, Verdict.SUPPORTED, (ranked[0],))
        if max(found)[0] < WEAK_WORDS:
            return None
        cosines = self._cosines(text, ranked)
        verdicts = [_verdict(*words, cosine) for words, cosine in zip(found, cosines, strict=True)]
        for wanted in (Verdict.SUPPORTED, Verdict.WEAK):
            if wanted in verdicts:
                return Checked(text, wanted, (ranked[verdicts.index(wanted)],))
        return None

    def _cosines(self, text: str, candidates: Sequence[Span]) -> list[float]:
        vectors = self._embedder.embed_passages([text, *(span.text for span in candidates)])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    def _worth(self, stated: Facts, span: Span) -> float:
        return self._found(stated, span)[0] - SHORTER * len(span.text) / 200

    def _found(self, stated: Facts, span: Span) -> tuple[float, int]:
        """The part of the sentence's content that the span has, and how many words lack; an article's name aside."""
        there = self._of(span).keys
        wanted = stated.content - (facts(named(span.hit.article)).keys - there)
        return (len(wanted & there) / len(wanted) if wanted else 0.0), len(wanted - there)

    def _agree_in_facts(self, stated: Facts, span: Span) -> bool:
        """Whether all that can be compared exactly stands in the span, or in what is shown of its article."""
        there, about = self._of(span), facts(named(span.hit.article))
        if stated.units & about.units:  # the day of the article, which is shown beside the quote
            there = replace(there, numbers=there.numbers | about.numbers, dates=there.dates | about.dates)
        if not stated.numbers <= there.numbers:
            return False
        words = level(span.text)
        return (
            _pairs_agree(stated.units, there.units)
            and _pairs_agree(stated.belongings, there.belongings)
            and stated.dates <= there.dates
            and all(_named(name, there, about, words) for name in stated.names)
            and all(quote in words for quote in stated.quotations)
            and stated.links <= {span.hit.article.url}
            and _denials_agree(stated, there)
            and not any(opposites().get(key, frozenset()) & there.keys for key in stated.content - there.keys)
            and not any(_exchanged(stated, facts(one), about) for one in span.sentences)
        )

    def _of(self, span: Span) -> Facts:
        if span not in self._stated:
            self._stated[span] = reduce(or_, map(facts, span.sentences))
        return self._stated[span]


def spans(number: int, hit: Hit) -> Iterator[Span]:
    """Yield every run of up to LONGEST neighbouring sentences of a hit, short ones first.

    A sentence that orders a model about says nothing of the world: it supports nothing.
    """
    for length in range(1, LONGEST + 1):
        for at in range(len(hit.sentences) - length + 1):
            span = Span(number, hit, hit.sentences[at].start, hit.sentences[at + length - 1].end)
            if not any(map(ORDER.match, span.sentences)):
                yield span


def named(article: Reference) -> str:
    """Return what is shown of an article beside a quote: title, publisher, day."""
    return "\n".join([article.title, article.publisher or "", spelled(article.published) if article.published else ""])


def _pairs_agree(stated: Iterable[tuple[str, str]], there: Iterable[tuple[str, str]]) -> bool:
    """Whether each thing has there what it has in the sentence, a unit its number, if the same thing is there."""
    known: dict[str, set[str]] = {}
    for thing, value in there:
        known.setdefault(thing, set()).add(value)
    return all(value in known.get(thing, {value}) for thing, value in stated)


def _named(name: str, there: Facts, about: Facts, words: str) -> bool:
    """Whether a name's word stands there or in what names the article; an acronym also as the initials of words."""
    key = stem(name.lower()) if name.isupper() else name
    if key in there.keys or key in about.keys or f" {name.lower()} " in f" {words} ":
        return True
    return name.isupper() and len(name) > 1 and name.lower() in "".join(word[0] for word in words.split())


def _exchanged(stated: Facts, sentence: Facts, about: Facts) -> bool:
    """Whether a sentence says the same of another, or of another time: nearly the same words, but its own for ours."""
    ours = stated.particular - sentence.particular - sentence.keys - about.particular - about.keys
    theirs = sentence.particular - stated.particular - stated.keys
    if not ours or not theirs:
        return False
    one, other = stated.content - stated.particular, sentence.content - sentence.particular
    return len(one & other) >= SAME * max(len(one), len(other), 1)


def _denials_agree(stated: Facts, there: Facts) -> bool:
    """Whether both deny the same: no word is denied on one side only, and no negation stands in for none."""
    lost = stated.keys & there.denied - stated.denied
    made_up = any(key in there.keys - there.denied or not there.negative for key in stated.denied)
    return not (lost and not stated.negative) and not made_up


def _verdict(share: float, missing: int, cosine: float) -> Verdict:
    if share >= WORDS and missing <= MISSING and cosine >= MEANING:
        return Verdict.SUPPORTED
    return Verdict.WEAK if share >= WEAK_WORDS and cosine >= WEAK_MEANING else Verdict.UNSUPPORTED
