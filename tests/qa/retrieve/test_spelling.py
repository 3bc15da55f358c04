from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from qa.answer.extractive import Extractive
from qa.assistant import Assistant
from qa.retrieve.search import LexicalRetriever
from qa.retrieve.understand import corrected, near
from qa.types import Question, Turn
from tests.fakes import FakeReader
from tests.vectorstore.build import filled, record
from vectorstore.store import Store

WHOLE = frozenset("evacuated marvin write".split())  # words that the vocabulary has, though no article does


def pieces(words: Sequence[str]) -> list[int]:
    return [1 if word.lower() in WHOLE else 2 for word in words]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    records = [
        record("/a.txt", "Keeper Ilse Corvin resigned. The refinery was evaluated. Martin drove to Brixen."),
        record("/b.txt", "The coral was dyed. The reef was vast. Müller wrote of kelp."),
        *(record(f"/{n}.txt", f"The volcano erupted {n} times.") for n in range(4)),
        record("/c.txt", "A volcino is a bird. The carol was sung."),
    ]
    with Store.open(filled(tmp_path_factory.mktemp("spelling") / "store", *records)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Why did Ilse Corvn go?", "Why did Ilse Corvin go?"),
        ("Why did Ilse Crovin go?", "Why did Ilse Corvin go?"),
        ("Why did corvinn go?", "Why did Corvin go?"),
        ("Why did Corvin resgin?", "Why did Corvin resigned?"),
        ("the refinary of brixan", "the refinery of Brixen"),
        ("When did the volcaino erupt?", "When did the volcano erupt?"),
        ("Volcanno?", "Volcano?"),
        ("What did Mueler and Muller write?", "What did Mueler and Muller write?"),
    ],
)
def test_a_word_one_edit_away_from_the_archives_is_read_as_that(store: Store, text: str, right: str) -> None:
    assert corrected(text, store.ledger, pieces)[0] == right


@pytest.mark.parametrize(
    "text",
    [
        "How many were evacuated?",  # a word, though no article has it
        "What did Marvin say?",
        "Who lives in Brigen?",  # a name with another consonant is another name
        "Who is Corvoni?",
        "What is corol?",  # coral or carol
        "the ref of 1234 and ree",
        "Who is Orvin?",  # the first letter is seldom wrong
        "Was Evaluatedd built?",  # no name of the archive
        "船蛆为什么关闭东码头？",
        "",
    ],
)
def test_what_may_be_another_word_is_left_alone(store: Store, text: str) -> None:
    assert corrected(text, store.ledger, pieces) == (text, ())


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        *((other, True) for other in ("abd", "abxd", "abdc", "abcde", "xabcd", "abxcd")),
        *((other, False) for other in ("abcd", "badce", "dbca", "ab", "")),
    ],
)
def test_one_edit_is_one_letter_or_two_neighbours(other: str, expected: bool) -> None:
    assert near("abcd", other) is near(other, "abcd") is expected


def test_what_was_mended_is_said_and_the_question_stays(store: Store) -> None:
    assistant = Assistant(store, LexicalRetriever(store), FakeReader(), Extractive(store), pieces=pieces)
    answer = assistant.answer(Question("Why did Ilse Corvn go?"))
    assert answer.question == "Why did Ilse Corvn go?"
    assert answer.rewritten == "Why did Ilse Corvin go?"
    assert answer.notice == "Also searched for: Corvin for “Corvn”."
    then = assistant.answer(Question("When did she go?", (Turn("Why did Ilse Corvn go?", ()),)))
    assert then.rewritten == "When did Ilse Corvin go?"


def test_a_question_as_typed_is_left_alone(store: Store) -> None:
    assistant = Assistant(store, LexicalRetriever(store), FakeReader(), Extractive(store), pieces=pieces)
    answer = assistant.answer(Question("Hello, why did Ilse Corvn go?", as_typed=True))
    assert answer.rewritten is None
    assert answer.notice == ""
