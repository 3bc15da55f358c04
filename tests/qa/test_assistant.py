from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.answer.extractive import Extractive
from qa.assistant import LONGEST, Assistant, checked, left_out
from qa.language.detect import CEILING
from qa.retrieve.hybrid import HybridRetriever
from qa.retrieve.search import DenseRetriever, Diversifier, LexicalRetriever
from qa.settings import AnswerPart, Config
from qa.types import NO_ANSWER, Answer, Answered, Question, Retrieved, Turn, Verified
from qa.wiring import wire
from tests.fakes import FakeAnswerer, FakeLanguageModel, FakeReader
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Filter
from vectorstore.errors import UsageError
from vectorstore.store import Store

KNOWN = Question("How far away can the S-400 hit a target?")


@pytest.fixture(scope="module")
def store(seeds_store: Path) -> Iterator[Store]:
    with Store.open(seeds_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def assistant(store: Store) -> Assistant:
    return wire(Config(), Path(store.ledger.database.name).parent).assistant(store)


def test_evidence_comes_first_then_the_answer_in_pieces_then_the_answer(assistant: Assistant) -> None:
    first, *pieces, last = assistant.ask(KNOWN)
    assert isinstance(first, Retrieved)
    assert isinstance(last, Answered)
    assert last.answer.passages == first.passages
    said = " ".join(piece.statement.text for piece in pieces if isinstance(piece, Verified))
    assert said == (last.answer.text if last.answer.answered else "")


def test_answer_is_the_last_event(assistant: Assistant) -> None:
    *_, last = assistant.ask(KNOWN)
    assert isinstance(last, Answered)
    assert replace(assistant.answer(KNOWN), seconds=0) == replace(last.answer, seconds=0)


def test_this_week_is_that_of_the_day_of_asking(assistant: Assistant) -> None:
    first = assistant.answer(KNOWN).citations[0].article.published
    assert first
    day = date.fromisoformat(first)
    text = KNOWN.text.replace("?", " since this week?")
    then, later = (assistant.answer(Question(text, asked=asked)) for asked in (day, day.replace(day.year + 9)))
    assert later.confidence < then.confidence


def consistent(answer: Answer, store: Store) -> None:
    """Hold an answer to what every answer promises."""
    markers = {int(marker) for marker in re.findall(r"\[(\d+)\]", answer.text)}
    assert answer.answered == bool(answer.citations)
    assert (answer.text == NO_ANSWER) == (not answer.answered)
    assert markers == {citation.number for citation in answer.citations}
    for citation in answer.citations:
        assert store.ledger.article(citation.article.id).text[citation.start : citation.end] == citation.quote
    assert [hit.score for hit in answer.passages] == sorted((hit.score for hit in answer.passages), reverse=True)
    assert len(answer.passages) <= 20
    assert answer.seconds > 0


@pytest.mark.parametrize(
    "text",
    [
        KNOWN.text,
        "Who visited Moscow?",
        "Which countries bought the S-400?",
        "When did King Salman travel to Moscow?",
        "Who won the Danish cup in 1987?",
        "x",
        "Did Turkey pay a deposit?",
    ],
)
def test_every_answer_keeps_what_answers_promise(assistant: Assistant, store: Store, text: str) -> None:
    consistent(assistant.answer(Question(text)), store)


def test_the_same_question_gets_the_same_answer(assistant: Assistant) -> None:
    question = replace(KNOWN, asked=date(2020, 1, 1))
    assert replace(assistant.answer(question), seconds=0) == replace(assistant.answer(question), seconds=0)


def test_all_five_articles_are_among_the_evidence(assistant: Assistant) -> None:
    assert len({hit.article.id for hit in assistant.answer(KNOWN).passages}) == 5


def test_a_filter_holds_for_evidence_and_citations(assistant: Assistant) -> None:
    answer = assistant.answer(replace(KNOWN, filter=Filter(since="2017-10-13", until="2017-10-13")))
    assert {hit.article.published for hit in answer.passages} == {"2017-10-13"}
    assert {citation.article.published for citation in answer.citations} <= {"2017-10-13"}


def test_a_filter_that_nothing_passes_abstains_without_evidence(assistant: Assistant) -> None:
    answer = assistant.answer(replace(KNOWN, filter=Filter(publishers=("nobody",))))
    assert (answer.text, answer.passages, answer.citations) == (NO_ANSWER, (), ())
    assert answer.notice == "No article passes the filter “published by nobody”."


def test_turns_before_may_carry_answers_or_not(assistant: Assistant, store: Store) -> None:
    for turn in (Turn("Who sold the S-400 to Turkey?"), Turn("Who sold the S-400 to Turkey?", ("Russia did.",))):
        consistent(assistant.answer(Question("And when did it do that?", (turn,) * 5)), store)


def test_a_follow_up_takes_the_person_of_the_quotes_not_the_publisher_that_the_answer_names(tmp_path: Path) -> None:
    folder = filled(
        tmp_path / "store",
        record("/a.txt", "Liz Truss has quit as prime minister. It was a Thursday.", publisher="The Daily Herald"),
        record("/b.txt", "Snow fell in the north. Buses stopped for twelve days."),
    )
    with Store.open(folder) as store:
        spread = Diversifier(HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store), 3, store)
        assistant = Assistant(store, spread, FakeReader(), Extractive(store, 0))
        first = assistant.answer(Question("Who resigned?"))
        assert "The Daily Herald" in first.text
        then = assistant.answer(Question("What did she say?", (first.turn,)))
        typed = assistant.answer(Question("What did she say?", (first.turn,), as_typed=True))
    assert then.rewritten == "What did Liz Truss say?"
    assert typed.rewritten is None


