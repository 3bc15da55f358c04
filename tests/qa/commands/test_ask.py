from __future__ import annotations

import json
import typing
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from qa.answer.compose import shown
from qa.commands.ask import followed
from qa.progress import ProgressNarrator
from qa.settings import Answerer
from qa.types import NO_ANSWER, Answer, Answered, Citation, Retrieved, Statement, Token, Verdict, Verified
from tests.conftest import CommandLine, Ran
from tests.fakes import FakeAnswerer, FakeLanguageModel
from tests.models import tiny_cross_encoder
from vectorstore.articles import Reference

Qa = Callable[..., Ran]
QUESTION = "How far away can the S-400 hit a target?"


@pytest.fixture
def model(qa: CommandLine) -> FakeLanguageModel:
    """A model in the place of the configured answerer; what it says of Mars is unsupported."""
    generator = FakeLanguageModel(lambda _: "Up to 400 kilometres. It was built on Mars.")
    judge = lambda sentence: Verdict.UNSUPPORTED if "Mars" in sentence else Verdict.SUPPORTED  # noqa: E731
    qa.parts["answerer"] = lambda *_: FakeAnswerer(generator, judge)
    return generator


@pytest.mark.parametrize("command", ["ask", "batch"])
def test_the_help_names_every_answerer(qa: Qa, command: str) -> None:
    shown = qa(command, "--help").out
    assert [name for name in typing.get_args(Answerer) if name not in shown] == []


def test_an_answerer_that_there_is_not_is_exit_2_with_those_that_there_are(qa: Qa, seeds_store: Path) -> None:
    ran = qa("--store", seeds_store, "ask", QUESTION, "--answerer", "nobody")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no answerer 'nobody'." in ran.err
    assert "Answerers: extractive, ollama, openai, anthropic, llama_cpp." in ran.err


