"""Text of which some words are marked: it is cleaned, put on one line, cut and escaped, and the marks stay on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]  # half-open
Replacement = str | Callable[[re.Match[str]], str]

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans of it that are marked: in order, apart from each other, within the text, none empty.

    Spans that are given otherwise are brought into that form.
    """

    text: str
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", tuple(_apart(self.spans, len(self.text))))

    def pieces(self) -> list[tuple[str, bool]]:
        """Return the text in pieces, each with whether it is marked; joined they are the text."""
        found, at = [], 0
        for start, end in self.spans:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [piece for piece in (*found, (self.text[at:], False)) if piece[0]]

    def cut(self, start: int, end: int) -> Marked:
        """Return the part from start to end, neither negative."""
        return Marked(self.text[start:end], tuple((a - start, b - start) for a, b in self.spans))

    def split(self, separator: str) -> list[Marked]:
        """Return the parts between the separators."""
        ends = [*(found.span() for found in re.finditer(re.escape(separator), self.text)), (len(self.text),) * 2]
        return [self.cut(start, end) for start, (end, _) in zip((0, *(after for _, after in ends)), ends, strict=False)]

    def sub(self, pattern: re.Pattern[str], replacement: Replacement) -> Marked:
        """Return the text as `pattern.sub` makes it; what is marked in part only is marked up to it."""
        text, spans = rewritten(self.text, self.spans, pattern, replacement)
        return Marked(text, tuple(spans))

    def on_one_line(self) -> Marked:
        """Return the text as `" ".join(text.split())`; no mark begins or ends at a space."""
        text, spans = self.text, tuple(_trimmed(self.text, span) for span in self.spans)
        bare = Marked(text, spans).cut(len(text) - len(text.lstrip()), len(text.rstrip()))
        return bare.sub(_BLANKS, " ")


def join(separator: str, parts: Iterable[Marked | str]) -> Marked:
    """Return the parts as one text, with their marks."""
    texts: list[str] = []
    spans: list[Span] = []
    at = 0
    for part in parts:
        one = part if isinstance(part, Marked) else Marked(part)
        spans += [(at + a, at + b) for a, b in one.spans]
        texts.append(one.text)
        at += len(one.text) + len(separator)
    return Marked(separator.join(texts), tuple(spans))


def rewritten(
    text: str, spans: Sequence[Span], pattern: re.Pattern[str], replacement: Replacement
) -> tuple[str, list[Span]]:
    """Return what `pattern.sub` makes of the text, and where the spans are in it, in their order.

    An edge inside of what is replaced goes to the beginning of what replaces it.
    """
    edges = sorted({edge for span in spans for edge in span}, reverse=True)
    moved: dict[int, int] = {}
    parts: list[str] = []
    at = shift = 0
    for found in pattern.finditer(text):
        start, end = found.span()
        while edges and edges[-1] < end:
            edge = edges.pop()
            moved[edge] = min(edge, start) + shift
        new = found.expand(replacement) if isinstance(replacement, str) else replacement(found)
        parts += [text[at:start], new]
        shift += len(new) - (end - start)
        at = end
    moved |= {edge: edge + shift for edge in edges}
    return "".join([*parts, text[at:]]), [(moved[a], moved[b]) for a, b in spans]


def listed(spans: Iterable[Span]) -> list[dict[str, int]]:
    """Return spans as JSON has them."""
    return [{"start": start, "end": end} for start, end in spans]


def _apart(spans: Iterable[Span], length: int) -> list[Span]:
    """Spans in order within the length, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted((max(a, 0), min(b, length)) for a, b in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _trimmed(text: str, span: Span) -> Span:
    """The span without the spaces at its ends."""
    words = text[slice(*span)]
    return span[0] + len(words) - len(words.lstrip()), span[0] + len(words.rstrip())
