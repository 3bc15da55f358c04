"""The answerer without a language model: it picks sentences and quotes them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.answer.abstain import answering
from qa.answer.answerer import Answering, Brief, Outcome
from qa.answer.cite import cite
from qa.answer.compose import pieces
from qa.answer.extract import Spot, choose, rank
from qa.answer.features import Asked
from qa.retrieve.understand import Query, parts
from qa.types import Citation, Statement, Verdict, Verified
from qa.words import content, ways
from vectorstore.articles import Hit
from vectorstore.embedding import Embedder
from vectorstore.store import Store


class Extractive:
    """Answers with sentences of the archive, word for word; the default, and what other answerers fall back on."""

    name = "extractive"

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store, self._embedder = store, embedder

    def answer(self, brief: Brief) -> Answering:
        """Yield each quoted sentence and return the outcome."""
        ranked = {part: self._ranked(part, brief.hits) for part in parts(brief.query.text)}
        chosen = {part: self._best(part, spots) for part, spots in ranked.items()}
        citations = self._cited([spot for spots in chosen.values() for spot in spots])
        said = [
            Statement(piece, Verdict.SUPPORTED, (citation.number,))
            for piece, citation in zip(pieces(citations), citations, strict=True)
        ]
        yield from map(Verified, said)
        missed = tuple(part for part, spots in chosen.items() if not spots) if citations else ()
        return Outcome(self.name, tuple(said), citations, missed, confidence=max(map(_sure, ranked.values())))

    def finds(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether the evidence is taken to answer a question at all."""
        return bool(self._chosen(text, hits))

    def citations(self, query: Query, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        """Return what would be quoted for a question."""
        return self._cited([spot for part in parts(query.text) for spot in self._chosen(part, hits)])

    def asked(self, text: str) -> Asked:
        """Return a question taken apart, its words weighed by their rarity in the archive."""
        return Asked(text, self._rarity(text))

    def _chosen(self, part: str, hits: Sequence[Hit]) -> list[Spot]:
        return self._best(part, self._ranked(part, hits))

    def _ranked(self, part: str, hits: Sequence[Hit]) -> list[Spot]:
        return rank(self.asked(part), hits, self._embedder)

    def _best(self, part: str, ranked: Sequence[Spot]) -> list[Spot]:
        asked = self.asked(part)
        return choose(asked, answering(asked, ranked))

    def _cited(self, chosen: Sequence[Spot]) -> tuple[Citation, ...]:
        once = {(spot.hit.article.id, spot.sentence.start): spot for spot in reversed(chosen)}
        return cite(list(reversed(once.values())), lambda article: self._store.ledger.article(article).text)

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


def _sure(ranked: Sequence[Spot]) -> float:
    """The probability that the likeliest sentence answers, by its log-odds; 0 without one."""
    return 1 / (1 + math.exp(-ranked[0].score)) if ranked else 0.0
