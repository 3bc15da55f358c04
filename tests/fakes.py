"""Stand-ins for what is heavy or remote; small, honest implementations of the seams."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qa.answer.answerer import Answering, Brief, Outcome
from qa.llm.prompts import Prompt
from qa.reader.reading import Evidence, Reading, units
from qa.types import Citation, Statement, Token, Usage, Verdict, Verified
from vectorstore.articles import BlockKind, Hit

if TYPE_CHECKING:
    from qa.llm.language_model import LanguageModel
    from vectorstore.embedding import Vectors

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class FakeEmbedder:
    """Hashed bags of words: texts that share words are near, the same text has the same vector in every process."""

    name: str = "fake-words"
    dimension: int = 32

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension)."""
        return (
            np.stack([self.embed_query(text) for text in texts]) if texts else np.empty((0, self.dimension), np.float32)
        )

    def embed_query(self, text: str) -> Vectors:
        """Return one unit vector, float32, shape (dimension,)."""
        vector = np.full(self.dimension, 1e-3, np.float32)  # a text without words has a direction too
        for word in _WORD.findall(text.casefold()):
            digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(_WORD.findall(text)) for text in texts]


@dataclass(slots=True)
class FakeJudge:
    """Says which share of the question's words a text has; `asked` holds what it was given."""

    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return scores, 0 … 1, in the order of the texts."""
        self.asked.append((question, tuple(texts)))
        wanted = set(_WORD.findall(question.casefold()))
        return [len(wanted & set(_WORD.findall(text.casefold()))) / max(1, len(wanted)) for text in texts]


@dataclass(frozen=True, slots=True)
class FakeReader:
    """Reads by words in common: a sentence scores the share of the question's words that it has, less one half."""

    name: str = "fake-reader"

    def read(self, question: str, passages: Sequence[Hit]) -> list[Reading]:
        """Return a reading of each sentence of prose, likeliest first."""
        found = [
            Reading(hit, rank, sentence, 0.0, before=before)
            for rank, hit in enumerate(passages)
            for before, sentence in pairwise([None, *units(hit)])
            if sentence and sentence.kind is BlockKind.PARAGRAPH
        ]
        scored = [replace(reading, score=_common(question, reading.text) - 0.5) for reading in found]
        return sorted(scored, key=lambda reading: (-reading.score, reading.rank, reading.sentence.start))

    def supports(self, statement: str, evidence: Sequence[Evidence]) -> list[float]:
        """Return the share of the statement's words that each evidence has."""
        return [_common(statement, f"{one.heading} {one.text}") for one in evidence]


def _common(wanted: str, text: str) -> float:
    words = set(_WORD.findall(wanted.casefold()))
    return len(words & set(_WORD.findall(text.casefold()))) / max(1, len(words))


@dataclass(slots=True)
class FakeLanguageModel:
    """A model that says what a function makes of the prompt: a text word by word, or pieces; exceptions are raised.

    A token is a word; `asked` holds every prompt that it was given, `closed` counts how often it was stopped.
    """

    script: Callable[[Prompt], str | Sequence[str | Exception]] = lambda prompt: f"So: {prompt.user}"
    name: str = "fake: words"
    window: int = 4096
    asked: list[Prompt] = field(default_factory=list)
    closed: int = 0

    def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
        """Yield the pieces, and at last the usage."""
        self.asked.append(prompt)
        said = self.script(prompt)
        pieces = re.findall(r"\S+\s*|\s+", said) if isinstance(said, str) else said
        try:
            for piece in pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        except GeneratorExit:
            self.closed += 1
            raise
        told = _WORD.findall("".join(map(str, pieces)))
        yield Usage(len(_WORD.findall(prompt.system + " " + prompt.user)), len(told))


@dataclass(frozen=True, slots=True)
class FakeAnswerer:
    """Lets a language model write, and quotes the first passage for every sentence that `judge` does not refuse."""

    model: LanguageModel
    judge: Callable[[str], Verdict] = lambda _: Verdict.SUPPORTED

    @property
    def name(self) -> str:
        """Signed as its model."""
        return self.model.name

    def answer(self, brief: Brief) -> Answering:
        """Yield the pieces and then the sentences."""
        text, usage = "", Usage()
        for piece in self.model.stream(Prompt("", brief.question.text)):
            if isinstance(piece, Usage):
                usage = piece
            else:
                text += piece
                yield Token(piece)
        said = tuple(map(self._stated, re.findall(r"[^.!?]+[.!?]", text)))
        yield from map(Verified, said)
        hits = brief.hits[:1] if any(statement.shown for statement in said) else ()
        cited = tuple(Citation(1, hit.article, hit.start, hit.end, hit.text) for hit in hits)
        return Outcome(self.name, said, cited, usage=usage)

    def _stated(self, sentence: str) -> Statement:
        verdict = self.judge(sentence)
        return Statement(sentence.strip(), verdict, () if verdict is Verdict.UNSUPPORTED else (1,))
