"""The answerer without a language model: it quotes the likeliest readings, and others that say something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.answer.answerer import Answering, Brief, Outcome
from qa.answer.cite import cite
from qa.answer.compose import pieces
from qa.answer.examine import Examined
from qa.answer.weights import MIN_CONFIDENCE
from qa.reader.reading import Reading
from qa.types import Citation, Statement, Verdict, Verified
from qa.verify.facts import facts
from qa.words import keys
from vectorstore.store import Store

MOST = 6  # sentences of an answer
SECOND, FURTHER = 2.0, 0.8  # by how much less than the likeliest the second sentence may score, and any after it
ALIKE = 0.7  # of the shorter sentence's words: two sentences that share so many say the same
ASKING = re.compile(r"[?？]\W*$")
LEAST = 12  # characters of what says something


def choose(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings to quote, likeliest first: never a question, nor what another one says already."""
    taken: list[Reading] = []
    for reading in filter(says_something, readings):
        if len(taken) == MOST or (taken and not _nearly(reading, taken)):
            break
        if not any(alike(reading, other) for other in taken):
            taken.append(reading)
    return taken


def says_something(reading: Reading) -> bool:
    """Tell whether a sentence can answer: it asks nothing, and is no scrap."""
    return len(reading.text) >= LEAST and not ASKING.search(reading.text)


def alike(one: Reading, other: Reading) -> bool:
    """Whether two sentences say the same, by their words; what they contradict each other in is not the same."""
    first, second = keys(one.text), keys(other.text)
    return len(first & second) >= ALIKE * min(len(first), len(second)) and not _differ(one.text, other.text)


def _differ(one: str, other: str) -> bool:
    """Whether each states a name, a number or a day that the other does not, or one of them denies."""
    first, second = facts(one), facts(other)
    each = first.particular - second.particular and second.particular - first.particular
    return bool(each) or bool(first.negative) != bool(second.negative)


def _nearly(reading: Reading, taken: list[Reading]) -> bool:
    return reading.score >= taken[0].score - (SECOND if len(taken) == 1 else FURTHER)


class Extractive:
    """Answers with sentences of the archive, word for word; the default, and what other answerers fall back on."""

    name = "extractive"

    def __init__(self, store: Store, min_confidence: float = MIN_CONFIDENCE) -> None:
        self._store, self._least = store, min_confidence

    def answer(self, brief: Brief) -> Answering:
        """Yield each quoted sentence and return the outcome."""
        citations = self.citations(brief.parts)
        said = [
            Statement(piece, Verdict.SUPPORTED, (citation.number,))
            for piece, citation in zip(pieces(citations), citations, strict=True)
        ]
        yield from map(Verified, said)
        missed = tuple(part.question for part in brief.parts if not self._quoted(part)) if citations else ()
        return Outcome(self.name, tuple(said), citations, missed, max(part.confidence for part in brief.parts))

    def citations(self, parts: Sequence[Examined]) -> tuple[Citation, ...]:
        """Return what is quoted for the parts of a question."""
        chosen = [reading for part in parts for reading in self._quoted(part)]
        once = {(reading.hit.article.id, reading.sentence.start): reading for reading in reversed(chosen)}
        kept = [reading for reading in chosen if once[reading.hit.article.id, reading.sentence.start] is reading]
        articles = list(dict.fromkeys(reading.hit.article.id for reading in kept))
        kept.sort(key=lambda reading: articles.index(reading.hit.article.id))  # quotes of one article stand together
        return cite(kept, lambda article: self._store.ledger.article(article).text)

    def _quoted(self, part: Examined) -> list[Reading]:
        return choose(part.readings) if part.confidence >= self._least else []
