from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from qa.batch import run
from qa.batch.run import BatchOptions, Done
from qa.llm.prompts import Prompt
from tests.conftest import ROOT, CommandLine, Ran
from tests.fakes import FakeAnswerer, FakeLanguageModel
from vectorstore.errors import ModelBusy

Qa = Callable[..., Ran]
QUESTIONS = (
    "How far away can the S-400 hit a target?",
    "When did King Salman visit Moscow?",
    "Which football club won the Danish cup in 1987?",
    "What did Erdogan say about the S-400, and who sold it?",
    "Who visited Moscow?",
    "How many countries want to buy the S-400?",
    "What did Putin offer?",
    "Why does the United States oppose the purchase?",
)


@pytest.fixture
def model(qa: CommandLine) -> FakeLanguageModel:
    """A model in the place of the configured answerer: ten tokens in a question of five words, five out."""
    generator = FakeLanguageModel(lambda _: "It is said so here.")
    qa.parts["answerer"] = lambda *_: FakeAnswerer(generator)
    return generator


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """Four questions of five words."""
    path = tmp_path / "asked.txt"
    path.write_text("".join(f"Who bought the S{n} missile?\n" for n in range(4)))
    return path


def rows(output: Path) -> list[dict[str, Any]]:
    return [json.loads(raw) for raw in output.read_text("utf-8").splitlines()]


@pytest.mark.model
def test_several_workers_write_the_same_bytes_as_one_but_for_the_seconds(
    qa: Qa, seeds_store: Path, tmp_path: Path
) -> None:
    (tmp_path / "q.jsonl").write_text(
        "".join(
            json.dumps({"id": n, "question": QUESTIONS[n % 8], "since": f"{2010 + n % 3}"}) + "\n" for n in range(8)
        )
    )
    written = []
    for workers in (1, 4):
        out = tmp_path / f"{workers}.jsonl"
        assert qa("--store", seeds_store, "batch", tmp_path / "q.jsonl", "-o", out, "--workers", workers).code == 0
        written.append(re.sub(rb'"seconds": [\d.]+', b"", out.read_bytes()))
    assert written[0] == written[1]


@pytest.mark.usefixtures("model")
def test_the_tokens_of_all_answers_are_told_at_the_end(qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path) -> None:
    ran = qa("--store", seeds_store, "batch", asked, "-o", tmp_path / "out.jsonl")
    assert ran.code == 0
    assert "4 answered, 0 not in the archive, 0 failed. Tokens: 20 in, 20 out." in ran.err
    assert "Cost" not in ran.err


