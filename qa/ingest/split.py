"""Articles cut into sentences and passages, both as spans of the canonical text.

Blocks first, then sentences, then windows of sentences that fit the embedder. Nothing is copied or changed:
`text[start:end]` is the sentence, and the passage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from qa.ingest.quotations import joined, quotations
from qa.ingest.sentences import Span, halves, sentence_spans, trimmed
from qa.ingest.windows import Joint, windows
from vectorstore.articles import Article, BlockKind, Passage, Sentence

QUOTABLE = 60  # tokens up to which a quotation of several sentences stays one sentence
CHARACTERS = 8  # characters that count as a token at least: tokenizers make one token of an endless word

Counter = Callable[[Sequence[str]], list[int]]


def split(
    article: Article, count_tokens: Counter, limit: int = 200
) -> tuple[tuple[Sentence, ...], tuple[Passage, ...]]:
    """Return the article's sentences in order, and its passages: windows of at most `limit` tokens that cover them.

    Every character of a block that is no white space lies in one sentence; sentences and passages are trimmed.
    Neighbouring passages share one sentence where it fits. A line without a place to cut it is cut between characters.
    """
    sizes = _Sizes(article.text, count_tokens)
    sentences = tuple(_sentences(article, sizes, limit))
    return sentences, tuple(_passages(article, sentences, sizes, limit))


class _Sizes:
    """The sizes of spans in tokens, each span counted once and as many as possible in one call."""

    def __init__(self, text: str, count_tokens: Counter) -> None:
        self._text, self._count = text, count_tokens
        self._known: dict[Span, int] = {}

    def __call__(self, spans: Iterable[Span]) -> list[int]:
        spans = list(spans)
        new = sorted({span for span in spans if span not in self._known})
        if new:
            counts = self._count([self._text[start:end] for start, end in new])
            for (start, end), count in zip(new, counts, strict=True):
                self._known[start, end] = max(count, -(-(end - start) // CHARACTERS))
        return [self._known[span] for span in spans]


def _sentences(article: Article, sizes: _Sizes, limit: int) -> Iterator[Sentence]:
    blocks = [_block_spans(article, number) for number in range(len(article.blocks))]
    sizes(span for spans in blocks for span in spans)  # one count for the whole article
    for number, (block, spans) in enumerate(zip(article.blocks, blocks, strict=True)):
        whole = joined(spans, sizes(spans), quotations(article.text, block.start, block.end), min(QUOTABLE, limit))
        for start, end in _fitting(article.text, whole, sizes, limit):
            yield Sentence(start, end, number, block.kind)


def _block_spans(article: Article, number: int) -> list[Span]:
    block = article.blocks[number]
    if block.kind is not BlockKind.HEADING:
        return sentence_spans(article.text, block.start, block.end, article.language or "")
    heading = trimmed(article.text, block.start, block.end)
    return [heading] if heading[0] < heading[1] else []


def _fitting(text: str, spans: Sequence[Span], sizes: _Sizes, limit: int) -> list[Span]:
    """Cut the spans that are over the limit, by halves, until none is that has two characters."""
    while True:
        measured = [
            (span, size if span[1] - span[0] > 1 else 0) for span, size in zip(spans, sizes(spans), strict=True)
        ]
        if all(size <= limit for _, size in measured):
            return list(spans)
        spans = [part for span, size in measured for part in _cut(text, span, size, limit)]


def _cut(text: str, span: Span, size: int, limit: int) -> list[Span]:
    """Halve as often as it takes if every half has half the size: counting after each halving would cost more."""
    parts = [span]
    for _ in range((size // limit).bit_length() if size > limit else 0):
        parts = [half for part in parts for half in (halves(text, *part) if part[1] - part[0] > 1 else [part])]
    return parts


def _passages(article: Article, sentences: Sequence[Sentence], sizes: _Sizes, limit: int) -> Iterator[Passage]:
    """Pack by the sum of the sentences' sizes; where a window as a whole is larger than its sum, pack less tightly."""
    counts = sizes((sentence.start, sentence.end) for sentence in sentences)
    joints = _joints(article, sentences, counts, limit)
    room = limit
    while True:
        spans = [
            Passage(sentences[first].start, sentences[last - 1].end, first, last)
            for first, last in windows(counts, joints, room)
        ]
        if room == 0 or max(sizes((span.start, span.end) for span in spans), default=0) <= limit:
            return iter(spans)
        room = room * 9 // 10


def _joints(article: Article, sentences: Sequence[Sentence], counts: Sequence[int], limit: int) -> list[Joint]:
    """The joints before each sentence; the first one's is never asked for."""
    kept = _kept_whole(article, sentences, counts, limit)
    return [Joint()] + [
        Joint(
            section=after.kind is BlockKind.HEADING,
            block=before.block != after.block,
            inside=after.start in kept or before.kind is BlockKind.HEADING,
        )
        for before, after in pairwise(sentences)
    ]


def _kept_whole(article: Article, sentences: Sequence[Sentence], counts: Sequence[int], limit: int) -> set[int]:
    """The starts of sentences that continue a quotation which fits a window, be it one of several paragraphs."""
    spans = [(sentence.start, sentence.end) for sentence in sentences]
    whole = joined(spans, counts, quotations(article.text, 0, len(article.text)), limit)
    return {start for start, _ in spans} - {start for start, _ in whole}
