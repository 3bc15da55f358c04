"""Sources that a question names, told by the archive's own publishers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.hints import labels, mentioned, spellings
from vectorstore.articles import Publisher

PAPERS = (
    Publisher("cnn.com", "cnn.com", 9),
    Publisher("usatoday.com", "usatoday.com", 8),
    Publisher("The New York Times", "nytimes.com", 7),
    Publisher("The Verge", "theverge.com", 6),
    Publisher("Press TV", None, 5),
    Publisher("bbc.co.uk", "bbc.co.uk", 4),
    Publisher("Reuters", None, 3),
    Publisher("theweek.co.uk", "theweek.co.uk", 2),
    Publisher("latimes.com", "latimes.com", 1),
    Publisher("Harbour gazette", None, 1),
)


@pytest.mark.parametrize(
    ("text", "publisher", "without"),
    [
        ("According to The Verge, who won?", "The Verge", "Who won?"),
        ("Who won according to the Verge?", "The Verge", "Who won?"),
        ("Who won, according to CNN?", "cnn.com", "Who won?"),
        ("Who won, according to www.cnn.com?", "cnn.com", "Who won?"),
        ("Who won, according to cnn.com?", "cnn.com", "Who won?"),
        ("According to USA Today, who won?", "usatoday.com", "Who won?"),
        ("According to the NYT, who won?", "The New York Times", "Who won?"),
        ("According to the New York Times, who won?", "The New York Times", "Who won?"),
        ("According to the LA Times, who won?", "latimes.com", "Who won?"),
        ("According to the Los Angeles Times, who won?", "latimes.com", "Who won?"),
        ("What did Reuters say about snow?", "Reuters", "What did say about snow?"),
        ("What has Press TV reported on snow?", "Press TV", "What has reported on snow?"),
        ("What was said of snow in the BBC’s report?", "bbc.co.uk", "What was said of snow?"),
        ("Which law, as reported by Reuters, was passed?", "Reuters", "Which law, was passed?"),
        ("According to The Week, who won?", "theweek.co.uk", "Who won?"),
        ("Who won, according to the Harbour gazette?", "Harbour gazette", "Who won?"),
        ("According to the new york times, who won?", "The New York Times", "Who won?"),
        ("What did the harbour gazette report?", "Harbour gazette", "What did report?"),
    ],
)
def test_a_source_is_known_by_any_of_its_names(text: str, publisher: str | None, without: str | None) -> None:
    found = mentioned(text, PAPERS)
    assert (found.publisher.name if found else None) == publisher
    assert (found.without if found else None) == without


@pytest.mark.parametrize(
    "text",
    [
        "According to the White House, who won?",
        "Who bought CNN?",
        "What did the president say about the BBC?",
        "What happened this week?",
        "According to CNN’s Jake Tapper, who won?",
        "According to people that voted, who won?",
        "What did the nearest yacht tell?",
        "According to nine young tailors, who won?",
        "According to Al Jazeera, who won?",
        "Why did Reuters move its office?",
        "According to whom?",
        "",
    ],
)
def test_a_publisher_that_is_spoken_of_and_one_that_the_archive_lacks_are_no_source(text: str) -> None:
    assert mentioned(text, PAPERS) is None


def test_of_two_publishers_that_are_called_alike_the_one_with_most_articles_is_meant() -> None:
    papers = (Publisher("The Times", None, 9), Publisher("times.example", "times.example", 2))
    found = mentioned("According to The Times, who won?", papers)
    assert found is not None
    assert found.publisher is papers[0]


def test_an_archive_without_publishers_has_no_sources() -> None:
    assert mentioned("According to CNN, who won?", ()) is None


def test_words_may_stand_as_their_initials() -> None:
    assert {"nyt", "nytimes", "newyorktimes"} <= spellings("The New York Times")
    assert spellings("Reuters") == {"reuters"}


def test_a_hosts_own_part_is_a_name_and_its_endings_are_not() -> None:
    found = labels(Publisher(None, "edition.bbc.co.uk", 1))
    assert "bbc" in found
    assert not found & {"co", "uk", "edition"}


@given(st.text(max_size=120))
def test_any_text_can_be_asked_for_its_source(text: str) -> None:
    found = mentioned(f"According to {text}", PAPERS)
    assert found is None or found.words in f"According to {text}"
