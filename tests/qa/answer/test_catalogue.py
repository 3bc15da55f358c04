from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from qa.answer.catalogue import LISTED, CatalogueQuery, listed, wanted
from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.retrieve.search import LexicalRetriever
from qa.types import Question, Turn, Verified
from tests.fakes import FakeReader
from tests.vectorstore.build import filled, record
from vectorstore.articles import Filter, Publisher
from vectorstore.ledger import Ledger
from vectorstore.store import Store

GULL = Publisher("The Sorrel Gull", "sorrelgull.example", 3)


def asked(text: str) -> CatalogueQuery | None:
    return wanted(text, [GULL], date(2021, 5, 4))


@pytest.mark.parametrize(
    ("text", "what", "exact", "counted"),
    [
        ("How many articles mention Ann Loy?", "Ann Loy", True, True),
        ("how many of our reports mention the word “kelp”", "kelp", True, True),
        ("In how many stories is Ann Loy named?", "Ann Loy", True, True),
        ("How many articles do we have about the lamp?", "lamp", False, True),
        ("How many articles are there about kelp in the archive?", "kelp", False, True),
        ("List all articles about Sorrel Point.", "Sorrel Point", False, False),
        ("Which articles mention both Ann and Ben?", "Ann and Ben", True, False),
        ("Could you show me the articles on kelp?", "kelp", False, False),
        ("Are there any articles about kelp?", "kelp", False, False),
        ("What do we have on kelp?", "kelp", False, False),
        ("How many articles are there?", "", False, True),
    ],
)
def test_what_the_archive_can_count_or_list_is_asked_of_it(text: str, what: str, exact: bool, counted: bool) -> None:
    assert asked(text) == CatalogueQuery(what, exact, Filter(), counted)


@pytest.mark.parametrize(
    ("text", "what", "chosen"),
    [
        ("Summarise all articles from May 2021.", "", Filter(since="2021-05-01", until="2021-05-31")),
        ("List the articles that were published in 2020", "", Filter(since="2020-01-01", until="2020-12-31")),
        ("List all articles since 2020 about kelp", "kelp", Filter(since="2020-01-01")),
        ("What did the Sorrel Gull report in May 2021?", "", Filter(("The Sorrel Gull",), "2021-05-01", "2021-05-31")),
        ("What has the Gull of Sorrel published?", None, None),
        ("How many articles about kelp are from the Sorrel Gull?", "kelp", Filter(("The Sorrel Gull",))),
        ("How many articles did the Sorrel Gull write about kelp?", "kelp", Filter(("The Sorrel Gull",))),
        ("List articles about fish in the Sorrel Gull.", "fish", Filter(("The Sorrel Gull",))),
        ("List articles about fish in the harbour.", "fish in the harbour", Filter()),
    ],
)
def test_a_publisher_and_a_time_cut_the_list(text: str, what: str | None, chosen: Filter | None) -> None:
    found = asked(text)
    assert (found and found.what, found and found.filter) == (what, chosen)


@pytest.mark.parametrize(
    "text",
    [
        "How many articles of the treaty were amended?",
        "How many articles of the treaty mention fish?",
        "Which articles of clothing were washed ashore?",
        "How many reports of theft did the harbour police get?",
        "What did the harbour master report in May 2021?",
        "Which report did Ann Loy publish in 2020?",
        "What did the Sorrel Gull report about kelp?",
        "How many articles about kelp did Ann write?",
        "How many ships are there?",
        "List the ships in the harbour.",
        "Name the pieces that are missing.",
        "What do we have to do?",
        "Wie viele Artikel gibt es?",
    ],
)
def test_other_questions_are_left_to_the_articles(text: str) -> None:
    assert asked(text) is None


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    records = [
        record(
            "/a.txt", "It rained. Ann Loy lit the\nlamp.", title="The lamp [2]", publisher="The Kelp", published="2020"
        ),
        record("/b.txt", "Loy slept. Ann sailed.", title="Asleep", published="2021-05-02"),
        record("/c", "Kelp grew.", title="Ann Loy’s garden", url="https://x.example/c", published="2021-05-03"),
        record("/d", "Kelp grew.", title="Ann Loy’s garden", url="https://www.x.example/c", published="2021-05-03"),
        *(record(f"/{n}.txt", f"Gulls flew {n} times.", published=f"2019-01-{n:02}") for n in range(1, LISTED + 3)),
    ]
    with Store.open(filled(tmp_path_factory.mktemp("catalogue") / "store", *records)) as opened:
        yield opened


