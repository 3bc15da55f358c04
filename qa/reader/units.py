"""The sentences of a passage as they are read and quoted: one that announces is one with what it announces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from vectorstore.articles import BlockKind, Hit, Sentence

TOGETHER = 700  # characters up to which sentences are quoted as one
ITEM = r"(?:[-•*–]|\d+[.)])\s"
LISTING = re.compile(rf":\s*\n{ITEM}")


def units(hit: Hit) -> list[Sentence]:
    """Return a passage's sentences, one that ends in a colon together with the list, or the sentence, after it."""
    return list(_units(hit))


def text_of(hit: Hit, sentence: Sentence | None) -> str:
    """Return a sentence's words; none for none."""
    return hit.text[sentence.start - hit.start : sentence.end - hit.start] if sentence else ""


def _units(hit: Hit) -> Iterator[Sentence]:
    held: Sentence | None = None
    for sentence in hit.sentences:
        if held and sentence.end - held.start <= TOGETHER and _announced(hit, held, sentence):
            held = replace(held, end=sentence.end)
            continue
        if held:
            yield held
        held = sentence
    if held:
        yield held


def _announced(hit: Hit, sentence: Sentence, after: Sentence) -> bool:
    if sentence.kind is not BlockKind.PARAGRAPH or after.kind is not BlockKind.PARAGRAPH:
        return False
    said = text_of(hit, sentence)
    return said.endswith(":") or bool(LISTING.search(said) and re.match(ITEM, text_of(hit, after)))
