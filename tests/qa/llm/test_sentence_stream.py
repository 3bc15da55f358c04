from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.llm.sentence_stream import LONGEST, SentenceStream


def whole(*pieces: str) -> list[str]:
    drafts = SentenceStream()
    said = [sentence for piece in pieces for sentence in drafts.feed(piece)]
    return [*said, *drafts.rest()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. [1] Two. [2]", ["One. [1]", "Two. [2]"]),
        ("One [1]. Two [2].", ["One [1].", "Two [2]."]),
        ("One.[1][2] Two.", ["One.[1][2]", "Two."]),
        ("One. [1] [2] Two.", ["One. [1] [2]", "Two."]),
        (
            "Mr. Smith came on Aug. 4 to the U.S. Senate. [1] He left.",
            ["Mr. Smith came on Aug. 4 to the U.S. Senate. [1]", "He left."],
        ),
        ("- First thing [1]\n- Second thing [2]", ["First thing [1]", "Second thing [2]"]),
        ("**Bold** and `code`. [1]", ["Bold and code. [1]"]),
        ("See [here](https://evil.example) now. [1]", ["See here now. [1]"]),
        ("<b>Tag</b> it. [1]", ["Tag it. [1]"]),
        ("<think>Let me see. Hm.</think>The answer. [1]", ["The answer. [1]"]),
        ("<think>never closed. Really.", []),
        ("No end", ["No end"]),
        ("3.5 tonnes. [1]", ["3.5 tonnes. [1]"]),
        ("【1】 and 【2†x】 too. Yes.", ["【1】 and 【2†x】 too.", "Yes."]),
        ("The answer is: It rained. [1]", ["It rained. [1]"]),
        ("**Answer:** It rained. [1]", ["It rained. [1]"]),
        ("...", []),
        ("", []),
    ],
)
def test_a_stream_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert whole(text) == expected


def test_a_sentence_is_given_as_soon_as_the_next_begins() -> None:
    drafts = SentenceStream()
    assert list(drafts.feed("It rained. [1] ")) == []
    assert list(drafts.feed("Then the sun came")) == []
    assert list(drafts.feed(" out")) == ["It rained. [1]"]


@given(st.lists(st.sampled_from(["It rained. ", "[1] ", "Mr. X ", "came", "! ", "\n", "<think>a. B</think>", " [2]"])))
def test_how_the_stream_is_cut_into_pieces_changes_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert whole(*text) == whole(text)


def test_what_never_ends_is_cut() -> None:
    drafts = SentenceStream()
    assert max(len(sentence) for piece in ["word " * 100] * 30 for sentence in drafts.feed(piece)) <= LONGEST
