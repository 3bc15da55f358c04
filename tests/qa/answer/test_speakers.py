"""Whose words a question asks for, and who says a sentence."""

from __future__ import annotations

import pytest

from qa.answer.speakers import THEIRS, speakers, spoken
from qa.answer.spots import spots
from tests.qa.answer.build import asked, hit, spot


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Berg said that it rained.", [("berg",)]),
        ("Ella Berg, who heads the office, said it rained.", [("ella", "berg")]),
        ("Its deputy head, Ella Berg, told reporters it rained.", [("ella", "berg")]),
        ('"It rained," Berg has said.', [("berg",)]),
        ("Berg has repeatedly denied it.", [("berg",)]),
        ('"It rained," said the deputy head Ella Berg.', [("ella", "berg")]),
        ("President Berg warned of rain.", [("berg",)]),
        ("Berg told Strand that it rained.", [("berg",)]),
        ("Berg said Strand saw rain.", [("berg",)]),
        ("Its head, Ella Berg, said that Strand saw rain.", [("ella", "berg")]),
        ("It rained on Wednesday, the office said.", []),
        ("It rained on Berg.", []),
        ("It was said to rain.", []),
    ],
)
def test_who_is_named_as_saying_a_sentence(text: str, expected: list[tuple[str, ...]]) -> None:
    assert speakers(spot(text)) == expected


@pytest.mark.parametrize(
    "said",
    [
        '"It rained," she said.',
        '"It rained," he later told us.',
        '"It rained," said he.',
        "She also said that it rained.",
    ],
)
@pytest.mark.parametrize("before", ["Mayor Ella Berg of Oslo went.", "Opposition leader Ella Berg said so to Strand."])
def test_a_pronoun_stands_for_whom_the_sentence_before_is_about(before: str, said: str) -> None:
    _, found = spots([hit(before, said)])
    assert speakers(found) == [("ella", "berg")]


def told(question: str, *texts: str) -> list[str]:
    return [one.text for one in spoken(asked(question), [spot(text, at=100 * n) for n, text in enumerate(texts)])]


BERG, STRAND = "Berg said that Strand saw rain.", "Strand said that Berg saw rain."


def test_whose_words_are_asked_for_is_heard_and_no_other() -> None:
    assert told("What did Berg say?", STRAND, "It rained.", BERG) == [BERG, "It rained."]
    assert told("What did Strand say about Berg?", STRAND, "It rained.", BERG) == [STRAND]


def test_what_others_say_is_left_where_nothing_is_theirs_beyond_doubt() -> None:
    assert told("What did Orca Lines say?", STRAND, "It froze.", BERG) == [STRAND, "It froze.", BERG]


def test_what_a_namesake_says_is_not_theirs() -> None:
    assert told("What did Arno Berg say?", "Ella Berg said it rained.", "It rained.") == ["It rained."]
    assert told("What did Arno Berg say?", BERG) == [BERG]


def test_where_it_is_asked_what_was_said_about_something_the_passage_speaks_of_it() -> None:
    assert told("What did Berg say about taxes?", BERG, "Berg said taxes rose.") == ["Berg said taxes rose."]
    assert told("What did Berg say about taxes?", BERG, "It rained.") == []
    (one,) = spots([hit(BERG, title="On taxes")])
    assert [found.text for found in spoken(asked("What did Berg say about taxes?"), [one])] == [BERG]


@pytest.mark.parametrize("question", ["Who said that Strand saw rain?", "What did the mayor say?", "Did Berg go?"])
def test_other_questions_ask_for_nobodys_words(question: str) -> None:
    assert told(question, STRAND, BERG) == [STRAND, BERG]


def test_what_is_theirs_scores_more() -> None:
    theirs, other = spoken(asked("What did Berg say?"), [spot(BERG, 2.0), spot("“It rained.”", 2.0)])
    assert (theirs.score, other.score) == (2.0 + THEIRS, 2.0)
