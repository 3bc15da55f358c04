"""Saved conversations: what was shown is what comes back."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from qa.conversations import Conversations, SavedTurn, UnknownConversation, stale
from qa.types import NO_ANSWER, Answer, Citation, Statement, Usage, Verdict
from vectorstore.articles import Filter, Hit, Reference, Sentence
from vectorstore.errors import StoreDamaged

PLACE = Reference("a1", "/a.txt", "https://a.example/", "A title", "A paper", "2019-03")
CITATION = Citation(1, PLACE, 4, 9, "quote", ((4, 6), (7, 9)))
HIT = Hit(3, PLACE, 0, 20, "the quote in its place", (Sentence(0, 20, 0),), 0.5, (replace(PLACE, id="a2"),))
ANSWER = Answer("What?", True, "“quote” [1]", "extractive", (CITATION,), (HIT,), seconds=0.1)
NONE = Answer("Why?", False, NO_ANSWER, "extractive", (), (HIT,), seconds=0.2)
SCOPE = Filter(("A paper",), "2019-01-01", None, ("*.txt",), ("a1",))


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "new" / "conversations.db")


def test_a_turn_comes_back_as_it_was_shown_without_what_only_the_answerer_needs(kept: Conversations) -> None:
    key = kept.create()
    kept.append(key, SavedTurn("What?", ANSWER, SCOPE, "2026-01-01T00:00:00+00:00"))
    (turn,) = kept.load(key).turns
    shown = replace(ANSWER, passages=(replace(HIT, sentences=()),))
    assert turn == SavedTurn("What?", shown, SCOPE, "2026-01-01T00:00:00+00:00")


def test_what_a_model_said_comes_back_with_its_verdicts(kept: Conversations) -> None:
    said = (
        Statement("“quote” [1]", Verdict.SUPPORTED, (1,)),
        Statement("More [1]", Verdict.WRONG_SOURCE, (1,)),
        Statement("A lie", Verdict.UNSUPPORTED),
    )
    answer = replace(
        ANSWER, passages=(), answerer="ollama: tiny", confidence=0.5, sentences=said, unanswered=("why?",),
        rewritten="What is it?", usage=Usage(812, 64), notice="Asked twice.",
    )  # fmt: skip
    key = kept.create()
    kept.append(key, SavedTurn("What?", answer))
    assert kept.load(key).turns[0].answer == answer


def test_a_filter_that_was_saved_when_it_had_one_publisher_comes_back(kept: Conversations, tmp_path: Path) -> None:
    keys = kept.create(), kept.create()
    older = json.dumps({"publisher": "Another", "since": None, "until": None, "sources": [], "articles": []})
    with sqlite3.connect(tmp_path / "new" / "conversations.db") as db:
        db.execute("UPDATE conversations SET filter = ? WHERE id = ?", (older, keys[0]))
        db.execute("UPDATE conversations SET filter = ? WHERE id = ?", (older.replace('"Another"', "null"), keys[1]))
    db.close()
    assert [kept.load(key).filter for key in keys] == [Filter(("Another",)), Filter()]


def test_a_citation_that_was_saved_before_answers_were_marked_comes_back(kept: Conversations, tmp_path: Path) -> None:
    key = kept.create()
    kept.append(key, SavedTurn("What?", ANSWER))
    with sqlite3.connect(tmp_path / "new" / "conversations.db") as db:
        db.execute("UPDATE turns SET answer = json_remove(answer, '$.citations[0].answers')")
    db.close()
    (turn,) = kept.load(key).turns
    assert turn.answer is not None
    assert turn.answer.citations == (replace(CITATION, answers=()),)


def test_a_question_is_kept_before_its_answer_and_the_answer_is_put_beside_it(kept: Conversations) -> None:
    key = kept.create()
    first = kept.append(key, SavedTurn("What?"))
    second = kept.append(key, SavedTurn("Why?"))
    kept.answer(key, first, ANSWER)
    assert [(t.question, t.answer is not None) for t in kept.load(key).turns] == [("What?", True), ("Why?", False)]
    assert second == first + 1


def test_the_first_question_names_the_conversation_and_a_given_title_stays(kept: Conversations) -> None:
    unnamed, named = kept.create(), kept.create("Mine")
    for key in (unnamed, named):
        kept.append(key, SavedTurn("What\n is  it?"))
    assert kept.load(unnamed).title == "What is it?"
    assert kept.load(named).title == "Mine"


def test_the_list_is_newest_first_with_the_number_of_turns(kept: Conversations) -> None:
    old, new = kept.create("old"), kept.create("new")
    kept.append(new, SavedTurn("one"))
    kept.append(old, SavedTurn("two"))
    kept.append(old, SavedTurn("three"))
    assert [(one.title, one.turns) for one in kept.list()] == [("old", 2), ("new", 1)]
    assert [one.title for one in kept.list(limit=1)] == ["old"]


@pytest.mark.parametrize(
    ("search", "found"),
    [("", 2), ("quote", 1), ("WHY archive", 1), ("what why", 0), ("100%", 1), ("_", 0), ("\\", 0), ("Percent", 1)],
)
def test_the_search_wants_every_word_in_title_questions_or_answers(
    kept: Conversations, search: str, found: int
) -> None:
    first, second = kept.create("Percent: 100%"), kept.create("Other")
    kept.append(first, SavedTurn("What?", ANSWER))
    kept.append(second, SavedTurn("Why?", NONE))
    assert len(kept.list(search)) == found


def test_a_conversation_is_renamed_and_deleted_with_its_turns(kept: Conversations, tmp_path: Path) -> None:
    key = kept.create()
    kept.append(key, SavedTurn("What?", ANSWER))
    kept.rename(key, "A name")
    assert kept.load(key).title == "A name"
    kept.delete(key)
    assert kept.list() == []
    with sqlite3.connect(tmp_path / "new" / "conversations.db") as db:
        assert db.execute("SELECT count(*) FROM turns").fetchone() == (0,)
    db.close()


def test_an_unknown_conversation_is_named_in_the_error(kept: Conversations) -> None:
    for call in (
        lambda: kept.load("nope"),
        lambda: kept.delete("nope"),
        lambda: kept.rename("nope", "x"),
        lambda: kept.append("nope", SavedTurn("x")),
        lambda: kept.answer("nope", 0, ANSWER),
        lambda: kept.set_filter("nope", SCOPE),
    ):
        with pytest.raises(UnknownConversation, match="nope"):
            call()


def test_the_filter_set_last_is_part_of_the_conversation(kept: Conversations) -> None:
    key = kept.create(scope=Filter(("Another",)))
    assert kept.load(key).filter == Filter(("Another",))
    kept.append(key, SavedTurn("What?", filter=SCOPE))
    assert kept.load(key).filter == SCOPE
    kept.set_filter(key, Filter())
    assert kept.load(key).filter == Filter()


def test_earlier_questions_come_oldest_first_each_once(kept: Conversations) -> None:
    key = kept.create()
    for question in ("one", "two", "one", "three"):
        kept.append(key, SavedTurn(question))
    assert list(kept.questions()) == ["two", "one", "three"]
    assert list(kept.questions(limit=1)) == ["three"]


def test_lone_surrogates_and_control_characters_are_kept_without_failing(kept: Conversations) -> None:
    key = kept.create()
    kept.append(key, SavedTurn("a\ud800b\x00\x1b[31m", replace(ANSWER, text="\udfff")))
    (turn,) = kept.load(key).turns
    assert turn.question == "a?b\x00\x1b[31m"
    assert turn.answer is not None
    assert turn.answer.text == "\udfff"


def test_writers_in_several_threads_lose_no_turn(kept: Conversations) -> None:
    key = kept.create()

    def write(name: int) -> None:
        for number in range(5):
            kept.append(key, SavedTurn(f"{name}-{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({turn.question for turn in kept.load(key).turns}) == 20


def test_a_file_that_is_no_database_is_named_with_a_way_out(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    path.write_bytes(b"not a database, but long enough to be read as a header " * 40)
    with pytest.raises(StoreDamaged, match=r"conversations\.db") as caught:
        Conversations(path).list()
    assert "move the file away" in caught.value.hint


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE turns SET answer = '7'",
        "UPDATE turns SET answer = '{}'",
        "UPDATE turns SET answer = json_remove(answer, '$.citations[0].quote')",
        "UPDATE turns SET filter = '[]'",
        "UPDATE turns SET question = x'80'",
        "UPDATE conversations SET title = x'80'",
    ],
)
def test_nonsense_among_what_was_saved_is_named(kept: Conversations, tmp_path: Path, damage: str) -> None:
    key = kept.create()
    kept.append(key, SavedTurn("What?", ANSWER))
    with closing(sqlite3.connect(tmp_path / "new" / "conversations.db")) as database:
        database.execute(damage)
        database.commit()
    with pytest.raises(StoreDamaged, match=r"conversations\.db make no sense"):
        kept.load(key)
    assert isinstance(kept.questions(), list)


@pytest.mark.parametrize(("text", "is_stale"), [("the quote", False), ("a quote, moved", True), (None, True)])
def test_a_citation_is_stale_where_the_archive_no_longer_bears_it_out(text: str | None, is_stale: bool) -> None:
    assert stale(CITATION, lambda key: text if key == "a1" else None) is is_stale
