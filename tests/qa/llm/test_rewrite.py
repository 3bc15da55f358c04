from __future__ import annotations

import pytest

from qa.llm.rewrite import Rewriter
from qa.retrieve.followup import Earlier
from tests.fakes import FakeLanguageModel
from vectorstore.errors import ModelBusy

BEFORE = (Earlier("Who lit the lamp of Sorrel Point?", ("Ann lit it.",)),)


def rewritten(said: str, text: str = "And when?") -> str:
    return Rewriter(FakeLanguageModel(lambda _: said)).rewritten(text, BEFORE).text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("When was the lamp of Sorrel Point lit?", "When was the lamp of Sorrel Point lit?"),
        ("Rewritten question: When was the lamp lit?", "When was the lamp lit?"),
        ("1. When was the lamp lit?\n2. Who lit the lamp?", "When was the lamp lit? Who lit the lamp?"),
        ("Sure!\n\nWhen was the lamp lit?", "When was the lamp lit?"),
        ("\x1b]0;x\x07When was the lamp lit?", "When was the lamp lit?"),
    ],
)
def test_questions_that_a_model_says_are_taken(said: str, expected: str) -> None:
    assert rewritten(said) == expected


@pytest.mark.parametrize(
    "said",
    ["", "It was lit in 1911.", "What is the capital of Brazil?", "Why was the lamp lit " + "so very " * 60 + "late?"],
)
def test_what_is_no_rewriting_leaves_the_question_as_it_is(said: str) -> None:
    assert rewritten(said) == "And when?"


def test_a_model_that_cannot_be_asked_leaves_the_question_as_it_is() -> None:
    model = FakeLanguageModel(lambda _: ["When ", ModelBusy("Too many requests.")])
    assert Rewriter(model).rewritten("And when?", BEFORE).text == "And when?"


def test_what_the_model_took_is_told() -> None:
    used = Rewriter(FakeLanguageModel(lambda _: "When was the lamp lit?")).rewritten("And when?", BEFORE).usage
    assert (used.prompt > 0, used.completion) == (True, 5)