@pytest.fixture
def ledger(store: Store) -> Ledger:
    return store.ledger


def test_each_article_is_named_with_a_quote_of_where_it_mentions_what_was_asked(ledger: Ledger) -> None:
    outcome = listed(CatalogueQuery("Ann Loy", True, Filter(), True), ledger, Filter())
    head, first, second = (sentence.text for sentence in outcome.sentences)
    assert head == "2 articles mention “Ann Loy”:"  # the page that was saved twice counts once
    assert first == "\n\nAnn Loy’s garden — 3 May 2021 [1]"
    assert second == "\n\nThe lamp (2) — The Kelp — 2020 [2]"
    assert [citation.quote for citation in outcome.citations] == ["Kelp grew.", "Ann Loy lit the\nlamp."]
    for citation in outcome.citations:
        assert ledger.article(citation.article.id).text[citation.start : citation.end] == citation.quote


def test_words_that_stand_nowhere_in_a_row_are_looked_for_one_by_one_and_it_says_so(ledger: Ledger) -> None:
    outcome = listed(CatalogueQuery("Loy and Ann", True, Filter(), True), ledger, Filter())
    assert outcome.sentences[0].text == "3 articles have the words “Loy”, “Ann”:"


def test_who_published_is_no_mention(ledger: Ledger) -> None:
    outcome = listed(CatalogueQuery("kelp", True, Filter(), True), ledger, Filter())
    assert outcome.sentences[0].text == "1 article mentions “kelp”:"


def test_nothing_found_is_a_count_too(ledger: Ledger) -> None:
    outcome = listed(CatalogueQuery("whales", True, Filter(), True), ledger, Filter())
    assert (outcome.text, outcome.citations) == ("No article of the archive mentions “whales”.", ())


def test_the_count_is_whole_and_the_list_is_cut(ledger: Ledger) -> None:
    outcome = listed(
        CatalogueQuery("gulls", False, Filter(until="2019-12-31"), False), ledger, Filter(since="2019-01-01")
    )
    assert outcome.sentences[0].text.startswith(f"{LISTED + 2} articles mention “gulls” (")
    assert len(outcome.citations) == LISTED
    assert outcome.notice == f"The newest {LISTED} are listed; qa articles lists all."


def test_the_size_of_the_archive_is_told_without_a_list(ledger: Ledger) -> None:
    outcome = listed(CatalogueQuery("", False, Filter(), True), ledger, Filter())
    assert (outcome.text, outcome.citations) == (f"{LISTED + 5} articles.", ())


def test_a_summary_is_not_made_and_it_says_so(ledger: Ledger) -> None:
    outcome = listed(CatalogueQuery("lamp", False, Filter(), False, summed=True), ledger, Filter())
    assert (len(outcome.citations), outcome.notice) == (1, "The articles are listed; nothing sums them up.")


def test_the_assistant_counts_within_its_filter_and_after_other_turns(store: Store) -> None:
    assistant = Assistant(store, LexicalRetriever(store), FakeReader(), Extractive(store))
    question = Question("And Ben Roe?", (Turn("How many articles mention Ann Loy?", ()),))
    answer = assistant.answer(question)
    assert (answer.answered, answer.text) == (True, "No article of the archive mentions “Ben Roe”.")
    *events, _ = assistant.ask(Question("How many articles mention Ann Loy?", filter=Filter(until="2020-12-31")))
    (head, row) = (event.statement.text for event in events if isinstance(event, Verified))
    assert (head, row) == ("1 article mentions “Ann Loy”:", "\n\nThe lamp (2) — The Kelp — 2020 [1]")
