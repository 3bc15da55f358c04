"""Each provider against a server that answers: whole, in pieces, for any model's name; and what is missing is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from qa.answer.generate import generator
from qa.answer.prompts import Prompt
from qa.config import AnswerPart
from qa.types import Usage
from tests.faults import PROVIDERS, TEXT, Faults, faults, whole

PROMPT = Prompt("Answer from the passages.", "Was it sold – naïvely? 日本")


def configured(provider: str, address: str, **settings: Any) -> AnswerPart:
    part: dict[str, Any] = {"model": "brand-new:7b", **settings.pop("part", {})}
    part["host" if provider == "ollama" else "base_url"] = address + ("/v1" if provider == "openai" else "")
    return AnswerPart.model_validate({provider: part, "deadline": 20.0, **settings})


@pytest.fixture(scope="module")
def server() -> Iterator[Faults]:
    with faults() as running:
        yield running


def text_of(pieces: list[str | Usage]) -> str:
    return "".join(piece for piece in pieces if isinstance(piece, str))


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("model", ["brand-new:7b", "o1-mini", "org/Model Name", "claude-opus-5"])
def test_any_name_of_a_model_goes_to_the_server_in_the_one_request_that_is_sent(
    server: Faults, provider: str, model: str
) -> None:
    server.will(whole(provider))
    pieces = list(generator(configured(provider, server.address, part={"model": model}), provider).stream(PROMPT))
    assert text_of(pieces) == TEXT
    assert pieces[-1] == Usage(11, 7)
    [asked] = server.asked
    assert asked.body["model"] == model
    assert PROMPT.user in str(asked.body["messages"])
    assert asked.body["stream"] is True
