"""Sentences and passages of whole articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest

from qa.ingest.split import split
from vectorstore.articles import Article, Block, BlockKind, Passage, Sentence


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def article(*blocks: str | tuple[str, BlockKind]) -> Article:
    """An article of these blocks, two line feeds between them."""
    text, spans = "", []
    for block in blocks:
        content, kind = (block, BlockKind.PARAGRAPH) if isinstance(block, str) else block
        text += "\n\n" if text else ""
        spans.append(Block(len(text), len(text) + len(content), kind))
        text += content
    return Article("memory", text, tuple(spans))


def texts(whole: Article, spans: Sequence[Sentence] | Sequence[Passage]) -> list[str]:
    return [whole.text[span.start : span.end] for span in spans]


def sentences(*blocks: str | tuple[str, BlockKind], limit: int = 200) -> list[str]:
    whole = article(*blocks)
    return texts(whole, split(whole, words, limit)[0])


def passages(*blocks: str | tuple[str, BlockKind], limit: int) -> list[str]:
    whole = article(*blocks)
    return texts(whole, split(whole, words, limit)[1])


def numbered(count: int, length: int = 5) -> str:
    return " ".join(f"Sentence {number} has{' some' * (length - 4)} words." for number in range(count))


def test_an_article_without_blocks_has_neither_sentences_nor_passages() -> None:
    assert split(Article("memory", "", ()), words) == ((), ())


def test_a_block_of_white_space_has_no_sentence() -> None:
    assert split(Article("memory", " \n ", (Block(0, 3),)), words) == ((), ())


def test_sentences_carry_their_block_and_its_kind() -> None:
    whole = article(("A title", BlockKind.HEADING), "One. Two.", ("A photo.", BlockKind.CAPTION))
    found, _ = split(whole, words)
    assert [(sentence.block, sentence.kind) for sentence in found] == [
        (0, BlockKind.HEADING),
        (1, BlockKind.PARAGRAPH),
        (1, BlockKind.PARAGRAPH),
        (2, BlockKind.CAPTION),
    ]


def test_a_heading_is_one_sentence() -> None:
    heading = "Who won? “Nobody did.” The answer ... In full"
    assert sentences((heading, BlockKind.HEADING), (" ", BlockKind.HEADING)) == [heading]


def test_blocks_are_never_joined_into_a_sentence() -> None:
    assert sentences("Ministers met in the U.S.", "president’s house, and left.") == [
        "Ministers met in the U.S.",
        "president’s house, and left.",
    ]


def test_a_short_quotation_stays_with_its_speaker() -> None:
    text = "“We agreed. We shall sign,” the minister said. He left."
    assert sentences(text) == ["“We agreed. We shall sign,” the minister said.", "He left."]


def test_a_quotation_in_straight_marks_stays_with_its_speaker() -> None:
    assert sentences('"We agreed. We shall sign," she said. "Soon."') == [
        '"We agreed. We shall sign," she said.',
        '"Soon."',
    ]


def test_a_long_quotation_is_cut_into_its_sentences() -> None:
    quoted = numbered(20)
    assert len(sentences(f"“{quoted}” he said.")) == 20


def test_a_quotation_that_never_closes_joins_nothing() -> None:
    assert sentences("“We agreed. We shall sign. He left.") == ["“We agreed.", "We shall sign.", "He left."]


def test_an_overlong_sentence_is_cut_at_a_clause() -> None:
    assert sentences("one two three four, five six seven eight", limit=6) == [
        "one two three four,",
        "five six seven eight",
    ]


def test_an_overlong_sentence_without_a_clause_is_cut_at_a_word() -> None:
    assert sentences("one two three four five six", limit=4) == ["one two three", "four five six"]


def test_an_endless_word_is_cut_between_characters() -> None:
    found = sentences("x" * 5_000, limit=100)
    assert "".join(found) == "x" * 5_000
    assert max(map(len, found)) <= 800


def test_a_cut_parts_no_letter_from_its_marks() -> None:
    found = sentences("e\u0301\u0302" * 700, limit=100)
    assert len(found) > 1
    assert all(part.startswith("e") for part in found)


def test_a_text_that_fits_is_one_passage() -> None:
    whole = article("One. Two.", "Three.")
    found, windows = split(whole, words)
    assert windows == (Passage(0, len(whole.text), 0, len(found)),)


def test_neighbouring_passages_share_one_sentence() -> None:
    found = passages(numbered(6), limit=15)
    assert [re.findall(r"\d", text) for text in found] == [["0", "1", "2"], ["2", "3", "4"], ["4", "5"]]


def test_sentences_too_long_to_share_are_not_shared() -> None:
    found = passages(numbered(3, length=10), limit=15)
    assert [re.findall(r"\d", text) for text in found] == [["0"], ["1"], ["2"]]


def test_no_passage_lies_within_another() -> None:
    whole = article(*(numbered(n) for n in (1, 4, 2, 7, 3)))
    _, found = split(whole, words, 17)
    firsts, lasts = [passage.first for passage in found], [passage.last for passage in found]
    assert all(a < b for series in (firsts, lasts) for a, b in pairwise(series))


def test_a_passage_ends_at_a_block_where_that_leaves_it_half_full() -> None:
    assert passages(numbered(3), numbered(3), limit=20)[0] == numbered(3)


def test_a_heading_opens_a_passage() -> None:
    found = passages(numbered(3), ("The second part", BlockKind.HEADING), numbered(3), limit=20)
    assert found[0] == numbered(3)
    assert found[1].startswith("The second part\n\n")


def test_a_heading_never_closes_a_passage_that_others_follow() -> None:
    found = passages(numbered(1), ("A heading", BlockKind.HEADING), numbered(4), limit=12)
    assert not any(text.endswith("A heading") for text in found)


def test_a_passage_does_not_cut_a_quotation_that_fits() -> None:
    quotation = f"“{numbered(13)}” he said."
    found = passages(f"{numbered(26)} {quotation}", limit=150)
    assert any("“" in text and "” he said." in text for text in found)
    assert not any("“" in text and "” he said." not in text for text in found)


def test_a_passage_does_not_cut_a_quotation_of_several_paragraphs_that_fits() -> None:
    found = passages(numbered(4), "He said: “We agreed.", "We shall sign.", "We are glad.” They left.", limit=30)
    assert found[-1].endswith("We agreed.\n\nWe shall sign.\n\nWe are glad.” They left.")


def test_a_counter_that_does_not_add_up_still_keeps_the_limit() -> None:
    def squares(texts: Sequence[str]) -> list[int]:
        return [len(text.split()) ** 2 for text in texts]

    whole = article(numbered(10, length=4))
    _, found = split(whole, squares, limit=100)
    assert max(squares(texts(whole, found))) <= 100
    assert len(found) > 1


def test_an_ordinary_article_is_counted_in_two_calls() -> None:
    calls: list[int] = []

    def counted(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return words(texts)

    split(article(numbered(30), numbered(30)), counted, 50)
    assert len(calls) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "“" * 20_000,
        ". " * 20_000,
        "A. " * 20_000,
        "?! " * 20_000,
        "\n \n" * 20_000,
        f"A {'.' * 100_000}",
        f"A {'!' * 100_000}b",
        f"A{'.”' * 50_000}",
    ],
)
@pytest.mark.timeout(20)
def test_hostile_texts_take_no_more_than_a_few_seconds(hostile: str) -> None:
    whole = article(hostile)
    found, _ = split(whole, words)
    assert "".join("".join(texts(whole, found)).split()) == "".join(hostile.split())


@pytest.mark.timeout(20)
def test_an_article_of_very_many_blocks_takes_no_more_than_a_few_seconds() -> None:
    assert len(split(article(*["a"] * 20_000), words)[0]) == 20_000
