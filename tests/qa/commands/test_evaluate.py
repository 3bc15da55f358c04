"""`qa eval` on the seeds, with the packaged model."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.types import Answer, Question
from tests.conftest import Ran

pytestmark = pytest.mark.model
Qa = Callable[..., Ran]
KNOWN = {
    "id": "known",
    "question": "How far away can the S-400 hit a target?",
    "gold": ["kilomet"],
    "answer": "Zanzibar",
    "kind": "fact",
}
UNKNOWN = {"id": "unknown", "question": "Which football club won the Danish cup in 1987?", "answerable": False}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: object, name: str = "q.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
        return path

    return write


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: timeless(item) for key, item in value.items() if key != "seconds"}
    return [timeless(item) for item in value] if isinstance(value, list) else value


def test_two_runs_print_the_same_json_but_for_the_seconds(qa: Qa, seeds_store: Path, written: Any) -> None:
    path = written({**KNOWN, "answer": []}, UNKNOWN)
    first, second = (qa("--quiet", "--store", seeds_store, "eval", path, "--json") for _ in range(2))
    assert (first.code, first.err) == (0, "")
    value = json.loads(first.out)
    assert json.dumps(timeless(value)) == json.dumps(timeless(json.loads(second.out)))
    assert value["measures"]["answer in a quote"]["value"] == 1.0
    assert value["measures"]["abstention recall"]["value"] == 1.0
    assert value["misses"] == []


def test_the_table_and_the_misses_go_to_stdout_progress_to_stderr(qa: Qa, seeds_store: Path, written: Any) -> None:
    ran = qa("--store", seeds_store, "eval", written(KNOWN, UNKNOWN))
    assert ran.code == 0
    assert "false abstentions" in ran.out
    assert "known: How far away" in ran.out
    assert "expected: Zanzibar" in ran.out
    assert "Answering" not in ran.out


def test_the_report_is_written_as_one_page(qa: Qa, seeds_store: Path, written: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = qa("--store", seeds_store, "eval", written(KNOWN, UNKNOWN), "--report", page)
    assert ran.code == 0
    assert str(page) in ran.err
    assert "Zanzibar" in page.read_text("utf-8")


def test_several_files_are_kinds_and_a_csv_is_read_too(qa: Qa, seeds_store: Path, written: Any) -> None:
    table = written("id,question,answer,answerable", "a,Who won the cup?,,false", name="traps.csv")
    ran = qa("--store", seeds_store, "eval", written({**KNOWN, "kind": ""}), table, "--json")
    assert set(json.loads(ran.out)["kinds"]) == {"q", "traps"}


def test_rows_that_are_piped_in_are_jsonl(qa: Qa, seeds_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(UNKNOWN).encode()), "utf-8"))
    ran = qa("--store", seeds_store, "eval", "-", "--json")
    assert (ran.code, json.loads(ran.out)["questions"]) == (0, 1)


def test_ctrl_c_leaves_the_figures_of_the_questions_asked_by_then(
    qa: Qa, seeds_store: Path, written: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = Assistant.answer

    def until_the_second(assistant: Assistant, question: Question) -> Answer:
        if question.text == UNKNOWN["question"]:
            raise KeyboardInterrupt
        return answered(assistant, question)

    monkeypatch.setattr(Assistant, "answer", until_the_second)
    ran = qa("--store", seeds_store, "eval", written(KNOWN, UNKNOWN), "--json")
    assert ran.code == 130
    assert "Only 1 of 2 questions" in ran.err
    assert json.loads(ran.out)["questions"] == 1


def test_a_row_that_fails_is_told_and_the_exit_code_is_1(qa: Qa, seeds_store: Path, written: Any) -> None:
    ran = qa("--store", seeds_store, "eval", written({"question": "?!", "answer": "x"}, UNKNOWN), "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["failed"] == 1
    assert "empty" in json.loads(ran.out)["misses"][0]["why"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "There are no questions in"),
        (["{"], "line 1 is not JSON"),
        ([KNOWN, '{"id": 1}'], "line 2 has no question"),
        ([{"question": "Who?", "gold": "("}], "invalid pattern"),
        ([{"question": "Who?"}], "No row says what is expected"),
        ([KNOWN, KNOWN], "Lines 1 and 2 have the same id"),
    ],
)
def test_files_that_cannot_be_meant_are_refused_with_a_way_out(
    qa: Qa, seeds_store: Path, written: Any, rows: list[object], said: str
) -> None:
    ran = qa("--store", seeds_store, "eval", written(*rows))
    assert (ran.code, ran.out) == (2, "")
    message, hint = ran.err.splitlines()
    assert said in message
    assert hint.strip()


def test_only_fields_of_the_question_can_be_ignored(qa: Qa, seeds_store: Path, written: Any) -> None:
    assert qa("--store", seeds_store, "eval", written(KNOWN), "--ignore", "asked").code == 0
    ran = qa("--store", seeds_store, "eval", written(KNOWN), "--ignore", "answer")
    assert ran.code == 2
    assert "history" in ran.err


def test_a_report_that_cannot_be_written_is_an_error_that_names_it(
    qa: Qa, seeds_store: Path, written: Any, tmp_path: Path
) -> None:
    ran = qa("--store", seeds_store, "eval", written(UNKNOWN), "--report", tmp_path / "no" / "page.html")
    assert ran.code == 1
    assert "page.html cannot be written" in ran.err
    assert "abstention recall" in ran.out


def test_a_missing_archive_is_said_before_any_question(qa: Qa, written: Any, tmp_path: Path) -> None:
    ran = qa("--store", tmp_path / "none", "eval", written(KNOWN))
    assert (ran.code, ran.out) == (1, "")
