"""The doctor asks the configured model for a word, and says what to install or start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qa.llm.healthcheck import listens, ready, standings
from qa.llm.language_model import LanguageModel, language_model
from qa.settings import AnswerPart
from tests.faults import KINDS, Faults, faults, reply, said, stream
from tests.qa.llm.test_language_model import configured
from vectorstore.checks import Check


@pytest.fixture(scope="module")
def server() -> Iterator[Faults]:
    with faults() as running:
        yield running


def check(server: Faults) -> Check:
    def made(name: str) -> LanguageModel:
        return language_model(configured("ollama", server.address), name)

    [found] = ready("ollama", made)
    return found


def test_the_extractive_answerer_needs_no_check() -> None:
    def never(name: str) -> LanguageModel:
        raise AssertionError(name)

    assert list(ready("extractive", never)) == []


def test_a_model_that_says_a_word_is_well_and_need_not_say_more(server: Faults) -> None:
    server.will(stream(KINDS["ollama"], said("ollama")[:1], end="stall"))
    found = check(server)
    assert found.ok
    assert found.name == "answerer"
    assert found.detail.startswith("ollama: brand-new:7b answered within")
    assert len(server.asked) == 1


def test_a_key_file_that_cannot_be_meant_is_no_end_of_the_examination(server: Faults) -> None:
    part = {"base_url": server.address, "model": "m", "api_key_file": "~nosuchuser/key"}
    [found] = ready("openai", lambda name: language_model(AnswerPart.model_validate({"openai": part}), name))
    assert not found.ok
    assert "~nosuchuser/key" in found.detail


def test_a_model_that_is_not_there_is_named_with_what_to_type(server: Faults) -> None:
    server.will(reply(404, '{"error": "model \'brand-new:7b\' not found"}'))
    found = check(server)
    assert not found.ok
    assert "brand-new:7b" in found.detail
    assert found.hint == "Run: ollama pull brand-new:7b"


def test_every_answerer_is_told_with_what_it_lacks_and_nothing_is_sent_where_nothing_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(address: str) -> bool:
        raise AssertionError(address)

    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    config = AnswerPart.model_validate({"openai": {"model": "m"}})
    told = {one.name: one for one in standings(config, never)}
    assert list(told) == ["extractive", "openai", "ollama", "anthropic", "llama_cpp"]
    assert told["extractive"].missing == ""
    assert "OPENAI_API_KEY" in told["openai"].hint
    assert "[answer.ollama] model" in told["ollama"].hint
    assert told["llama_cpp"].missing  # the package or the path, whatever is installed here


def test_a_server_that_does_not_listen_is_told_with_its_address_and_the_setting() -> None:
    config = AnswerPart.model_validate({"ollama": {"model": "m", "host": "http://localhost:1"}})
    silent, heard = ({one.name: one for one in standings(config, reach)}["ollama"] for reach in (None, lambda _: True))
    assert "http://localhost:1" in silent.missing
    assert "[answer.ollama] host" in silent.hint
    assert heard.missing == ""


def test_a_server_that_takes_connections_listens_though_it_is_sent_nothing(server: Faults) -> None:
    before = len(server.asked)
    assert listens(server.address)
    assert len(server.asked) == before