def test_the_least_confidence_decides_how_sure_an_answer_must_be(store: Store) -> None:
    sure = wire(Config(), Path(store.ledger.database.name).parent).assistant(store).answer(KNOWN).confidence
    for least in (0.0, sure - 0.01, sure + 0.01, 1.0):
        answer = (
            wire(Config(answer=AnswerPart(min_confidence=least)), Path(store.ledger.database.name).parent)
            .assistant(store)
            .answer(KNOWN)
        )
        assert (answer.answered, answer.confidence) == (sure >= least, sure)


def test_an_abstention_says_how_sure_it_was(assistant: Assistant) -> None:
    answer = assistant.answer(Question("Who won the Danish cup in 1987?"))
    assert not answer.answered
    assert 0 < answer.confidence < assistant.answer(KNOWN).confidence <= 1


@pytest.mark.parametrize("text", ["", " ", "?!", "\n", "…", "—"])
def test_a_question_without_a_word_is_refused(assistant: Assistant, text: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        next(iter(assistant.ask(Question(text))))


def test_a_question_may_be_as_long_as_the_limit_and_no_longer() -> None:
    checked("x" * LONGEST)
    with pytest.raises(UsageError, match=f"{LONGEST + 1:,} characters"):
        checked("x" * (LONGEST + 1))


def test_undated_articles_are_counted_only_where_a_date_filter_leaves_them_out(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a.txt"), record("/b.txt", "Snow fell.", published="2020"))
    with Store.open(folder) as store:
        assert left_out(store, Filter()) == ""
        assert left_out(store, Filter(publishers=("x",))) == ""
        assert left_out(store, Filter(since="2019-01-01")) == "The date filter excludes 1 undated article."


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over three articles of a few sentences."""
    folder = filled(
        tmp_path / "small",
        record("/ships.txt", "Turkey sold old ships to Chile. It was paid in gold.", publisher="The Post"),
        record("/snow.txt", "Snow fell in the north. Buses stopped for twelve days.", title="Winter"),
        record("/banks.txt", "Banks lent money to farmers. Rates rose in May.", title="Money"),
    )
    with Store.open(folder) as store:
        spread = Diversifier(HybridRetriever(DenseRetriever(store, EMBEDDER), LexicalRetriever(store), store), 3, store)
        yield Assistant(store, spread, FakeReader(), Extractive(store))


@pytest.mark.parametrize(
    "text",
    [
        "Wer ist der Präsident?",
        "Où habite Élise ?",
        "谁是中国国防部长？",
        "من هو الرئيس؟",
        "Кто президент?",
        "🙂 a",
        "x\x00y",
        '"snow',
        "snow AND OR NOT NEAR(",
        "it",
        "(((a",
        "e\u0301",
        "a" * LONGEST,
    ],
)
def test_whatever_is_asked_gets_an_answer_or_an_abstention(small: Assistant, text: str) -> None:
    for question in (Question(text), Question(text, (Turn(text), Turn("Who sold ships?", ("Turkey did.",))))):
        answer = small.answer(question)
        assert answer.answered is bool(answer.citations)
        assert answer.answered or answer.text == NO_ANSWER


def test_an_answer_from_another_source_than_the_question_names_says_so(tmp_path: Path) -> None:
    records = (record("/a", "Whales came.", publisher="Herald"), record("/b", "It rained.", publisher="Reuters"))
    with Store.open(filled(tmp_path / "store", *records)) as opened:
        answerer = FakeAnswerer(FakeLanguageModel(lambda _: "Whales."))
        asked = Assistant(opened, LexicalRetriever(opened), FakeReader(), Extractive(opened), answerer)
        answer = asked.answer(Question("What did Reuters say about whales?"))
    assert [citation.article.publisher for citation in answer.citations] == ["Herald"]
    assert answer.notice == "Nothing published by Reuters answers this; the answer is from elsewhere."


def test_an_answer_in_another_language_is_less_sure_and_says_so(tmp_path: Path) -> None:
    text = "Die Brücke über die Ahle ist gesperrt, weil in einem der mittleren Pfeiler ein Riss entdeckt wurde."
    with Store.open(filled(tmp_path / "store", record("/a.txt", text))) as opened:
        hybrid = HybridRetriever(DenseRetriever(opened, EMBEDDER), LexicalRetriever(opened), opened)
        ranked = Diversifier(hybrid, 5, opened)
        answer = Assistant(opened, ranked, FakeReader(), Extractive(opened)).answer(Question(f"Warum? {text}"))
    assert answer.answered
    assert answer.confidence <= CEILING
    assert "trained on English" in answer.notice
