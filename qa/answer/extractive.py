"""The answerer without a language model: it picks sentences and quotes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answer.abstain import answering, confidence
from qa.answer.answerer import Answering, Brief, Outcome
from qa.answer.cite import cite
from qa.answer.compose import pieces
from qa.answer.extract import choose, rank
from qa.answer.features import Asked
from qa.answer.spots import Spot
from qa.answer.weights import CAUTION
from qa.retrieve.recent import dated, telling
from qa.retrieve.understand import Query, parts
from qa.types import Citation, Statement, Verdict, Verified
from qa.words import content, ways
from vectorstore.articles import Hit
from vectorstore.embedding import Embedder
from vectorstore.store import Store


@dataclass(frozen=True, slots=True)
class Judged:
    """What evidence has for a question: the sentences to quote, none where it does not answer, and the confidence."""

    spots: tuple[Spot, ...]
    confidence: float


class Extractive:
    """Answers with sentences of the archive, word for word; the default, and what other answerers fall back on."""

    name = "extractive"

    def __init__(self, store: Store, embedder: Embedder, caution: float = CAUTION) -> None:
        self._store, self._embedder, self._caution = store, embedder, caution

    def answer(self, brief: Brief) -> Answering:
        """Yield each quoted sentence and return the outcome."""
        judged = {part: self.judged(part, brief.query, brief.hits) for part in parts(brief.query.text)}
        citations = self._cited([spot for found in judged.values() for spot in found.spots])
        said = [
            Statement(piece, Verdict.SUPPORTED, (citation.number,))
            for piece, citation in zip(pieces(citations), citations, strict=True)
        ]
        yield from map(Verified, said)
        missed = tuple(part for part, found in judged.items() if not found.spots) if citations else ()
        sure = max(found.confidence for found in judged.values())
        return Outcome(self.name, tuple(said), citations, missed, sure)

    def citations(self, query: Query, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """Return what would be quoted for a question."""
        return self._cited([spot for part in parts(query.text) for spot in self.judged(part, query, hits).spots])

    def asked(self, text: str, query: Query) -> Asked:
        """Return a question, or a part of one, taken apart: its own times, and its words weighed by their rarity."""
        own = replace(query, hints=tuple(hint for hint in query.hints if hint.words in text))
        return Asked(text, self._rarity(text), telling(own), dated(own))

    def judged(self, text: str, query: Query, hits: Sequence[Hit]) -> Judged:
        """Return the sentences to quote for the part of a query that asks one thing, and how surely they answer it."""
        asked = self.asked(text, query)
        ranked = rank(asked, hits, self._embedder)
        chosen = choose(asked, answering(asked, ranked, self._caution))
        return Judged(tuple(chosen), round(confidence(asked, ranked), 4))

    def _cited(self, chosen: Sequence[Spot]) -> tuple[Citation, ...]:
        once: dict[tuple[str, int], Spot] = {}
        for spot in chosen:
            once.setdefault((spot.hit.article.id, spot.sentence.start), spot)
        return cite(list(once.values()), lambda article: self._store.ledger.article(article).text)

    def _rarity(self, text: str) -> dict[str, float]:
        """How rare each word of a question is among the passages: 1 for a word in none, towards 0 for one in all."""
        words = content(text)
        _, total = self._store.ledger.count()
        frequency = self._store.ledger.document_frequency
        found = frequency(word.text for word in words)
        # a country may stand there under another of its names only: Turkey for Ankara
        counts = {w.key: found[w.text] or max(frequency(ways(w)).values()) for w in words}
        ceiling = math.log((total + 1) / 0.5)
        return {key: min(1.0, math.log((total + 1) / (count + 0.5)) / ceiling) for key, count in counts.items()}
