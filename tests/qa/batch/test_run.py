from __future__ import annotations

import io
import json
import os
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from qa.assistant import Assistant, checked
from qa.batch.budget import Budget
from qa.batch.run import BatchOptions, Done, run, usage_of
from qa.batch_input import Row, rows
from qa.types import NO_ANSWER, Answer, Answered, Event, Progress, Question, Retrieved, Token, Usage
from vectorstore.errors import AppError, StoreMissing, Unreachable, UsageError

ALONE = BatchOptions()
ODD = "Who said “no\u2028way\x85\x0c”?"  # what str.splitlines takes for ends of lines


@dataclass
class FakeAssistant:
    """Answers with the question itself; fails and is interrupted where it is told to."""

    failing: Sequence[str] = ()
    interrupted_at: str = ""
    unreachable_at: str = ""
    unreachable: type[AppError] = Unreachable
    asked: list[str] = field(default_factory=list)
    answerer: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="fake"))

    def ask(self, question: Question) -> Iterator[Event]:
        yield Retrieved(())
        yield Answered(self._answer(question))

    def _answer(self, question: Question) -> Answer:
        checked(question.text)
        self.asked.append(question.text)
        if question.text == self.interrupted_at:
            raise KeyboardInterrupt
        if question.text == self.unreachable_at:
            raise self.unreachable("The database does not answer.", "Check it.")
        if question.text in self.failing:
            raise AppError("It failed.", "Try again.")
        known = "?" in question.text
        return Answer(question.text, known, f"So: {question.text}" if known else NO_ANSWER, "fake", (), ())


def go(
    fake: FakeAssistant, asked: Sequence[Row], output: Path | None, *, retry: bool = False, terms: BatchOptions = ALONE
) -> Done:
    *_, last = run(cast(Assistant, fake), asked, output, io.StringIO(), retry=retry, terms=terms)
    assert isinstance(last, Done)
    return last


def jsonl(*values: dict[str, Any] | str) -> list[Row]:
    return rows("\n".join(value if isinstance(value, str) else json.dumps(value) for value in values), "jsonl")


def written(output: Path) -> list[dict[str, Any]]:
    return [json.loads(raw) for raw in output.read_bytes().decode("utf-8").split("\n")[:-1]]


def asked_in(output: Path) -> list[str]:
    return [value["question"] for value in written(output)]


def texts(number: int) -> list[Row]:
    return rows("\n".join(f"Question {n}?" for n in range(number)), "text")


