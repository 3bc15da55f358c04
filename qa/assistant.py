"""The one way to an answer: understand, search, answer with citations, or abstain."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.answer.answerer import Answerer, Brief, Outcome
from qa.answer.catalogue import listed, wanted
from qa.answer.extractive import Extractive
from qa.answer.features import Asked
from qa.answer.rewrite import Rewriter
from qa.answer.weights import CAUTION
from qa.notices import elsewhere, left_out, mistyped, outside, understood
from qa.retrieve.followup import Earlier
from qa.retrieve.search import EVIDENCE, Retriever
from qa.retrieve.spelling import corrected
from qa.retrieve.understand import Query, squashed, understand
from qa.types import NO_ANSWER, Answer, Answered, Event, Question, Retrieved, Turn, Usage, Verified
from vectorstore.articles import Hit
from vectorstore.embedding import Embedder
from vectorstore.errors import UsageError
from vectorstore.store import Store

MEMORY = 3  # turns before a question that it may refer to
LONGEST = 4000  # characters of a question


class Assistant:
    """Answers questions from one archive; the command line, batches and screens all ask here.

    Without an answerer it quotes: the extractive one needs no language model. Without a rewriter, follow-ups are
    understood by rule.
    """

    def __init__(
        self,
        store: Store,
        retriever: Retriever,
        embedder: Embedder,
        answerer: Answerer | None = None,
        caution: float = CAUTION,
        rewriter: Rewriter | None = None,
    ) -> None:
        self._store, self._retriever, self.embedder = store, retriever, embedder
        self._extractive = Extractive(store, embedder, caution)
        self.answerer = answerer or self._extractive
        self._rewriter = rewriter

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield Retrieved, the answer's drafts and verified sentences, and Answered.

        Raises UsageError for a question that cannot be asked, AppError where the answerer cannot answer.
        """
        began = time.perf_counter()
        checked(question.text)
        earlier = self._remembered(question)
        query = self._understood(question, earlier)
        listing = self._listed(query)
        hits = () if listing else self._found(query)
        yield Retrieved(hits, left_out(self._store, question.filter), () if listing else understood(query))
        if listing:
            yield from map(Verified, listing.sentences)
        outcome = listing or (yield from self.answerer.answer(Brief(question, query, hits, earlier)))
        nowhere = "" if hits else outside(self._store, question.filter)
        yield Answered(
            Answer(
                question.text,
                bool(outcome.text),
                outcome.text or NO_ANSWER,
                outcome.answerer,
                outcome.citations,
                hits,
                outcome.confidence,
                round(time.perf_counter() - began, 4),
                outcome.sentences,
                outcome.unanswered,
                query.rewritten if query.rewritten != squashed(question.text) else None,
                total([*(turn.usage for turn in earlier), query.usage, outcome.usage]),
                " ".join(filter(None, (mistyped(query), nowhere, elsewhere(query, outcome.citations), outcome.notice))),
            )
        )

    def answer(self, question: Question) -> Answer:
        """Return the finished answer."""
        *_, last = self.ask(question)
        assert isinstance(last, Answered)
        return last.answer

    def evidence(self, question: Question) -> tuple[Asked, tuple[Hit, ...]]:
        """Return the question taken apart, standing by itself, and the ranked evidence for it."""
        query = self._understood(question, self._remembered(question))
        return self._extractive.asked(query.text, query), self._found(query)

    def _understood(self, question: Question, earlier: Sequence[Earlier]) -> Query:
        """The question and the turns before without slips of the hand, and what it then means."""
        ledger, usage = self._store.ledger, None
        (asked, slips), *before = (
            corrected(squashed(text), ledger, self.embedder.count_tokens)
            for text in (question.text, *(turn.question for turn in earlier))
        )
        turns = [replace(turn, question=text) for turn, (text, _) in zip(earlier, before, strict=True)]
        if self._rewriter and turns:
            said = self._rewriter.rewritten(asked, turns)
            asked, usage = said.text, said.usage
        query = understand(replace(question, text=asked), turns, ledger.publishers())
        return replace(query, usage=usage, corrected=slips)

    def _listed(self, query: Query) -> Outcome | None:
        """The archive's own count or list, where that is what a question asks for."""
        ledger = self._store.ledger
        asked = wanted(query.rewritten, ledger.publishers(), query.asked)
        return listed(asked, ledger, query.filter) if asked else None

    def _found(self, query: Query) -> tuple[Hit, ...]:
        return tuple(self._retriever.search(query, EVIDENCE))

    def _remembered(self, question: Question) -> tuple[Earlier, ...]:
        """The turns before, with what was cited for them; those that do not tell it are asked now, silently."""
        earlier: list[Earlier] = []
        for turn in question.history[-MEMORY:]:
            earlier.append(
                Earlier(squashed(turn.question), turn.quotes)
                if turn.quotes is not None
                else self._silently(turn, question, earlier)
            )
        return tuple(earlier)

    def _silently(self, turn: Turn, question: Question, earlier: Sequence[Earlier]) -> Earlier:
        """Ask a turn of the history, for its quotes; what went before it is not asked again."""
        checked(turn.question)
        query = self._understood(Question(turn.question, (), question.asked, question.filter), earlier)
        quotes = tuple(citation.quote for citation in self._extractive.citations(query, self._found(query)))
        return Earlier(squashed(turn.question), quotes, query.usage)


def total(usages: Iterable[Usage | None]) -> Usage | None:
    """Return the sum of what models took; None where none was asked."""
    used = [usage for usage in usages if usage is not None]
    return sum(used, Usage()) if used else None


def checked(text: str) -> None:
    """Raise UsageError for a question without a word, or one longer than LONGEST characters."""
    if not any(character.isalnum() for character in text):
        raise UsageError("The question is empty.", "Ask in words: qa ask “Who said what?”")
    if len(text) > LONGEST:
        raise UsageError(
            f"The question has {len(text):,} characters; at most {LONGEST:,} are taken.", "Ask it in fewer words."
        )
