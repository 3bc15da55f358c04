"""Questions are made of names by rule, and offered only where the archive answers them with that very sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.archive import Archive
from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.suggest import OFFERED, candidates, suggested
from qa.types import NO_ANSWER, Answer, Citation
from tests.fakes import FakeEmbedder
from vectorstore.articles import Article
from vectorstore.ledger import Ledger
from vectorstore.store import Store

HARBOUR = """Harbour plan divides Sorrel Point

Anna Verlaine, the mayor of Sorrel Point, opened the meeting on Tuesday. Anna Verlaine said the Harrow Ferry would come
back before the summer. Old Mill, the yard behind the church, is to be sold.

The quay was closed in March, the Port Office said on Friday. Nobody knows who will pay for the Harrow Ferry.
“Sometimes the Port Office forgets us,” said a fisherman."""
GERMAN = """Der Hafen bleibt zu

Anna Verlaine, die Bürgermeisterin der Stadt, eröffnete am Dienstag die Sitzung und sagte nichts über den Hafen."""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    (tmp_path / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (tmp_path / "hafen.txt").write_text(GERMAN, encoding="utf-8")
    list(ingest(tmp_path / "archive", Request((tmp_path,)), FakeEmbedder))
    return Store.open(tmp_path / "archive").ledger


def article(ledger: Ledger, name: str) -> Article:
    return ledger.article(next(one.article.id for one in ledger.articles() if one.article.source.endswith(name)))


def answering(ledger: Ledger, confidence: float = 0.9, shift: int = 0) -> Callable[[str], Answer]:
    """Answer a question with the sentence that it was made of, or with one so many places after it."""

    def ask(question: str) -> Answer:
        for one in ledger.articles():
            whole, sentences = ledger.article(one.article.id), ledger.sentences(one.article.id)
            for candidate in candidates(whole, sentences):
                if candidate.question == question:
                    at = sentences[sentences.index(candidate.sentence) + shift]
                    quote = whole.text[at.start : at.end]
                    cited = Citation(1, one.article, at.start, at.end, quote)
                    return Answer(question, True, quote, "extractive", (cited,), (), confidence)
        return Answer(question, False, NO_ANSWER, "extractive", (), ())

    return ask


def test_who_is_introduced_and_who_said_something_of_the_subject_is_asked_for(ledger: Ledger) -> None:
    one = article(ledger, "harbour.txt")
    assert [candidate.question for candidate in candidates(one, ledger.sentences(one.id))] == [
        "What did Anna Verlaine say about the Harrow Ferry?",
        "Who is Anna Verlaine?",
    ]


def test_nothing_is_made_of_a_language_whose_names_cannot_be_told(ledger: Ledger) -> None:
    one = article(ledger, "hafen.txt")
    assert candidates(one, ledger.sentences(one.id)) == []


def test_a_question_is_offered_only_once_for_one_person_and_where_the_archive_is_sure(ledger: Ledger) -> None:
    keys = [one.article.id for one in ledger.articles()]
    assert list(suggested(ledger, keys, answering(ledger))) == ["What did Anna Verlaine say about the Harrow Ferry?"]
    assert list(suggested(ledger, keys, answering(ledger, confidence=0.6))) == []
    assert list(suggested(ledger, keys, answering(ledger, shift=1))) == []
    assert list(suggested(ledger, [], answering(ledger))) == []


@pytest.mark.model
def test_the_seeds_suggest_questions_that_they_answer(seeds_store: Path) -> None:
    with Archive.open(seeds_store) as archive:
        keys = [one.article.id for one in archive.articles()]
        found = list(suggested(archive.store.ledger, keys, lambda text: archive.ask(text, answerer="extractive")))
        assert 2 <= len(found) <= OFFERED
        assert all(archive.ask(question).answered for question in found)
