"""How questions, passages and pairs are laid out as token ids: the same in training and in reading.

A passage is `[CLS] heading [SEP] sentences … [SEP]`, so that a sentence's token vectors know their article (late
chunking). A pair is `[CLS] question [SEP] heading [SEP] the sentence before, the sentence [SEP]`; token types mark the
sentence that is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from qa.dates import spelled
from vectorstore.embedding import sound

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Encoding, Tokenizer

    from vectorstore.articles import Hit

CLS, SEP = 101, 102
PASSAGE, QUESTION, HEADING = 256, 64, 40  # tokens at most, special ones included in a passage's
BEFORE, TARGET = 40, 110  # tokens of a pair's sentence before, and of what is judged


@dataclass(frozen=True, slots=True)
class Laid:
    """Token ids with their types, and the half-open token range of each sentence; an empty range was cut off."""

    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair's ids and types: `asked` tokens of the question behind the first, then heading and sentence before.

    The target's tokens begin at `at`; `offsets` has the characters of each.
    """

    ids: list[int]
    types: list[int]
    asked: int
    at: int
    offsets: list[tuple[int, int]]


class Layout:
    """Lays texts out for one tokenizer, a WordPiece one of BERT's vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        tokenizer.no_padding()
        tokenizer.no_truncation()

    @classmethod
    def open(cls, path: Path) -> Layout:
        """Return the layout of a tokenizer.json."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(path)))

    def question(self, text: str) -> list[int]:
        """Return a question's ids; of one that is too long its end."""
        return [CLS, *self._ids(text)[-QUESTION:], SEP]

    def passage(self, heading: str, sentences: Sequence[str]) -> Laid:
        """Return a passage under its heading, cut at PASSAGE tokens."""
        ids = [CLS, *self._ids(heading)[:HEADING], SEP]
        encoded = self._encoded(sentences)
        lengths = (len(encoding.ids) for encoding in encoded)
        ends = [min(end, PASSAGE - 1) for end in accumulate(lengths, initial=len(ids))]
        body = [token for encoding in encoded for token in encoding.ids][: PASSAGE - 1 - len(ids)]
        return Laid([*ids, *body, SEP], [0] * (len(ids) + len(body) + 1), list(pairwise(ends)))

    def pair(self, question: str, heading: str, before: str, target: str) -> Paired:
        """Return a question, or a statement, with the sentence that may answer it or bear it out."""
        first, head, led, judged = self._encoded([question, heading, before, target])
        asked = first.ids[-QUESTION:]
        lead = [CLS, *asked, SEP, *head.ids[:HEADING], SEP, *led.ids[-BEFORE:]]
        body = judged.ids[:TARGET]
        types = [*([0] * len(lead)), *([1] * (len(body) + 1))]
        return Paired([*lead, *body, SEP], types, len(asked), len(lead), judged.offsets[: len(body)])

    def _ids(self, text: str) -> list[int]:
        return list(self._encoded([text])[0].ids)

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        # a batch is shared among threads, which takes half as much processor again for texts as short as these
        return [self._tokenizer.encode(text, add_special_tokens=False) for text in sound(texts)]


def heading(title: str, published: str | None) -> str:
    """Return what a passage is read under: its article's title and day."""
    return f"{title} ({spelled(published)})" if published else title


def headed(hit: Hit) -> str:
    """Return what a hit is read under."""
    return heading(hit.article.title, hit.article.published)
