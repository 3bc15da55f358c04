"""The answerer without a language model: it quotes the sentences that answer."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.answerer import Answering, Brief, Outcome
from qa.answer.choose import choose
from qa.answer.cite import cite
from qa.answer.compose import pieces
from qa.answer.examine import Examined
from qa.answer.weights import MIN_CONFIDENCE
from qa.reader.reading import Reading
from qa.types import Citation, Statement, Verdict, Verified
from vectorstore.store import Store


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
        return cite(kept, lambda article: self._store.ledger.article(article).text)

    def _quoted(self, part: Examined) -> list[Reading]:
        return choose(part.readings) if part.confidence >= self._least else []
