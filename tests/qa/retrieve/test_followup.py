"""Questions that lean on the one before, said in full."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.followup import Earlier, completed, leans

MINISTER = Earlier(
    "Who is China's defence minister?",
    ("On Monday the Russian president received China's defence minister, Li Shangfu, in Moscow.",),
)
MERKEL = Earlier("What did Angela Merkel say in Paris?", ("“We agree,” she said.",))
MISSILES = Earlier("Which countries bought the S-400?", ("China and India bought it.",))
NOVEL = Earlier(
    "Who wrote The Long Tide?",
    ("The Long Tide has won the Gull Prize.", "Its author, Ann\nLoy, tells of three keepers, said Ben Roe."),
)
BRIDGE = Earlier("Which bridge fell in March 2021?", ("The bridge at Sorrel Point came down in March.",))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("When was he born?", "When was Li Shangfu born?"),
        ("And who met him?", "Who met Li Shangfu?"),
        ("What is his rank?", "What is Li Shangfu’s rank?"),
        ("Why was HE there?", "Why was Li Shangfu there?"),
    ],
)
def test_the_person_that_answered_a_who_question_is_he(text: str, meant: str) -> None:
    assert completed(text, [MINISTER]) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("When did she leave?", "When did Angela Merkel leave?"),
        ("Who met her?", "Who met Angela Merkel?"),
        ("Is the win hers?", "Is the win Angela Merkel’s?"),
    ],
)
def test_otherwise_she_is_the_person_that_the_turn_named(text: str, meant: str) -> None:
    assert completed(text, [MERKEL]) == meant


def test_neither_a_prize_nor_a_book_is_a_person() -> None:
    assert completed("Where was she born?", [NOVEL]) == "Where was Ann Loy born?"


def test_who_answered_is_read_in_the_light_of_the_question_as_it_was_understood() -> None:
    turns = [Earlier("Why did Ann Loy resign?"), Earlier("Who succeeded her?", ("Roe, 47, succeeds Ann Loy.",))]
    assert completed("And who succeeded him?", turns) == "Who succeeded Roe?"


@pytest.mark.parametrize(
    "before",
    [
        "What did France say?",
        "Who resigned on Thursday?",
        "Who went in October?",
        "Who won the Islands Cup?",
        "Who is the minister of Norland?",
        "Who went from Saint Ives?",
    ],
)
def test_a_country_a_day_or_an_event_is_nobody_that_he_could_be(before: str) -> None:
    assert completed("What did he do?", [MERKEL, Earlier(before)]) == "What did Angela Merkel do?"


def test_a_who_question_without_an_answer_lends_the_name_that_it_holds() -> None:
    assert completed("Why did he go?", [Earlier("Who advised Vladimir Putin?")]) == "Why did Vladimir Putin go?"


def test_a_person_from_further_back_is_remembered() -> None:
    assert completed("What did she sign?", [MERKEL, Earlier("Is it cold?")]) == "What did Angela Merkel sign?"


@pytest.mark.parametrize(
    ("text", "turn", "meant"),
    [
        ("Who is the mayor there?", BRIDGE, "Who is the mayor in Sorrel Point?"),
        ("Who lives there?", MERKEL, "Who lives in Paris?"),
        ("Who came from there?", MERKEL, "Who came in Paris?"),
    ],
)
def test_there_is_a_place_of_the_turn_before(text: str, turn: Earlier, meant: str) -> None:
    assert completed(text, [turn]) == meant


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        ("How much profit did Hull Yard make in 2019?", "What about Sorrel Dock?", "Sorrel Dock make in 2019"),
        ("How much profit did Hull Yard make in 2019?", "How about the Sorrel Dock?", "Sorrel Dock make in 2019"),
        ("How much profit did Hull Yard make in 2019?", "And in 2020?", "Hull Yard make in 2020"),
        ("How much profit did Hull Yard make in 2019?", "2020?", "Hull Yard make in 2020"),
        ("How much profit did Hull Yard make?", "And in 2020?", "Hull Yard make in 2020"),
        ("How many people left Sorrel Bay?", "And Gull Bay?", "left Gull Bay"),
        ("How many people were moved in Sorrel Bay?", "In Gull Bay?", "moved in Gull Bay"),
        ("How many people did Ann Loy count in Norway?", "And in Sweden?", "Ann Loy count in Sweden"),
        ("How many people did Ann Loy count in Norway?", "And Ben Roe?", "Ben Roe count in Norway"),
        ("Which body looks at data for the FDA?", "And for the CDC?", "data for the CDC"),
        ("What did the Greens say on Sunday?", "On Monday?", "say on Monday"),
    ],
)
def test_what_about_asks_the_question_before_of_something_else_of_the_kind(before: str, text: str, meant: str) -> None:
    said = completed(text, [Earlier(before)])
    assert said.endswith(f"{meant}?")
    assert said.split()[:2] == before.split()[:2]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Is it expensive?", "Is it expensive (Which countries bought the S-400)?"),
        ("And then?", "And then (Which countries bought the S-400)?"),
        ("Why?", "Why (Which countries bought the S-400)?"),
        ("And butter?", "And butter (Which countries bought the S-400)?"),
        ("What about that?", "What about that (Which countries bought the S-400)?"),
        ("Was anyone hurt?", "Was anyone hurt (Which countries bought the S-400)?"),
    ],
)
def test_what_cannot_be_said_in_words_takes_the_question_before_along(text: str, meant: str) -> None:
    assert completed(text, [MERKEL, MISSILES]) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Why?",
        "And then?",
        "Who won?",
        "How many were killed?",
        "What about Greece?",
        "Are there other kinds of these?",
        "How can it be improved?",
        "Who else was at the table?",
        "Where did it happen?",
        "And why did the mayor of the old harbour leave?",
    ],
)
def test_a_question_that_leans_on_the_one_before_is_told(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who is Li Shangfu?",
        "Where does Elton John live?",
        "How much did Norway pay?",
        "Why did Mayor Rossi resign?",
        "Who said that the talks in Rome failed?",
        "Is there a dam in Oslo?",
        "Were there any deaths in Oslo?",
        "Why did Ann Loy say that she would leave?",
        "What does the ferrymen's union want?",
        "Is it true that Ann Loy left?",
        "Who won the Gull Prize this week?",
        "But why did Iran sign?",
        "Was sagte er?",
    ],
)
def test_a_question_that_stands_by_itself_is_asked_as_it_stands(text: str) -> None:
    assert not leans(text)
    assert completed(text, [MISSILES]) == text


def test_a_first_question_is_asked_as_it_stands() -> None:
    assert completed("Why did it close?", []) == "Why did it close?"


@given(st.text(max_size=150), st.lists(st.text(max_size=80), max_size=3), st.lists(st.text(max_size=80), max_size=2))
def test_any_text_can_follow_any_other(text: str, before: list[str], quotes: list[str]) -> None:
    said = completed(text, [Earlier(turn, tuple(quotes)) for turn in before])
    assert said or not text
