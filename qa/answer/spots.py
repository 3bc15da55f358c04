"""The sentences of the evidence as places to quote from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.words import keys
from vectorstore.articles import Hit, Sentence


@dataclass(frozen=True, slots=True)
class Spot:
    """A sentence that may answer: where it stands, and how likely it does. `rank` is its hit's, from 0.

    `here` are its keys, `lead` those of the title and the passage before it, `passage` those of all of the passage and
    the title; `leans_on` is the sentence before it. `marks` are its features; by so much more as its `score` is than
    another's, the log-odds are that it rather than the other answers.
    """

    hit: Hit
    rank: int
    sentence: Sentence
    text: str
    here: frozenset[str]
    lead: frozenset[str]
    passage: frozenset[str]
    leans_on: Sentence | None = None
    score: float = 0.0
    marks: tuple[float, ...] = ()


def spots(hits: Sequence[Hit]) -> list[Spot]:
    """Return each sentence of the evidence once, in the order of the hits."""
    found: dict[tuple[str, int], Spot] = {}
    for rank, hit in enumerate(hits):
        lead = keys(hit.article.title)
        texts = [hit.text[s.start - hit.start : s.end - hit.start] for s in hit.sentences]
        here = [keys(text) for text in texts]
        passage = lead.union(*here)
        before: Sentence | None = None
        for sentence, text, own in zip(hit.sentences, texts, here, strict=True):
            spot = Spot(hit, rank, sentence, text, own, lead, passage, before)
            found.setdefault((hit.article.id, sentence.start), spot)
            lead, before = lead | own, sentence
    return list(found.values())
