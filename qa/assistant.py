"""The one way to an answer: understand, search, answer with citations, or abstain."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace

from qa.answer.answerer import Answerer, Brief, Outcome
from qa.answer.catalogue import listed, wanted
from qa.answer.examine import Examined, Examiner, shares
from qa.answer.extractive import Extractive
from qa.answer.weights import PLACED
from qa.language.detect import CEILING
from qa.llm.rewrite import Rewriter
from qa.query_notes import elsewhere, left_out, less_sure, mistyped, outside, understood, unnamed
from qa.reader.reading import Reader
from qa.retrieve.followup import Earlier
from qa.retrieve.search import DIGITS, EVIDENCE, Retriever
from qa.retrieve.understand import Pieces, Query, corrected, parts, squashed, understand
from qa.types import NO_ANSWER, Answer, Answered, Event, Question, Retrieved, Turn, Usage, Verified
from vectorstore.articles import Hit
from vectorstore.errors import UsageError
from vectorstore.store import Store

MEMORY = 3  # turns before a question that it may refer to
LONGEST = 4000  # characters of a question
READ = 10  # passages that are read, the best found: sixteen take half as long again, and answer no more questions


class Assistant:
    """Answers questions from one archive; the command line, batches and screens all ask here.

    `extractive` quotes, without a language model: it answers where there is no other answerer, and the turns of a
    history that come without quotes. Without a rewriter, follow-ups are understood by rule; without `pieces` no slip of
    the hand is mended.
    """

    def __init__(
        self,
        store: Store,
        retriever: Retriever,
        reader: Reader,
        extractive: Extractive,
        answerer: Answerer | None = None,
        rewriter: Rewriter | None = None,
        pieces: Pieces | None = None,
    ) -> None:
        self._store, self._retriever = store, retriever
        self._examiner = Examiner(reader, store.ledger.texts)
        self._extractive, self.answerer = extractive, answerer or extractive
        self._rewriter, self._pieces = rewriter, pieces

    def ask(self, question: Question) -> Iterator[Event]:
        """Yield Retrieved, the answer's drafts and verified sentences, and Answered.

        All of it sees the archive as it was at the first step, whatever is added or removed meanwhile. Raises
        UsageError for a question that cannot be asked, AppError where the answerer cannot answer.
        """
        return self._store.steadily(self._asked(question))

    def _asked(self, question: Question) -> Generator[Event, None, None]:
        began = time.perf_counter()
        checked(question.text)
        earlier = self._remembered(question)
        query = self._understood(question, earlier)
        listing = self._listed(query)
        found = () if listing else self._found(query)
        read = self._read(query, found)
        hits = reranked(found, read)
        yield Retrieved(hits, left_out(self._store, question.filter), () if listing else understood(query))
        if listing:
            yield from map(Verified, listing.sentences)
        outcome = listing or (yield from self.answerer.answer(Brief(question, query, hits, read, earlier)))
        nowhere = unnamed(read) if hits else outside(self._store, question.filter)
        notices = (
            mistyped(query),
            "" if outcome.text else nowhere,
            less_sure(read, answered=bool(outcome.text)),
            elsewhere(query, outcome.citations),
            outcome.notice,
        )
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
                " ".join(filter(None, notices)),
            )
        )

    def answer(self, question: Question) -> Answer:
        """Return the finished answer."""
        *_, last = self.ask(question)
        assert isinstance(last, Answered)
        return last.answer

    def evidence(self, question: Question) -> tuple[Query, tuple[Hit, ...]]:
        """Return the question standing by itself, and the passages that are found for it, of which READ are read."""
        with self._store.reading():
            query = self._understood(question, self._remembered(question))
            return query, self._found(query)

    def _understood(self, question: Question, earlier: Sequence[Earlier]) -> Query:
        """The question and the turns before without slips of the hand, and what it then means."""
        ledger, usage = self._store.ledger, None
        if question.as_typed:
            return understand(question, (), ledger.publishers())
        (asked, slips), *before = (self._mended(text) for text in (question.text, *(turn.question for turn in earlier)))
        turns = [replace(turn, question=text) for turn, (text, _) in zip(earlier, before, strict=True)]
        if self._rewriter and turns:
            said = self._rewriter.rewritten(asked, turns)
            asked, usage = said.text, said.usage
        query = understand(replace(question, text=asked), turns, ledger.publishers())
        return replace(query, usage=usage, corrected=slips)

    def _mended(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        return corrected(squashed(text), self._store.ledger, self._pieces) if self._pieces else (squashed(text), ())

    def _listed(self, query: Query) -> Outcome | None:
        """The archive's own count or list, where that is what a question asks for."""
        ledger = self._store.ledger
        asked = wanted(query.rewritten, ledger.publishers(), query.asked)
        return listed(asked, ledger, query.filter) if asked else None

    def _found(self, query: Query) -> tuple[Hit, ...]:
        return tuple(self._retriever.search(query, EVIDENCE))

    def _read(self, query: Query, hits: Sequence[Hit]) -> tuple[Examined, ...]:
        """What the best passages have for each part of the question; of several ways to ask it the best read counts."""
        hits = hits[:READ]
        read = tuple(modest(self._examiner.examine(part, query, hits)) for part in parts(query.text))
        if len(read) > 1:
            return read
        others = (modest(self._examiner.examine(way, query, hits)) for way in query.alternatives)
        return (max(*read, *others, key=lambda way: way.confidence),) if query.alternatives else read

    def _remembered(self, question: Question) -> tuple[Earlier, ...]:
        """The turns before, with what was cited for them; those that do not tell it are asked now, silently."""
        earlier: list[Earlier] = []
        for turn in () if question.as_typed else question.history[-MEMORY:]:
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
        cited = self._extractive.citations(self._read(query, self._found(query)))
        quotes = tuple(citation.quote for citation in cited)
        return Earlier(squashed(turn.question), quotes, query.usage)


def modest(read: Examined) -> Examined:
    """Return what was read, no surer than CEILING where it is not in the reader's language."""
    return replace(read, confidence=min(read.confidence, CEILING)) if less_sure([read]) else read


def reranked(hits: Sequence[Hit], read: Sequence[Examined]) -> tuple[Hit, ...]:
    """Return the passages by what was read in them and how well they were found; those without a reading come last."""
    best: dict[int, float] = {}
    for reading in (reading for part in read for reading in part.readings):
        best[reading.hit.passage] = max(reading.score, best.get(reading.hit.passage, reading.score))
    places = {hit.passage: PLACED * share for hit, share in zip(hits, shares(hits), strict=True)}
    least = min((best[one] + places[one] for one in best), default=0.0) - 1
    scores = {one: best[one] + place if one in best else least for one, place in places.items()}
    return tuple(sorted((replace(h, score=round(scores[h.passage], DIGITS)) for h in hits), key=lambda h: -h.score))


def total(usages: Iterable[Usage | None]) -> Usage | None:
    """Return the sum of what models took; None where none was asked."""
    used = [usage for usage in usages if usage is not None]
    return sum(used, Usage()) if used else None


def checked(text: str) -> None:
    """Raise UsageError for a question without a word, or one longer than LONGEST characters."""
    if not any(character.isalnum() for character in text):
        raise UsageError("The question is empty.", "Ask in words: qa ask 'Who said what?'")
    if len(text) > LONGEST:
        raise UsageError(
            f"The question has {len(text):,} characters; at most {LONGEST:,} are taken.", "Ask it in fewer words."
        )