@pytest.mark.usefixtures("model")
def test_a_spent_token_budget_is_exit_1_and_says_how_to_go_on(
    qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    command = ("--store", seeds_store, "batch", asked, "-o", tmp_path / "out.jsonl")
    ran = qa(*command, "--max-tokens", "20")
    assert ran.code == 1
    assert "2 of 4 questions were not asked" in ran.err
    assert "higher --max-tokens" in ran.err
    assert len(rows(tmp_path / "out.jsonl")) == 2
    assert qa(*command, "--max-tokens", "1000").code == 0
    assert [row["question"] for row in rows(tmp_path / "out.jsonl")] == asked.read_text().splitlines()


@pytest.mark.usefixtures("model")
def test_a_budget_in_money_goes_by_the_configured_prices(
    qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text('[answer]\nprices = { "fake: words" = [1000, 3000] }\n')
    before = ("--config", tmp_path / "config.toml", "--store", seeds_store)
    ran = qa(*before, "batch", asked, "--max-cost", "0.05")
    assert (ran.code, len(ran.out.splitlines())) == (1, 3)
    assert "Cost: 0.0600." in ran.err


@pytest.mark.usefixtures("model")
def test_a_budget_in_money_for_an_answerer_without_a_price_is_exit_2(qa: Qa, seeds_store: Path, asked: Path) -> None:
    ran = qa("--store", seeds_store, "batch", asked, "--max-cost", "1")
    assert (ran.code, ran.out) == (2, "")
    assert "fake: words has no price." in ran.err
    assert '[answer] prices = { "fake: words" = [0.1, 0.5] }' in ran.err


def test_the_extractive_answerer_costs_nothing_and_needs_no_price(qa: Qa, seeds_store: Path, asked: Path) -> None:
    ran = qa("--store", seeds_store, "batch", asked, "--max-cost", "1", "--max-tokens", "1", "--answerer", "extractive")
    assert ran.code == 0
    assert "Tokens" not in ran.err


def test_rows_that_failed_on_a_busy_model_are_asked_again(
    qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path, model: FakeLanguageModel
) -> None:
    def busy(prompt: Prompt) -> str:
        if "S2" in prompt.user:
            raise ModelBusy("The server has too many requests.", "Try again later.", 30.0)
        return "It is said so here."

    model.script = busy
    command = ("--store", seeds_store, "batch", asked, "-o", tmp_path / "out.jsonl", "--workers", "2")
    assert qa(*command).code == 1
    assert [row["status"] for row in rows(tmp_path / "out.jsonl")] == ["ok", "ok", "error", "ok"]
    model.script, model.asked = lambda _: "It is said so now.", []
    assert qa(*command, "--retry-failed").code == 0
    assert [prompt.user for prompt in model.asked] == ["Who bought the S2 missile?"]
    assert rows(tmp_path / "out.jsonl")[2]["answer"] == "It is said so now."


def test_the_manifest_tells_what_the_answers_were_made_with(
    qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    command = ("--store", seeds_store, "batch", asked, "-o", tmp_path / "out.jsonl")
    assert qa(*command).code == 0
    facts = json.loads((tmp_path / "out.jsonl.manifest.json").read_text("utf-8"))
    assert (facts["questions"]["file"], facts["questions"]["count"]) == ("asked.txt", 4)
    assert (facts["archive"]["articles"], facts["answerer"]) == (5, "extractive")
    assert sum(facts["rows"].values()) == 4
    assert facts["runs"][0]["finished"]


def test_an_output_that_another_answerer_began_is_exit_2_and_left_alone(
    qa: CommandLine, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    command = ("--store", seeds_store, "batch", asked, "-o", out)
    qa(*command)
    before = out.read_bytes()
    model = FakeLanguageModel()
    qa.parts["answerer"] = lambda *_: FakeAnswerer(model)
    ran = qa(*command, "--retry-failed")
    assert ran.code == 2
    assert "was started with answerer = extractive, not fake: words." in ran.err
    assert (out.read_bytes(), model.asked) == (before, [])


def test_questions_that_the_output_does_not_hold_leave_its_manifest_alone(
    qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    command = ("--store", seeds_store, "batch", asked, "-o", tmp_path / "out.jsonl")
    qa(*command)
    manifest = tmp_path / "out.jsonl.manifest.json"
    before = manifest.read_bytes()
    asked.write_text("Who else?\n")
    assert qa(*command).code == 2
    assert manifest.read_bytes() == before


def test_answers_to_standard_output_and_to_a_device_have_no_manifest(
    qa: Qa, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    assert qa("--store", seeds_store, "batch", asked).code == 0
    assert qa("--store", seeds_store, "batch", asked, "-o", "/dev/null").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["asked.txt"]


def test_the_same_prompt_is_paid_for_once_in_all_batches_and_each_time_by_ask(
    qa: CommandLine, seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    model = FakeLanguageModel(lambda _: "It is said so here.", f"fake: {uuid4()}")  # the cache outlives a test run
    qa.parts["answerer"] = lambda wiring, *_: FakeAnswerer(wiring.remembering(model))
    qa("--store", seeds_store, "batch", asked, "-o", tmp_path / "a.jsonl", "--workers", "2")
    assert len(model.asked) == 4
    ran = qa("--store", seeds_store, "batch", asked, "-o", tmp_path / "b.jsonl", "--max-tokens", "1")
    assert (ran.code, len(model.asked)) == (0, 4)
    assert "Tokens: 0 in, 0 out, 40 from the cache." in ran.err
    assert [row["usage"]["cached"] for row in rows(tmp_path / "b.jsonl")] == [10] * 4
    for _ in range(2):
        qa("--store", seeds_store, "ask", "Who bought the S1 missile?")
    assert len(model.asked) == 6


@pytest.mark.parametrize(("options", "workers"), [((), 2), (("--workers", "1"), 1), (("--answerer", "ollama"), 1)])
def test_two_questions_are_quoted_for_at_once_unless_told_otherwise(
    qa: Qa, seeds_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], workers: int
) -> None:
    seen: list[int] = []

    def watched(*_: object, terms: BatchOptions, **__: object) -> Iterator[Done]:
        seen.append(terms.workers)
        yield Done(0, 0, 0)

    monkeypatch.setattr(run, "run", watched)
    monkeypatch.setenv("QA_ANSWER__OLLAMA__MODEL", "any")
    (tmp_path / "q.txt").write_text("Who said that?", encoding="utf-8")
    assert qa("--store", seeds_store, "batch", tmp_path / "q.txt", *options).code == 0
    assert seen == [workers]


@pytest.mark.parametrize("options", [("--workers", "0"), ("--workers", "many"), ("--rate", "0"), ("--max-tokens", "0")])
def test_limits_that_cannot_be_meant_are_exit_2(
    qa: Qa, seeds_store: Path, asked: Path, options: tuple[str, str]
) -> None:
    ran = qa("--store", seeds_store, "batch", asked, *options)
    assert (ran.code, ran.out) == (2, "")


PROGRAM = """
import signal, time
from qa.wiring import Wiring
from qa.batch import run
from qa.batch.run import BatchOptions, Done
from qa.llm.prompts import Prompt
from qa.cli import main
from tests.fakes import FakeAnswerer, FakeLanguageModel

def script(prompt):
    if "S0" not in prompt.user and "S1" not in prompt.user:
        time.sleep(60)  # a server that says nothing
    return "It is said so here."

signal.signal(signal.SIGINT, signal.default_int_handler)
Wiring.answerer = lambda *_: FakeAnswerer(FakeLanguageModel(script))
main()
"""


@pytest.mark.model
def test_an_interrupt_stops_several_workers_at_once_and_keeps_what_is_written(
    seeds_store: Path, asked: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-c", PROGRAM, "--store", seeds_store, "batch", asked, "-o", out, "--workers", "3"]
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        end = time.monotonic() + 60
        while not out.exists() or out.read_bytes().count(b"\n") < 2:
            assert time.monotonic() < end
            time.sleep(0.05)
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert time.monotonic() - began < 10
    assert "Interrupted." in err
    assert "Traceback" not in err
    assert len(rows(out)) == 2
