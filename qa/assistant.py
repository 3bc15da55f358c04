"""The one way to an answer: understand, search, extract, cite, or abstain."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

from qa.answer.abstain import answering
from qa.answer.cite import cite
from qa.answer.compose import pieces
from qa.answer.extract import Spot, choose, rank
from qa.answer.features import Asked
from qa.retrieve.search import EVIDENCE, Retriever
from qa.retrieve.understand import Earlier, Query, parts, squashed, understand
from qa.types import NO_ANSWER, Answer, Answered, Citation, Event, Question, Retrieved, Token, Turn
from qa.words import content, ways
from vectorstore.articles import Filter, Hit
from vectorstore.embedding import Embedder
from vectorstore.errors import UsageError
from vectorstore.store import Store

ANSWERER = "extractive"
MEMORY = 3  # turns before a question that it may refer to
LONGEST = 4000  # characters of a question


class Assistant:
    """Answers questions from one archive; the command line, batches and screens all ask here."""

    def __init__(self, store: Store, retriever: Retriever, embedder: Embedder) -> None:
        self._store, self._retriever, self.embedder = store, retriever, embedder

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield Retrieved, a Token a sentence, and Answered; raises UsageError for a question that cannot be asked."""
        began = time.perf_counter()
        checked(question.text)
        query = self._understood(question)
        hits = tuple(self._retriever.search(query, EVIDENCE))
        yield Retrieved(hits, left_out(self._store, question.filter))
        citations = self._citations(query, hits)
        said = []
        for piece in pieces(citations):
            said.append(piece)
            yield Token(piece if len(said) == 1 else " " + piece)
        text = " ".join(said) or NO_ANSWER
        seconds = round(time.perf_counter() - began, 4)
        yield Answered(Answer(question.text, bool(citations), text, ANSWERER, citations, hits, seconds))

    def answer(self, question: Question) -> Answer:
        """Return the finished answer."""
        *_, last = self.ask(question)
        assert isinstance(last, Answered)
        return last.answer

    def evidence(self, question: Question) -> tuple[Asked, tuple[Hit, ...]]:
        """Return the question taken apart, standing by itself, and the ranked evidence for it."""
        query = self._understood(question)
        hits = tuple(self._retriever.search(query, EVIDENCE))
        return Asked(query.text, self._rarity(query.text)), hits

    def _understood(self, question: Question) -> Query:
        return self._read(question, self._remembered(question))

    def _read(self, question: Question, earlier: Sequence[Earlier]) -> Query:
        return understand(question, earlier, self._store.ledger.publishers())

    def _citations(self, query: Query, hits: Sequence[Hit]) -> tuple[Citation, ...]:
        chosen = self._chosen(query, hits)
        return cite(chosen, lambda article: self._store.ledger.article(article).text)

    def _chosen(self, query: Query, hits: Sequence[Hit]) -> list[Spot]:
        """The sentences to quote; a question that asks two things takes those of each."""
        chosen: dict[tuple[str, int], Spot] = {}
        for part in parts(query.text):
            asked = Asked(part, self._rarity(part))
            for spot in choose(asked, answering(asked, rank(asked, hits, self.embedder))):
                chosen.setdefault((spot.hit.article.id, spot.sentence.start), spot)
        return list(chosen.values())

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

    def _remembered(self, question: Question) -> tuple[Earlier, ...]:
        """The turns before, with what was cited for them; those without an answer are asked now, silently."""
        earlier: list[Earlier] = []
        for turn in question.history[-MEMORY:]:
            quotes = (turn.answer,) if turn.answer is not None else self._silently(turn, question, earlier)
            earlier.append(Earlier(squashed(turn.question), quotes))
        return tuple(earlier)

    def _silently(self, turn: Turn, question: Question, earlier: Sequence[Earlier]) -> tuple[str, ...]:
        """Ask a turn of the history and return the quotes; what went before it is not asked again."""
        checked(turn.question)
        query = self._read(Question(turn.question, (), question.asked, question.filter), earlier)
        hits = tuple(self._retriever.search(query, EVIDENCE))
        return tuple(citation.quote for citation in self._citations(query, hits))


def left_out(store: Store, chosen: Filter) -> str:
    """Say how many articles a date filter left out because they have no date; nothing where it left out none."""
    count = store.ledger.undated(chosen)
    return f"{count} undated articles were left out by the date filter." if count else ""


def checked(text: str) -> None:
    """Raise UsageError for a question without a word, or one longer than LONGEST characters."""
    if not any(character.isalnum() for character in text):
        raise UsageError("The question is empty.", "Ask in words: qa ask “Who said what?”")
    if len(text) > LONGEST:
        raise UsageError(
            f"The question has {len(text):,} characters; at most {LONGEST:,} are taken.", "Ask it in fewer words."
        )
