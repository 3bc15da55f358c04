"""Each provider against a server that answers: whole, in pieces, for any model's name; and what is missing is named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from qa.llm.language_model import EXTRAS, language_model
from qa.llm.prompts import Prompt
from qa.settings import AnswerPart
from qa.types import Usage
from tests.faults import PROVIDERS, TEXT, Faults, faults, reply, whole
from vectorstore.errors import AnswererMissing, UsageError

PROMPT = Prompt("Answer from the passages.", "Was it sold – naïvely? 日本")


def configured(provider: str, address: str, **settings: Any) -> AnswerPart:
    part: dict[str, Any] = {"model": "brand-new:7b", **settings.pop("part", {})}
    part["host" if provider == "ollama" else "base_url"] = address + ("/v1" if provider == "openai" else "")
    return AnswerPart.model_validate({provider: part, "deadline": 200.0, **settings})


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
    pieces = list(language_model(configured(provider, server.address, part={"model": model}), provider).stream(PROMPT))
    assert text_of(pieces) == TEXT
    assert pieces[-1] == Usage(11, 7)
    [asked] = server.asked
    assert asked.body["model"] == model
    assert PROMPT.user in str(asked.body["messages"])
    assert asked.body["stream"] is True


@pytest.mark.parametrize(
    ("field", "status", "body"),
    [
        ("max_tokens", 400, {"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens"}}),
        ("temperature", 400, {"error": {"message": "temperature is not supported with this model"}}),
        ("stream_options", 422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"]}]}),
    ],
)
def test_a_field_that_a_server_does_not_know_is_left_out_from_then_on(
    server: Faults, field: str, status: int, body: object
) -> None:
    server.will(reply(status, json.dumps(body)), whole("openai"))
    model = language_model(configured("openai", server.address), "openai")
    for _ in range(2):
        assert text_of(list(model.stream(PROMPT))) == TEXT
    first, second, third = (asked.body for asked in server.asked)
    assert field in first
    assert field not in second
    assert second == third
    assert ("max_completion_tokens" in second) == (field == "max_tokens")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_tokens_are_estimated_where_the_server_does_not_count_them(server: Faults, provider: str) -> None:
    server.will(whole(provider, tokens=(0, 0)))
    usage = list(language_model(configured(provider, server.address), provider).stream(PROMPT))[-1]
    assert isinstance(usage, Usage)
    assert usage.prompt == pytest.approx((len(PROMPT.system) + len(PROMPT.user)) / 4, abs=2)
    assert usage.completion >= 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_object_serves_several_threads(server: Faults, provider: str) -> None:
    server.will(whole(provider))
    model = language_model(configured(provider, server.address, deadline=200), provider)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: text_of(list(model.stream(PROMPT))), range(8)))
    assert answers == [TEXT] * 8


def test_the_name_is_the_providers_and_the_models() -> None:
    model = language_model(configured("ollama", "http://localhost:1"), "ollama")
    assert model.name == "ollama: brand-new:7b"
    assert model.window == 8192


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_model_that_is_not_set_is_named_with_its_setting(provider: str) -> None:
    with pytest.raises(AnswererMissing) as caught:
        language_model(AnswerPart(), provider)
    assert f"[answer.{provider}] model" in caught.value.hint


def test_an_extra_that_is_not_installed_is_named_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRAS, "openai", "llama_index.llms.no_such_integration")
    with pytest.raises(AnswererMissing) as caught:
        language_model(AnswerPart(), "openai")
    assert caught.value.hint == 'Run: pip install "footnote-qa[openai]"'


@pytest.mark.parametrize("path", ["", "no-such.gguf"])
def test_a_gguf_file_that_is_not_there_is_named_with_its_setting(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRAS, "llama_cpp", "llama_index.core")  # compiling the real one takes ten minutes
    with pytest.raises(AnswererMissing) as caught:
        language_model(AnswerPart.model_validate({"llama_cpp": {"path": path}}), "llama_cpp")
    assert "[answer.llama_cpp] path" in caught.value.hint


def test_a_gguf_file_of_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRAS, "llama_cpp", "llama_index.core")
    with pytest.raises(UsageError, match="~nosuchuser"):
        language_model(AnswerPart.model_validate({"llama_cpp": {"path": "~nosuchuser/m.gguf"}}), "llama_cpp")


def test_an_answerer_is_made_without_loading_a_library() -> None:
    code = (
        "import sys; from qa.settings import AnswerPart; from qa.llm.language_model import EXTRAS, language_model\n"
        "language_model(AnswerPart.model_validate({'ollama': {'model': 'm'}}), 'ollama')\n"
        "print(*{name.partition('.')[0] for name in sys.modules} & {'openai', 'ollama', 'anthropic', 'torch', 'nltk'})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
