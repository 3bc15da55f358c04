"""A draft cut into its statements: paragraphs of sentences, of which those that state something are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.batch_input import Row, rows
from qa.ingest.markdown import pieces
from qa.ingest.sentences import sentence_spans
from qa.verify.facts import facts
from qa.verify.verifier import states
from vectorstore.articles import BlockKind
from vectorstore.errors import UsageError

FORMATS = ("text", "markdown", "jsonl", "csv")
LEAST = 2  # words with meaning that a statement has
LIST_MARK = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a draft; `row` is None where it states nothing."""

    text: str
    row: Row | None = None


Paragraph = tuple[Part, ...]


def drafted(text: str, kind: str) -> list[Paragraph]:
    """Return a file's paragraphs; raises UsageError for one without a statement, and for rows that cannot be read."""
    found = list(_listed(text, kind) if kind in {"jsonl", "csv"} else _written(text, kind))
    if not any(part.row for paragraph in found for part in paragraph):
        raise UsageError("The text states nothing.", "Give a draft in whole sentences.")
    return found


def statements(paragraphs: list[Paragraph]) -> list[Row]:
    """Return what is to be looked up, in order."""
    return [part.row for paragraph in paragraphs for part in paragraph if part.row]


def _listed(text: str, kind: str) -> Iterator[Paragraph]:
    for row in rows(text, kind, "text"):
        if row.problem or not row.text.strip():
            raise UsageError(
                f"{row.problem or f'line {row.line} has an empty text'}.".capitalize(),
                'Each row is one statement: {"id": "1", "text": "The bridge opened in 1911."}',
            )
        yield (Part(row.text, row),)


def _written(text: str, kind: str) -> Iterator[Paragraph]:
    number = 0
    for words, stated in _blocks(text, kind):
        parts = []
        for start, end in sentence_spans(words, 0, len(words)):
            sentence = LIST_MARK.sub("", " ".join(words[start:end].split()))
            if stated and states(sentence) and len(facts(sentence).content) >= LEAST:
                number += 1
                parts.append(Part(sentence, Row(number, number, sentence)))
            else:
                parts.append(Part(sentence))
        if parts:
            yield tuple(parts)


def _blocks(text: str, kind: str) -> Iterator[tuple[str, bool]]:
    """The paragraphs with whether they state something; headings do not, nor a line without an end, but one alone."""
    if kind == "markdown":
        for piece in pieces(text):
            yield piece.text, piece.kind is BlockKind.PARAGRAPH
        return
    blocks = re.split(r"\n\s*\n", text.strip())
    for block in blocks:
        yield block, len(blocks) == 1 or "\n" in block.strip() or re.search(r"[.!?…][\"”’')\]]*\s*$", block) is not None
