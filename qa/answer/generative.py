"""The answerer around a language model: it shows only those of the model's sentences that a passage says."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from qa.answer.answerer import Answering, Brief, Outcome
from qa.answer.cite import verify
from qa.answer.extractive import Extractive
from qa.llm.language_model import LanguageModel
from qa.llm.prompts import PASSAGES, Ask, Prompt, prompt
from qa.llm.sentence_stream import SentenceStream
from qa.sanitize import line
from qa.types import NO_ANSWER, Citation, Statement, Token, Usage, Verified
from qa.verify.facts import level
from qa.verify.spans import Span
from qa.verify.verifier import Checked, Verifier, claim
from vectorstore.embedding import Embedder
from vectorstore.errors import ModelCut
from vectorstore.store import Store

if TYPE_CHECKING:
    from qa.reader.reading import Reader
    from qa.settings import AnswerPart

GATE = 0.3  # of the confidence that quotes need: a model can say itself that there is no answer
ENOUGH = 12  # sentences after which a model is stopped: small ones repeat themselves for ever
Check = Callable[[str], Checked]
CUT = "{} came to the length that an answer may have ([answer] max_tokens): this is the beginning of it."


@dataclass
class AnswerInProgress:
    """An answer in the making: citations are numbered in the order in which they come."""

    store: Store
    citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    sentences: list[Statement] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    cut: bool = False

    def add(self, checked: Checked) -> Statement | None:
        """Put a sentence on the page and return it as it is shown; None where it is there already."""
        numbers = tuple(self._number(span) for span in checked.spans)
        marks = "".join(f"[{number}]" for number in numbers)
        text = line(checked.text.replace("[", "(").replace("]", ")"), 4000)
        said = Statement(f"{text} {marks}" if marks else text, checked.verdict, numbers)
        if any(said.text == other.text for other in self.sentences):
            return None
        self.sentences.append(said)
        return said

    def _number(self, span: Span) -> int:
        article = span.hit.article
        key = (article.id, span.start, span.end)
        if key not in self.citations:
            text = self.store.ledger.article(article.id).text
            citation = Citation(len(self.citations) + 1, article, span.start, span.end, text[span.start : span.end])
            verify(citation, text)
            self.citations[key] = citation
        return self.citations[key].number


class Generative:
    """Answers in a model's words, each sentence compared with the passages before it is shown.

    A part of a question that hardly anything was read to answer is not put to the model. Where nothing survives,
    the archive does not answer, or with `fallback` the extractive answerer does.
    """

    def __init__(
        self,
        model: LanguageModel,
        store: Store,
        embedder: Embedder,
        reader: Reader,
        settings: AnswerPart,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.model, self._store, self._embedder, self._reader = model, store, embedder, reader
        self._extractive = Extractive(store, settings.min_confidence)
        self._settings, self._today = settings, today

    @property
    def name(self) -> str:
        """The provider and the model."""
        return self.model.name

    def answer(self, brief: Brief) -> Answering:
        """Yield the model's pieces and each sentence's verdict, and return the outcome; raises ModelError."""
        page = AnswerInProgress(self._store)
        missed: list[str] = []
        for part in brief.parts:
            before = len(page.sentences)
            if part.confidence >= GATE * self._settings.min_confidence:
                yield from self._written(page, part.question, brief)
            if not any(sentence.shown for sentence in page.sentences[before:]):
                missed.append(part.question)
        outcome = Outcome(
            self.name,
            tuple(page.sentences),
            tuple(page.citations.values()),
            tuple(missed) if len(missed) < len(brief.parts) else (),
            max(part.confidence for part in brief.parts),
            page.usage,
            CUT.format(self.name) if page.cut else "",
        )
        if outcome.text or self._settings.fallback == "abstain":
            return outcome
        return (yield from self._quoted(brief, outcome))

    def _written(self, page: AnswerInProgress, part: str, brief: Brief) -> Generator[Token | Verified, None, None]:
        hits = brief.hits[:PASSAGES]
        ask = Ask(part, self._today(), brief.question.asked, brief.earlier)
        check = partial(Verifier(hits, self._reader).check, question=part)
        asked = prompt(ask, hits, self.model.window - self._settings.max_tokens, self._embedder.count_tokens)
        yield from self._streamed(page, check, asked)

    def _streamed(self, page: AnswerInProgress, check: Check, asked: Prompt) -> Generator[Token | Verified, None, None]:
        drafts, pieces, count = SentenceStream(), list[str](), 0
        try:
            with closing(self.model.stream(asked)) as stream:  # type: ignore[type-var]  # a generator: closing stops the model
                for piece in stream:
                    if isinstance(piece, Usage):
                        page.usage += piece
                        continue
                    yield Token(piece)
                    pieces.append(piece)
                    new = list(drafts.feed(piece))
                    yield from _verified(page, check, told(new, asked))
                    if (count := count + len(new)) >= ENOUGH:
                        page.usage += self._estimated(asked, pieces)
                        return
            rest = drafts.rest()
        except ModelCut:  # its whole sentences stand; the one that was cut is gone
            page.cut = True
            page.usage += self._estimated(asked, pieces)
            rest = drafts.ended()
        yield from _verified(page, check, told(rest, asked))

    def _estimated(self, asked: Prompt, pieces: Iterable[str]) -> Usage:
        """What a model used that was stopped before it could tell."""
        return Usage(*self._embedder.count_tokens([f"{asked.system}\n{asked.user}", "".join(pieces)]))

    def _quoted(self, brief: Brief, outcome: Outcome) -> Answering:
        quoted = yield from self._extractive.answer(brief)
        notice = f"Nothing that {self.name} said was supported; these are quotes." if outcome.sentences else ""
        return replace(quoted, sentences=(*outcome.sentences, *quoted.sentences), usage=outcome.usage, notice=notice)


def told(sentences: Iterable[str], asked: Prompt) -> Iterator[str]:
    """Yield the sentences that tell something: neither that there is no answer, nor what the model was instructed."""
    instructed = f" {level(asked.system)} "
    for sentence in sentences:
        words = f" {level(claim(sentence).text)} "
        if level(NO_ANSWER) not in words and words not in instructed and not _parroted(words, instructed):
            yield sentence


def _parroted(words: str, instructed: str) -> bool:
    """Whether six words in a row are the instructions'."""
    said = words.split()
    return any(f" {' '.join(said[at : at + 6])} " in instructed for at in range(len(said) - 5))


def _verified(page: AnswerInProgress, check: Check, sentences: Iterable[str]) -> Generator[Verified, None, None]:
    for sentence in sentences:
        said = page.add(check(sentence))
        if said is not None:
            yield Verified(said)
