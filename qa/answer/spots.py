"""The sentences of the evidence as places to quote from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.dates import spelled
from qa.words import keys
from vectorstore.articles import Hit, Kind, Sentence

TOGETHER = 700  # characters up to which a sentence is quoted with those that it cannot be understood without
ITEM = r"(?:[-•*–]|\d+[.)])\s"
LISTING = re.compile(rf":\s*\n{ITEM}")


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that may answer: where it stands, and how likely it does. `rank` is its hit's, from 0.

    `here` are its keys, `when` those of the month that its article is of, `lead` those of the title, the month and the
    passage before it, `passage` those of title, month and all of the passage; `leans_on` is the sentence before it.
    `marks` are its features; by so much more as its `score` is than another's, the log-odds are that it rather than the
    other answers.
    """

    hit: Hit
    rank: int
    sentence: Sentence
    text: str
    here: frozenset[str]
    when: frozenset[str]
    lead: frozenset[str]
    passage: frozenset[str]
    leans_on: Sentence | None = None
    score: float = 0.0
    marks: tuple[float, ...] = ()


def spots(hits: Sequence[Hit]) -> list[Spot]:
    """Return each sentence of the evidence once, in the order of the hits."""
    found: dict[tuple[str, int], Spot] = {}
    for rank, hit in enumerate(hits):
        when = keys(spelled((hit.article.published or "")[:7]))
        lead = keys(hit.article.title) | when
        sentences = list(whole(hit))
        texts = [_text(hit, sentence) for sentence in sentences]
        here = [keys(text) for text in texts]
        passage = lead.union(*here)
        before: Sentence | None = None
        for sentence, text, own in zip(sentences, texts, here, strict=True):
            spot = Spot(hit, rank, sentence, text, own, when, lead, passage, before)
            found.setdefault((hit.article.id, sentence.start), spot)
            lead, before = lead | own, sentence
    return list(found.values())


def whole(hit: Hit) -> Iterator[Sentence]:
    """Yield the sentences of a passage, one that ends in a colon with what it announces: a list, or the next one."""
    open_: Sentence | None = None
    for sentence in hit.sentences:
        if open_ and sentence.end - open_.start <= TOGETHER and _goes_on(hit, open_, sentence):
            open_ = replace(open_, end=sentence.end)
            continue
        if open_:
            yield open_
        open_ = sentence
    if open_:
        yield open_


def _goes_on(hit: Hit, sentence: Sentence, after: Sentence) -> bool:
    if sentence.kind is not Kind.PARAGRAPH or after.kind is not Kind.PARAGRAPH:
        return False
    said, next_ = _text(hit, sentence), _text(hit, after)
    return said.endswith(":") or bool(LISTING.search(said) and re.match(ITEM, next_))


def _text(hit: Hit, sentence: Sentence) -> str:
    return hit.text[sentence.start - hit.start : sentence.end - hit.start]
