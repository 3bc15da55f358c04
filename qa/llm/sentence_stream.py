"""Splits a model's stream into sentences with their markers, without the model's thoughts and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.ingest.sentences import goes_on

END = re.compile(r"[.!?…]+[\"”’')\]]*(?:\s*(?:\[[^\]\n]{1,24}\]|【[^】\n]{1,24}】))*(?=\s|\Z)|\n+")
LISTED = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
MARKUP = re.compile(r"\*\*|__|`+|^#+\s*|^>\s*", re.MULTILINE)
OPENING = re.compile(r"^\W*(?:the )?(?:final |short )?answer(?: is)?\s*:\s*", re.IGNORECASE)
PICTURE = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
AHEAD = re.compile(r"(?:\S+\s+){4}")  # words needed to decide whether a full stop ended a sentence
OPENED = re.compile(r"<think(?:ing)?>")
CLOSED = re.compile(r"</think(?:ing)?>")
THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
LONGEST = 2000  # characters; a longer sentence is cut, and will be unsupported


class SentenceStream:
    """Collects the pieces of a stream, and yields each sentence as soon as it is complete."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> Iterator[str]:
        """Yield the sentences that this piece completes, which takes a few more words or a new line."""
        self._held += piece
        if not (opened := OPENED.search(self._held)) or CLOSED.search(self._held, opened.end()):
            yield from self._complete(ended=False)

    def rest(self) -> Iterator[str]:
        """Yield the last sentences of a complete stream."""
        yield from self._complete(ended=True)
        held, self._held = self._held, ""
        yield from _plain(held)

    def ended(self) -> Iterator[str]:
        """Yield the last sentences of a stream that was cut off, except an unfinished one."""
        whole = [found.end() for found in END.finditer(self._held)]
        self._held = self._held[: whole[-1]] if whole else ""
        yield from self.rest()

    def _complete(self, ended: bool) -> Iterator[str]:
        self._held = THOUGHT.sub("", self._held)
        while (cut := _cut(self._held, ended)) is not None:
            sentence, self._held = self._held[:cut], self._held[cut:].lstrip()
            yield from _plain(sentence)


def _cut(held: str, ended: bool) -> int | None:
    """Where the first sentence ends, however the stream is cut into pieces; None if that is not yet clear."""
    for found in END.finditer(held):
        after = held[found.end() :]
        next_words = after.lstrip()
        if not next_words:
            break
        new_line = "\n" in found[0] or "\n" in after[: len(after) - len(next_words)]
        if next_words.startswith("<") and len(next_words) < len("<thinking>") and not ended:
            break
        if new_line and next_words[0] not in "[【":
            return found.end()
        known = AHEAD.match(next_words)
        if known is None and not ended:
            break
        if not new_line and not goes_on(held[: found.end()].rstrip(), known[0] if known else next_words):
            return found.end()
    return LONGEST if len(held) > LONGEST else None


def _plain(sentence: str) -> Iterator[str]:
    """The sentence without markup, if anything is left."""
    text = OPENING.sub("", TAG.sub(" ", PICTURE.sub(r"\1", LISTED.sub("", sentence))))
    text = " ".join(MARKUP.sub("", text).split())
    if any(map(str.isalnum, text)):
        yield text
