"""What holds for every article, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.ingest.canonical import canonicalise
from qa.ingest.clean import to_article
from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.split import split
from vectorstore.articles import Article, Block, BlockKind
from vectorstore.errors import Unreadable

Counter = Callable[[Sequence[str]], list[int]]

MARKS = [
    "e\u0301\u0323",
    "👩\u200d👩\u200d👧",
    "🇫🇷",
    "\r\n",
    "\r\n\r\n",
    "\n\n",
    "\x00",
    "\u202eabc\u202c",
    "\u2028",
    "\ufeff",
]
STOPS = [
    "...",
    " . . . ",
    "U.S. ",
    "Mr. ",
    "Sept. 5 ",
    "J. K. ",
    "a.m. ",
    "1. ",
    "- ",
    "; ",
    "? ",
    ".” ",
    "。",
    "\u00a0",
]
ODD = st.sampled_from([*MARKS, *STOPS, "“", "”", '"', "x" * 300])
SENTENCE = st.lists(st.text("abcXYZ ", min_size=1, max_size=8), min_size=1, max_size=12).map(
    lambda w: " ".join(w) + ". "
)
PIECE = st.one_of(SENTENCE, SENTENCE, ODD, st.text(max_size=12))
CONTENT = st.lists(PIECE, max_size=12).map("".join)
COUNTERS: list[Counter] = [
    lambda texts: [len(text.split()) for text in texts],
    lambda texts: [len(text.encode("utf-8", "surrogatepass")) // 3 for text in texts],
    lambda texts: [len(text.split()) + 3 for text in texts],  # adds up to more than the whole
    lambda texts: [len(text.split()) * len(text.split()) // 4 for text in texts],  # adds up to less
]


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Articles of a few blocks, whose text outside of the blocks is white space."""
    text, blocks = "", []
    for content in draw(st.lists(CONTENT, max_size=6)):
        blocks.append(Block(len(text), len(text) + len(content), draw(st.sampled_from(BlockKind))))
        text += content + draw(st.sampled_from(["\n\n", "\n", " "]))
    return Article("generated", text, tuple(blocks))


any_article = given(articles(), st.integers(8, 60), st.sampled_from(COUNTERS))
many = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])


@any_article
@many
@example(Article("line", "x" * 9_000, (Block(0, 9_000),)), 40, COUNTERS[0])
@example(Article("line", "word " * 3_000, (Block(0, 15_000),)), 40, COUNTERS[0])
def test_sentences_are_trimmed_ordered_and_leave_nothing_out(article: Article, limit: int, count: Counter) -> None:
    sentences, _ = split(article, count, limit)
    found = [article.text[sentence.start : sentence.end] for sentence in sentences]
    assert all(text and text == text.strip() for text in found)
    assert all(before.end <= after.start for before, after in pairwise(sentences))
    assert "".join("".join(found).split()) == "".join(article.text.split())


@any_article
@many
def test_a_sentence_lies_in_its_block(article: Article, limit: int, count: Counter) -> None:
    for sentence in split(article, count, limit)[0]:
        block = article.blocks[sentence.block]
        assert block.start <= sentence.start < sentence.end <= block.end
        assert sentence.kind is block.kind


@any_article
@many
@example(Article("line", "x" * 9_000, (Block(0, 9_000),)), 40, COUNTERS[0])
def test_nothing_is_longer_than_the_limit(article: Article, limit: int, count: Counter) -> None:
    sentences, passages = split(article, count, limit)
    spans = [(span.start, span.end) for span in sentences] + [(span.start, span.end) for span in passages]
    texts = [article.text[start:end] for start, end in spans]
    assert max(count(texts), default=0) <= limit
    assert max(map(len, texts), default=0) <= limit * 8


@any_article
@many
def test_passages_cover_every_sentence_in_order_and_share_one_at_most(
    article: Article, limit: int, count: Counter
) -> None:
    sentences, passages = split(article, count, limit)
    for passage in passages:
        assert (passage.start, passage.end) == (sentences[passage.first].start, sentences[passage.last - 1].end)
    edges = [(0, 0), *((passage.first, passage.last) for passage in passages)]
    for (before, end), (first, last) in pairwise(edges):
        assert end - 1 <= first <= end
        assert before <= first < last
        assert end < last
    assert edges[-1][1] == len(sentences)


@any_article
@many
def test_splitting_twice_gives_the_same(article: Article, limit: int, count: Counter) -> None:
    assert split(article, count, limit) == split(article, count, limit)


@given(st.one_of(CONTENT, st.text(st.characters())))
@many
def test_canonicalising_twice_changes_nothing(text: str) -> None:
    once = canonicalise(text)
    assert canonicalise(once) == once


@given(CONTENT, st.sampled_from([TextFormat.PAGE, TextFormat.RECORD, TextFormat.MARKDOWN]))
@many
def test_a_cleaned_article_is_canonical_and_its_blocks_hold_all_of_it(text: str, form: TextFormat) -> None:
    draft = RawArticle("generated", text.encode(), text, form)
    try:
        article = to_article(draft, today=date(2024, 1, 1))
    except Unreadable:
        return
    assert canonicalise(article.text) == article.text
    sentences, _ = split(article, COUNTERS[0], 40)
    found = "".join(article.text[sentence.start : sentence.end] for sentence in sentences)
    assert "".join(found.split()) == "".join(article.text.split())
