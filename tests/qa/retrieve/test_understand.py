"""Questions that stand by themselves: what they follow, refer to, and ask at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.understand import Earlier, follows, parts, resolve, squashed, understand
from qa.types import Question
from vectorstore.articles import Filter
from vectorstore.records import Publisher

MINISTER = Earlier(
    "Who is China's defence minister?",
    ("On Monday the Russian president received China's defence minister, Li Shangfu, in Moscow.",),
)
MERKEL = Earlier("What did Angela Merkel say in Paris?", ("“We agree,” she said.",))
MISSILES = Earlier("Which countries bought the S-400?", ("China and India bought it.",))


def test_a_first_question_is_searched_as_it_stands() -> None:
    query = understand(Question("  Why did\nit  close? "))
    assert (query.text, query.context) == ("Why did it close?", "")


def test_day_and_filter_are_handed_on() -> None:
    asked, cut = date(2022, 6, 16), Filter(publisher="Press TV")
    query = understand(Question("Who won?", asked=asked, filter=cut))
    assert (query.asked, query.filter) == (asked, cut)


@pytest.mark.parametrize(
    ("text", "fresh"),
    [
        ("Who won this week?", True),
        ("Who won recently?", True),
        ("Who won Yesterday?", True),
        ("Who won in 1987?", False),
    ],
)
def test_wording_tells_what_is_asked_of_the_news_of_the_day(text: str, fresh: bool) -> None:
    assert understand(Question(text)).fresh is fresh


def test_the_turn_before_is_the_context_also_of_a_question_that_stands_by_itself() -> None:
    query = understand(Question("Where does Elton John live?"), [MISSILES, MERKEL])
    assert query.text == "Where does Elton John live?"
    assert query.context == "What did Angela Merkel say in Paris? Where does Elton John live?"


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("When was he born?", "When was Li Shangfu born?"),
        ("Who met him?", "Who met Li Shangfu?"),
        ("What is his rank?", "What is Li Shangfu’s rank?"),
        ("Why was HE there?", "Why was Li Shangfu there?"),
    ],
)
def test_the_person_that_answered_a_who_question_is_he(text: str, resolved: str) -> None:
    assert understand(Question(text), [MINISTER]).text == resolved


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("When did she leave?", "When did Angela Merkel leave?"),
        ("Who met her?", "Who met Angela Merkel?"),
        ("Is the win hers?", "Is the win Angela Merkel’s?"),
    ],
)
def test_otherwise_she_is_the_person_that_the_turn_named(text: str, resolved: str) -> None:
    assert understand(Question(text), [MERKEL]).text == resolved


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
    assert resolve("What did he do?", [MERKEL, Earlier(before)]) == "What did Angela Merkel do?"


def test_a_who_question_without_an_answer_lends_the_name_that_it_holds() -> None:
    assert resolve("Why did he go?", [Earlier("Who advised Vladimir Putin?")]) == "Why did Vladimir Putin go?"


def test_a_person_from_further_back_is_remembered() -> None:
    assert resolve("What did she sign?", [MERKEL, Earlier("Is it cold?")]) == "What did Angela Merkel sign?"


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("Is it expensive?", "Is it expensive (S-400)?"),
        ("How many do they own?", "How many do they own (S-400)?"),
        ("And then?", "And then (S-400)?"),
        ("Why?", "Why (S-400)?"),
        ("What about Greece?", "What about Greece (S-400)?"),
        ("Did it replace the S-400?", "Did it replace the S-400?"),
    ],
)
def test_what_refers_to_things_takes_the_names_of_the_turn_before(text: str, resolved: str) -> None:
    assert understand(Question(text), [MERKEL, MISSILES]).text == resolved


def test_without_names_the_words_of_the_turn_before_stand_in() -> None:
    assert understand(Question("Why?"), [Earlier("Did the mayor resign?")]).text == "Why (mayor, resign)?"


@pytest.mark.parametrize(
    "text",
    [
        "Why?",
        "And then?",
        "Who won?",
        "How many were killed?",
        "What about Greece?",
        "What happened that week?",
        "Are there other kinds?",
        "How can it be improved?",
        "Who else was at the table?",
        "What about that?",
        "Where did it happen?",
        "But why did Iran sign?",
    ],
)
def test_a_question_that_leans_on_the_one_before_is_told(text: str) -> None:
    assert follows(text)


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
    ],
)
def test_a_new_subject_is_not_narrowed_to_the_old_one(text: str) -> None:
    assert not follows(text)
    assert understand(Question(text), [MISSILES]).text == text


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "What did the minister say about taxes and about schools?",
            ["What did the minister say about taxes?", "What did the minister say about schools?"],
        ),
        ("What was agreed with Turkey, and with Iran?", ["What was agreed with Turkey?", "What was agreed with Iran?"]),
        (
            "When did Norway join, and what does membership cost the country?",
            ["When did Norway join?", "what does membership cost the country (Norway)?"],
        ),
        (
            "Who owns the mine and which banks lent money?",
            ["Who owns the mine?", "which banks lent money?"],
        ),
    ],
)
def test_a_double_question_is_two(text: str, asked: list[str]) -> None:
    assert parts(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "What is the trade between Russia and China?",
        "Who is responsible for the buying and selling of arms?",
        "What do Russia and China want?",
        "Who won and where?",
        "What did he say and why?",
        "What do people know and what do they think?",
        "Which talks about oil and arms failed?",
        "Who knows?",
        "",
    ],
)
def test_what_and_joins_otherwise_stays_one_question(text: str) -> None:
    assert parts(text) == [text]


@given(st.text(max_size=150), st.text(max_size=80), st.lists(st.text(max_size=80), max_size=2))
def test_any_text_is_understood_on_one_line(text: str, before: str, quotes: list[str]) -> None:
    query = understand(Question(f"x{text}"), [Earlier(before, tuple(quotes))])  # a question has a word in it
    assert squashed(query.text) == query.text
    assert all(part for part in parts(text) if text)


@pytest.mark.parametrize("text", ["Was sagte er?", "Qu’a-t-il dit ?", "他说了什么？", "Что он сказал?"])
def test_a_follow_up_in_another_language_keeps_its_words(text: str) -> None:
    assert understand(Question(text), [MINISTER]).text.startswith(text.rstrip("?！ "))


VERGE = Publisher("The Verge", "theverge.com", 3)


def test_a_source_of_the_archive_is_understood_and_left_out_of_what_is_searched_for() -> None:
    query = understand(Question("According to the Verge, who won in 2018?"), publishers=[VERGE])
    assert query.text == "Who won in 2018?"
    assert query.rewritten == "According to the Verge, who won in 2018?"
    source, time = query.hints
    assert (source.words, source.filter, source.cuts) == ("the Verge", Filter(publisher="The Verge"), True)
    assert (time.words, time.filter.since, time.cuts) == ("in 2018", "2018-01-01", False)


def test_articles_of_a_time_are_cut_and_what_happened_in_it_is_preferred() -> None:
    (cut,) = understand(Question("What do articles from 2018 say of snow?")).hints
    assert cut.cuts
    (preferred,) = understand(Question("Who won last week?", asked=date(2022, 6, 16))).hints
    assert not preferred.cuts


def test_what_is_filtered_for_is_not_read_out_of_the_question_again() -> None:
    chosen = Filter(publisher="CNN", since="2020")
    query = understand(Question("According to The Verge, who won in 2018?", filter=chosen), publishers=[VERGE])
    assert (query.hints, query.filter) == ((), chosen)
    assert query.text == query.rewritten


def test_a_question_that_is_only_a_source_is_searched_for_as_it_stands() -> None:
    query = understand(Question("According to The Verge?"), publishers=[VERGE])
    assert (query.text, query.hints) == ("According to The Verge?", ())


def test_the_rewritten_follow_up_can_be_shown() -> None:
    assert understand(Question("When was he born?"), [MINISTER]).rewritten == "When was Li Shangfu born?"
    assert understand(Question(" Who  won? ")).rewritten == "Who won?"


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Who said “no snow at all” in Oslo?", ("no snow at all",)),
        ('Who said "no snow" and "much rain"?', ("no snow", "much rain")),
        ("Who is the “sleepy” one?", ()),
        ("Who won?", ()),
        ("Who said “no snow?", ()),
    ],
)
def test_quoted_words_are_phrases_where_there_are_two(text: str, phrases: tuple[str, ...]) -> None:
    assert understand(Question(text)).phrases == phrases


def test_several_questions_are_asked_one_by_one() -> None:
    first, second = "Who lit the lamp of Sorrel Point?", "When did the ferry to Harrow Bay sail?"
    assert parts(f"{first} {second}") == [first, second]


def test_a_question_that_leans_on_the_one_before_it_is_not_parted_from_it() -> None:
    assert parts("Who lit the lamp? And when did she do it?") == ["Who lit the lamp? And when did she do it?"]