def test_answers_stand_in_the_order_of_the_questions_with_their_counts(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = go(FakeAssistant(failing=["b?"]), rows("c?\nb?\na\n", "text"), out)
    assert asked_in(out) == ["c?", "b?", "a"]
    assert done == Done(answered=1, abstained=1, failed=1)


def test_a_failed_row_keeps_the_promised_form(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    go(FakeAssistant(failing=["b?"]), jsonl({"id": "q1", "question": "b?", "topic": "x"}), out)
    assert written(out) == [
        {
            "id": "q1",
            "question": "b?",
            "answered": False,
            "answer": None,
            "answerer": "fake",
            "citations": [],
            "sentences": [],
            "unanswered": [],
            "rewritten": None,
            "confidence": 0.0,
            "passages": [],
            "usage": None,
            "notice": "",
            "status": "error",
            "error": "It failed. Try again.",
            "seconds": 0.0,
            "input": {"topic": "x"},
        }
    ]


def test_progress_counts_every_row() -> None:
    steps = list(run(cast(Assistant, FakeAssistant()), texts(3), None, io.StringIO()))
    assert [(step.done, step.total) for step in steps if isinstance(step, Progress)] == [(1, 3), (2, 3), (3, 3)]


def test_without_an_output_the_answers_go_to_stdout() -> None:
    out = io.StringIO()
    list(run(cast(Assistant, FakeAssistant()), texts(2), None, out))
    assert [json.loads(raw)["question"] for raw in out.getvalue().splitlines()] == ["Question 0?", "Question 1?"]


def test_each_answer_is_on_disk_before_the_next_question(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    steps = run(cast(Assistant, FakeAssistant()), texts(3), out, io.StringIO())
    seen = [len(written(out)) for step in steps if isinstance(step, Progress)]
    assert seen == [1, 2, 3]


def test_a_finished_batch_asks_nothing_again(tmp_path: Path) -> None:
    out, fake = tmp_path / "out.jsonl", FakeAssistant(failing=["Question 1?"])
    first = go(fake, texts(3), out)
    before, fake.asked = out.read_bytes(), []
    assert go(fake, texts(3), out) == first
    assert fake.asked == []
    assert out.read_bytes() == before


@pytest.mark.parametrize("retry", [False, True])
def test_a_batch_that_is_told_to_stop_leaves_the_question_that_it_is_at_for_the_next_time(
    tmp_path: Path, retry: bool
) -> None:
    out, fake = tmp_path / "out.jsonl", FakeAssistant(failing=["Question 1?"])
    if retry:
        go(fake, texts(3), out)
    asked = fake.asked = []
    steps = run(
        cast(Assistant, fake), texts(3), out, io.StringIO(), retry=retry, stopped=lambda: "Question 1?" in asked
    )
    assert not any(isinstance(step, Done) for step in steps)
    assert [row["error"] for row in written(out)] == ([None, "It failed. Try again.", None] if retry else [None])
    fake.failing = ()
    assert go(fake, texts(3), out, retry=True).answered == 3


@pytest.mark.parametrize("at", [0, 1, 4])
def test_an_interrupted_batch_goes_on_and_holds_every_question_once(tmp_path: Path, at: int) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        go(FakeAssistant(interrupted_at=f"Question {at}?"), texts(5), out)
    assert len(written(out)) == at
    go(fake := FakeAssistant(), texts(5), out)
    assert asked_in(out) == [f"Question {n}?" for n in range(5)]
    assert len(fake.asked) == 5 - at


def test_a_last_line_torn_anywhere_is_dropped_and_asked_again(tmp_path: Path) -> None:
    asked = jsonl({"id": "ä", "question": "Über wen?"}, {"question": "b?"}, {"question": "c?"})
    go(FakeAssistant(), asked, tmp_path / "whole.jsonl")
    whole = (tmp_path / "whole.jsonl").read_bytes()
    for cut in range(len(whole)):
        out = tmp_path / "out.jsonl"
        out.write_bytes(whole[:cut])
        go(FakeAssistant(), asked, out)
        assert out.read_bytes() == whole, cut


def test_rows_that_are_no_json_match_their_failures_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    asked = jsonl("nonsense", {"question": "a?"}, {"id": "x"}, "{", {"question": ""}, {"question": "b?"})
    done = go(FakeAssistant(), asked, out)
    assert done == Done(answered=2, abstained=0, failed=4)
    before = out.read_bytes()
    assert go(fake := FakeAssistant(), asked, out) == done
    assert (fake.asked, out.read_bytes()) == ([], before)


def test_questions_with_odd_characters_are_found_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    asked = rows('{"question": "Who \\ud800 said?"}\n' + json.dumps({"id": "\x85", "question": ODD}), "jsonl")
    go(FakeAssistant(), asked, out)
    assert asked_in(out) == ["Who \ud800 said?", ODD]
    go(fake := FakeAssistant(), asked, out)
    assert fake.asked == []


@pytest.mark.parametrize("key", [1, 0, "", "a\nb", 1.5, False, [1], {"a": 1}])
def test_ids_of_any_kind_come_back_as_written_and_resume(tmp_path: Path, key: object) -> None:
    out = tmp_path / "out.jsonl"
    asked = jsonl({"id": key, "question": "a?"}, {"question": "a?"})
    go(FakeAssistant(), asked, out)
    assert [value["id"] for value in written(out)] == [key, None]
    go(fake := FakeAssistant(), asked, out)
    assert fake.asked == []


def test_rows_with_ids_resume_when_new_questions_were_added(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    first, second = {"id": 1, "question": "a?"}, {"id": 2, "question": "b?"}
    go(FakeAssistant(), jsonl(first), out)
    go(fake := FakeAssistant(), jsonl(first, second), out)
    assert fake.asked == ["b?"]
    assert asked_in(out) == ["a?", "b?"]


@pytest.mark.parametrize(
    "other",
    [
        [{"id": 1, "question": "other?"}],
        [{"id": 3, "question": "a?"}],
        [{"question": "a?"}],
        [{"id": 2, "question": "b?"}],
    ],
)
def test_an_output_with_other_questions_is_refused_and_left_alone(tmp_path: Path, other: list[dict[str, Any]]) -> None:
    out = tmp_path / "out.jsonl"
    go(FakeAssistant(), jsonl({"id": 1, "question": "a?"}), out)
    before = out.read_bytes()
    for retry in (False, True):
        with pytest.raises(UsageError, match="line 1"):
            go(FakeAssistant(), jsonl(*other), out, retry=retry)
    assert out.read_bytes() == before


def test_an_output_that_holds_a_question_twice_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    asked = jsonl({"id": 1, "question": "a?"})
    go(FakeAssistant(), asked, out)
    out.write_bytes(out.read_bytes() * 2)
    with pytest.raises(UsageError, match="line 2"):
        go(FakeAssistant(), asked, out)


@pytest.mark.parametrize(
    "content",
    [b"my notes\n", b"my notes", b'{"question": "a?"}\n', b"[]\n", b"\xff\xfe\n", b"\0\0\0\0", b"\n", b'{"id": 1}\n'],
)
def test_a_file_that_holds_no_answers_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(content)
    with pytest.raises(UsageError, match="not a file of answers"):
        go(FakeAssistant(), jsonl({"question": "a?"}), out)
    assert out.read_bytes() == content


@pytest.mark.parametrize("name", ["missing/out.jsonl", "."])
def test_an_output_that_cannot_be_written_is_named_before_anything_is_asked(tmp_path: Path, name: str) -> None:
    fake = FakeAssistant()
    with pytest.raises(AppError, match="cannot be written") as caught:
        go(fake, texts(1), tmp_path / name)
    assert not isinstance(caught.value, UsageError)
    assert str(tmp_path / name) in caught.value.message
    assert fake.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_said_in_words() -> None:
    with pytest.raises(AppError, match="No space left"):
        go(FakeAssistant(), texts(1), Path("/dev/full"))


def test_retrying_asks_the_failed_rows_only_and_keeps_the_order(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.jsonl", texts(5)
    go(FakeAssistant(failing=["Question 1?", "Question 3?"]), asked, out)
    done = go(fake := FakeAssistant(failing=["Question 3?"]), asked, out, retry=True)
    assert fake.asked == ["Question 1?", "Question 3?"]
    assert asked_in(out) == [row.text for row in asked]
    assert [value["status"] for value in written(out)] == ["ok", "ok", "ok", "error", "ok"]
    assert done == Done(answered=4, abstained=0, failed=1)


def test_retrying_an_unfinished_batch_asks_the_rest_too_each_at_once_on_disk(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.jsonl", texts(4)
    with pytest.raises(KeyboardInterrupt):
        go(FakeAssistant(failing=["Question 0?"], interrupted_at="Question 2?"), asked, out)
    with pytest.raises(KeyboardInterrupt):
        go(FakeAssistant(interrupted_at="Question 3?"), asked, out, retry=True)
    assert [value["status"] for value in written(out)] == ["ok", "ok", "ok"]
    go(FakeAssistant(), asked, out, retry=True)
    assert asked_in(out) == [row.text for row in asked]


def test_a_stop_while_retrying_keeps_what_was_answered_until_then(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.jsonl", texts(4)
    go(FakeAssistant(failing=[row.text for row in asked]), asked, out)
    with pytest.raises(KeyboardInterrupt):
        go(FakeAssistant(interrupted_at="Question 2?"), asked, out, retry=True)
    assert asked_in(out) == [row.text for row in asked]
    assert [value["status"] for value in written(out)] == ["ok", "ok", "error", "error"]


def test_retrying_leaves_no_temporary_file_and_the_permissions_as_they_were(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    go(FakeAssistant(failing=["Question 0?"]), texts(2), out)
    out.chmod(0o640)
    go(FakeAssistant(), texts(2), out, retry=True)
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["out.jsonl"]  # noqa: PTH208 - names, hidden ones too


def test_retrying_through_a_link_rewrites_the_file_behind_it(tmp_path: Path) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    go(FakeAssistant(failing=["Question 0?"]), texts(1), real)
    link.symlink_to(real)
    go(FakeAssistant(), texts(1), link, retry=True)
    assert link.is_symlink()
    assert written(real)[0]["status"] == "ok"


def test_retrying_drops_a_torn_last_line(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    go(FakeAssistant(failing=["Question 0?"]), texts(3), out)
    out.write_bytes(out.read_bytes()[:-20])
    go(FakeAssistant(), texts(3), out, retry=True)
    assert [value["status"] for value in written(out)] == ["ok", "ok", "ok"]


# several at once


@dataclass
class Uneven(FakeAssistant):
    """Takes the longer the earlier a question stands; each answer takes ten tokens."""

    def ask(self, question: Question) -> Iterator[Event]:
        time.sleep(0.02 / (1 + len(self.asked)))
        for event in super().ask(question):
            used = replace(event.answer, usage=Usage(7, 3)) if isinstance(event, Answered) else None
            yield Answered(used) if used else event


@dataclass
class Waiting(FakeAssistant):
    """Is silent until it is stopped, from the second question on."""

    stopped: list[str] = field(default_factory=list)
    silent: threading.Event = field(default_factory=threading.Event)

    def ask(self, question: Question) -> Iterator[Event]:
        try:
            while question.text != "Question 0?":
                self.silent.set()
                yield Token("")
                time.sleep(0.001)
            yield from super().ask(question)
        except GeneratorExit:
            self.stopped.append(question.text)
            raise


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_answers_of_several_workers_stand_in_the_order_of_the_questions(tmp_path: Path, workers: int) -> None:
    out, asked = tmp_path / "out.jsonl", texts(20)
    steps = list(run(cast(Assistant, Uneven()), asked, out, io.StringIO(), terms=BatchOptions(workers)))
    assert asked_in(out) == [row.text for row in asked]
    assert [step.done for step in steps if isinstance(step, Progress)] == list(range(1, 21))
    assert steps[-1] == Done(20, 0, 0, 0, Usage(140, 60))


def test_an_answer_of_several_workers_is_on_disk_when_all_before_it_are(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    steps = run(cast(Assistant, Uneven()), texts(9), out, io.StringIO(), terms=BatchOptions(3))
    assert [len(written(out)) for step in steps if isinstance(step, Progress)] == list(range(1, 10))


def test_failed_rows_are_asked_again_by_several_workers_in_their_places(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.jsonl", texts(9)
    go(FakeAssistant(failing=[row.text for row in asked[2:8]]), asked, out)
    assert go(fake := Uneven(), asked, out, retry=True, terms=BatchOptions(3)).answered == 9
    assert asked_in(out) == [row.text for row in asked]
    assert sorted(fake.asked) == [row.text for row in asked[2:8]]


def test_a_batch_of_several_workers_that_is_left_stops_what_is_under_way_and_keeps_the_rest(tmp_path: Path) -> None:
    out, waiting = tmp_path / "out.jsonl", Waiting()
    steps = run(cast(Assistant, waiting), texts(9), out, io.StringIO(), terms=BatchOptions(3))
    next(steps)
    assert waiting.silent.wait(10)
    began = time.monotonic()
    steps.close()
    assert time.monotonic() - began < 2
    assert asked_in(out) == ["Question 0?"]
    assert waiting.stopped
    assert "Question 8?" not in waiting.stopped  # what was not begun is not begun any more


@pytest.mark.parametrize("workers", [1, 4])
def test_an_interrupt_in_a_worker_ends_the_batch_and_keeps_what_stands_before(tmp_path: Path, workers: int) -> None:
    out = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        go(FakeAssistant(interrupted_at="Question 3?"), texts(9), out, terms=BatchOptions(workers))
    assert asked_in(out) == [f"Question {n}?" for n in range(3)]


# the budget


@pytest.mark.parametrize("workers", [1, 3])
def test_a_spent_budget_stops_before_the_next_question_and_keeps_what_is_done(tmp_path: Path, workers: int) -> None:
    out, asked = tmp_path / "out.jsonl", texts(20)
    done = go(Uneven(), asked, out, terms=BatchOptions(workers, budget=Budget(tokens=25)))
    assert 3 <= done.answered < 3 + workers  # what is under way is finished
    assert (done.left, done.usage) == (20 - done.answered, Usage(7 * done.answered, 3 * done.answered))
    assert asked_in(out) == [row.text for row in asked[: done.answered]]


def test_a_budget_counts_what_earlier_runs_took_and_a_higher_one_goes_on(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.jsonl", texts(6)
    go(Uneven(), asked, out, terms=BatchOptions(budget=Budget(tokens=20)))
    again = go(fake := Uneven(), asked, out, terms=BatchOptions(budget=Budget(tokens=20)))
    assert (fake.asked, again.answered, again.left) == ([], 2, 4)
    more = go(fake, asked, out, terms=BatchOptions(budget=Budget(tokens=50)))
    assert (fake.asked, more.left) == ([f"Question {n}?" for n in (2, 3, 4)], 1)


def test_a_spent_budget_asks_no_failed_row_again(tmp_path: Path) -> None:
    out, asked = tmp_path / "out.jsonl", texts(3)
    go(Uneven(failing=["Question 1?"]), asked, out)
    done = go(fake := Uneven(), asked, out, retry=True, terms=BatchOptions(budget=Budget(tokens=20)))
    assert (fake.asked, done) == ([], Done(2, 0, 1, 1, Usage(14, 6)))


@pytest.mark.parametrize("used", [None, "many", {}, {"prompt": "x", "completion": None}, {"tokens": 3}, [1]])
def test_what_others_wrote_as_usage_counts_nothing(used: object) -> None:
    assert usage_of({"usage": used}) == Usage()


@pytest.mark.parametrize("kind", [Unreachable, StoreMissing])
def test_a_database_that_cannot_be_asked_ends_a_batch_which_goes_on_later(tmp_path: Path, kind: type[AppError]) -> None:
    output, asked = tmp_path / "out.jsonl", texts(5)
    with pytest.raises(kind):
        go(FakeAssistant(unreachable_at="Question 2?", unreachable=kind), asked, output)
    assert asked_in(output) == ["Question 0?", "Question 1?"]
    fake = FakeAssistant()
    assert go(fake, asked, output).failed == 0
    assert (fake.asked, asked_in(output)) == ([f"Question {n}?" for n in (2, 3, 4)], [row.text for row in asked])
