"""Questions that stand by themselves: what they follow, refer to, and ask at once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.followup import Earlier
from qa.retrieve.understand import parts, squashed, understand
from qa.types import Question
from vectorstore.articles import Filter, Publisher

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
    asked, cut = date(2022, 6, 16), Filter(publishers=("Press TV",))
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


def test_a_greeting_is_stepped_over_and_one_that_leaves_the_subject_leaves_it() -> None:
    polite = understand(Question("Thanks a lot! OK, where was she born?"), [MERKEL])
    assert polite.text == "Where was Angela Merkel born?"
    fresh = understand(Question("Thank you. Something else: what do the ferrymen want?"), [MERKEL])
    assert (fresh.text, fresh.context, fresh.alternatives) == ("What do the ferrymen want?", "", ())
    assert understand(Question("Thanks!"), [MERKEL]).rewritten.startswith("Thanks")


def test_a_completed_question_is_also_asked_after_the_one_before() -> None:
    query = understand(Question("And what did she sign?"), [MISSILES, MERKEL])
    assert query.text == "What did Angela Merkel sign?"
    assert query.alternatives == ("What did Angela Merkel say in Paris? And what did she sign?",)
    assert query.alternatives == (query.context,)
    assert not understand(Question("Where does Elton John live?"), [MERKEL]).alternatives


def test_the_turns_before_are_understood_each_after_the_one_before_it() -> None:
    turns = [Earlier("How much did Hull Yard pay in 2019?"), Earlier("And Sorrel Dock?")]
    query = understand(Question("And in 2020?"), turns)
    assert query.text == "How much did Sorrel Dock pay in 2020?"
    assert query.context == "How much did Sorrel Dock pay in 2019? And in 2020?"


def test_the_turn_before_is_the_context_also_of_a_question_that_stands_by_itself() -> None:
    query = understand(Question("Where does Elton John live?"), [MISSILES, MERKEL])
    assert query.text == "Where does Elton John live?"
    assert query.context == "What did Angela Merkel say in Paris? Where does Elton John live?"


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
        ("Why did Ann Loy go, and who followed her?", ["Why did Ann Loy go?", "Who followed Ann Loy?"]),
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
        "When and where did it sink?",
        "Who sank (Why did the ferry leave, and what did it carry)?",
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


@pytest.mark.parametrize("text", ["Was sagte er?", "Qu’a-t-il dit ?", "他说了什么？", "Что он сказал?", "Ne dedi?"])
def test_a_follow_up_in_another_language_keeps_its_words_and_is_also_asked_after_the_one_before(text: str) -> None:
    query = understand(Question(text), [Earlier("Wer ist Li Shangfu?")])
    assert query.text == text
    assert query.alternatives == (f"Wer ist Li Shangfu? {text}",)


VERGE = Publisher("The Verge", "theverge.com", 3)


def test_a_source_of_the_archive_is_understood_and_left_out_of_what_is_searched_for() -> None:
    query = understand(Question("According to the Verge, who won in 2018?"), publishers=[VERGE])
    assert query.text == "Who won in 2018?"
    assert query.rewritten == "According to the Verge, who won in 2018?"
    source, time = query.hints
    assert (source.words, source.filter, source.cuts) == ("the Verge", Filter(publishers=("The Verge",)), True)
    assert (time.words, time.filter.since, time.cuts) == ("in 2018", "2018-01-01", False)


def test_articles_of_a_time_are_cut_and_what_happened_in_it_is_preferred() -> None:
    (cut,) = understand(Question("What do articles from 2018 say of snow?")).hints
    assert cut.cuts
    (preferred,) = understand(Question("Who won last week?", asked=date(2022, 6, 16))).hints
    assert not preferred.cuts


def test_what_is_filtered_for_is_not_read_out_of_the_question_again() -> None:
    chosen = Filter(publishers=("CNN",), since="2020")
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