def test_the_typed_answerer_wins_over_the_configured_one(qa: Qa, seeds_store: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[answer]\nanswerer = "llama_cpp"\n')
    before = ("--config", tmp_path / "config.toml", "--store", seeds_store)
    assert qa(*before, "ask", QUESTION).code == 1
    ran = qa(*before, "ask", QUESTION, "--answerer", "extractive", "--json")
    assert (ran.code, json.loads(ran.out)["answerer"]) == (0, "extractive")


def test_a_mistyped_word_is_mended_unless_the_question_is_asked_as_typed(qa: Qa, seeds_store: Path) -> None:
    typed = ("--store", seeds_store, "ask", "What did the Kremln say about the missile sale?", "--json")
    assert "Kremlin" in (json.loads(qa(*typed).out)["rewritten"] or "")
    assert json.loads(qa(*typed, "--as-typed").out)["rewritten"] is None


@pytest.mark.usefixtures("model")
def test_unsupported_sentences_are_printed_only_with_show_unsupported(qa: Qa, seeds_store: Path) -> None:
    plain, shown = (
        qa("--store", seeds_store, "ask", QUESTION),
        qa("--store", seeds_store, "ask", QUESTION, "--show-unsupported"),
    )
    assert plain.out.startswith("Up to 400 kilometres.\n")
    assert "Mars" not in plain.out
    assert "  ✗ It was built on Mars.\n" in shown.out


@pytest.mark.usefixtures("model")
def test_json_carries_the_verdicts_and_the_usage(qa: Qa, seeds_store: Path) -> None:
    row = json.loads(qa("--store", seeds_store, "ask", QUESTION, "--json").out)
    assert [said["verdict"] for said in row["sentences"]] == ["supported", "unsupported"]
    assert (row["answer"], row["answerer"]) == ("Up to 400 kilometres.", "fake: words")
    assert (row["usage"]["prompt"], row["usage"]["completion"]) == (10, 9)


def test_a_draft_of_which_nothing_is_supported_reaches_no_stream(
    qa: Qa, seeds_store: Path, model: FakeLanguageModel
) -> None:
    model.script = lambda _: "It was built on Mars."
    ran = qa("--store", seeds_store, "ask", QUESTION)
    assert ran.out.startswith(NO_ANSWER)
    assert "Mars" not in ran.out + ran.err


ANSWER = Answer("And he?", False, NO_ANSWER, "fake", (), (), rewritten="And Putin?")
EVENTS = (
    Retrieved((), "The date filter excludes 2 undated articles.", ("searched for: And Putin?", "prefer since 2018")),
    Token("It was "),
    Token("built on Mars."),
    Verified(Statement("It was built on Mars.", Verdict.UNSUPPORTED)),
    Token("It rained"),
    Verified(Statement("It rained [1].", citations=(1,))),
    Answered(ANSWER),
)


@pytest.mark.parametrize(("options", "said"), [((), False), (("-v",), True), (("--verbose",), True)])
def test_how_a_question_was_understood_is_said_where_it_is_asked_for(
    qa: CommandLine, seeds_store: Path, options: tuple[str, ...], said: bool
) -> None:
    qa.parts["asking"] = lambda *_: SimpleNamespace(ask=lambda _: EVENTS)
    ran = qa("--store", seeds_store, "ask", "And he?", *options)
    assert ("searched for: And Putin?\nprefer since 2018\n" in ran.err) == said
    assert "searched for" not in ran.out
    assert "The date filter excludes 2 undated articles." in ran.err


def test_only_sentences_that_are_shown_stay_in_the_draft() -> None:
    drawn: list[tuple[str, str]] = []
    draft = SimpleNamespace(write=lambda text: drawn.append(("", text)), settle=lambda text: drawn.append((text, "")))
    narrator = SimpleNamespace(say=lambda _: None, draft=lambda: nullcontext(draft))
    assert followed(EVENTS, cast(ProgressNarrator, narrator)) is ANSWER
    assert drawn == [("", "It was "), ("", "built on Mars."), ("", ""), ("", "It rained"), ("It rained [1].", "")]


def test_the_words_that_answer_reach_json_with_their_offsets_and_a_pipe_without_a_sign(
    qa: CommandLine, seeds_store: Path
) -> None:
    cited = Citation(1, Reference("a" * 16, "/a"), 10, 25, "Lit on 3\n March", ((17, 25),))
    text = shown(cited).text
    answer = Answer("When?", True, text, "x", (cited,), (), sentences=(Statement(text, citations=(1,)),))
    qa.parts["asking"] = lambda *_: SimpleNamespace(ask=lambda _: (Answered(answer),))
    plain, row = qa("--store", seeds_store, "ask", "When?"), qa("--store", seeds_store, "ask", "When?", "--json")
    assert plain.out.startswith("“Lit on 3 March”\n\n[1]")
    assert "\x1b" not in plain.out
    assert json.loads(row.out)["citations"][0]["answers"] == [{"start": 17, "end": 25}]


@pytest.mark.model
def test_a_configured_reranker_ranks_the_passages_that_are_found(qa: Qa, seeds_store: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[search]\nreranker = "{tiny_cross_encoder(tmp_path / "tiny")}"\n')
    plain = qa("--store", seeds_store, "search", QUESTION, "--json")
    first, second = (
        qa("--config", tmp_path / "config.toml", "--store", seeds_store, "search", QUESTION, "--json") for _ in range(2)
    )
    assert (first.code, "cross-encoder" in first.err, "cross-encoder" in plain.err) == (0, True, False)
    passages, before, again = (json.loads(ran.out) for ran in (first, plain, second))
    scores = [passage["score"] for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert {p["article"] for p in passages} == {p["article"] for p in before}
    assert passages != before
    assert passages == again


def test_a_reranker_that_is_not_there_is_exit_1_and_named(qa: Qa, seeds_store: Path, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[search]\nreranker = "no-such-model"\n')
    ran = qa("--config", tmp_path / "config.toml", "--store", seeds_store, "ask", QUESTION)
    assert (ran.code, ran.out) == (1, "")
    assert "cross-encoder/no-such-model" in ran.err
    assert "Traceback" not in ran.err
