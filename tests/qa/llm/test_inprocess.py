"""llama.cpp in this process, by a stand-in for its module: compiling the real one takes ten minutes."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from qa.llm.inprocess import InProcess
from qa.llm.language_model import TimedModel
from qa.llm.prompts import Prompt
from qa.types import Usage
from vectorstore.errors import AnswererMissing, ModelBroken, ModelSlow

PROMPT = Prompt("be brief", "what is it")


class Model:
    """What llama.cpp's own object does."""

    def __init__(self) -> None:
        self.pieces: list[str] = ["It is ", "a tower."]
        self.reason = "stop"
        self.given: dict[str, Any] = {}
        self.wait = threading.Event()
        self.stalls = False
        self.verbose = True

    def tokenize(self, text: bytes, add_bos: bool, special: bool) -> list[int]:
        assert not add_bos
        assert not special
        return list(range(len(text.split())))

    def n_ctx(self) -> int:
        return 4096

    def create_chat_completion(self, **given: Any) -> Iterator[dict[str, Any]]:
        self.given = given
        if "raise" in self.pieces:
            raise ValueError("System role not supported")
        yield from self._chunks()

    def _chunks(self) -> Iterator[dict[str, Any]]:
        yield {"choices": [{"delta": {"role": "assistant"}, "finish_reason": None}]}
        for piece in self.pieces:
            yield {"choices": [{"delta": {"content": piece}, "finish_reason": None}]}
            if self.stalls:
                self.wait.wait(10)
        yield {"choices": [{"delta": {}, "finish_reason": self.reason}]}


class LlamaCPP:
    """What llama-index makes of it."""

    made: ClassVar[list[dict[str, Any]]] = []
    model: ClassVar[Model]

    def __init__(self, **given: Any) -> None:
        if "broken" in given["model_path"]:
            raise ValueError("Failed to load model from file")
        if given["verbose"]:
            print("llama_model_loader: loaded meta data with 36 key-value pairs", file=sys.stderr)
        self.made.append(given)
        self._model = self.model


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    module = ModuleType("llama_index.llms.llama_cpp")
    module.LlamaCPP = LlamaCPP  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "llama_index.llms.llama_cpp", module)
    LlamaCPP.model = Model()
    LlamaCPP.made.clear()
    return LlamaCPP.model


def patient(path: str = "small.gguf", seconds: float = 10, context: int = 64) -> TimedModel:
    return TimedModel("llama_cpp: small", context, InProcess(Path(path), context, 2, 16), seconds)


def test_an_answer_comes_in_pieces_with_the_models_own_counts(model: Model) -> None:
    pieces = [piece for piece in patient().stream(PROMPT) if piece]
    assert pieces == ["It is ", "a tower.", Usage(5, 4)]
    assert model.given["temperature"] == 0.0
    assert [message["content"] for message in model.given["messages"]] == ["be brief", "what is it"]


@pytest.mark.usefixtures("model")
def test_the_model_is_loaded_once_with_the_settings() -> None:
    answerer = patient()
    assert LlamaCPP.made == []
    for _ in range(2):
        list(answerer.stream(PROMPT))
    [made] = LlamaCPP.made
    assert (made["model_path"], made["context_window"], made["model_kwargs"]) == ("small.gguf", 64, {"n_threads": 2})


def test_loading_says_nothing_and_leaves_the_terminal_to_others(
    model: Model, capfd: pytest.CaptureFixture[str]
) -> None:
    list(patient().stream(PROMPT))
    [made] = LlamaCPP.made
    assert made["verbose"], "not so, llama.cpp's binding points both descriptors of the terminal elsewhere meanwhile"
    assert not model.verbose
    assert capfd.readouterr() == ("", "")


def test_an_answer_that_is_too_long_is_none(model: Model) -> None:
    model.reason = "length"
    with pytest.raises(ModelBroken, match="reached its length limit"):
        list(patient().stream(PROMPT))


def test_what_llama_cpp_cannot_do_is_told(model: Model) -> None:
    model.pieces = ["raise"]
    with pytest.raises(ModelBroken, match="System role not supported"):
        list(patient().stream(PROMPT))


def test_an_empty_answer_is_none(model: Model) -> None:
    model.pieces = []
    with pytest.raises(ModelBroken, match="answer was empty"):
        list(patient().stream(PROMPT))


@pytest.mark.usefixtures("model")
def test_a_prompt_that_the_model_has_no_room_for_is_not_given_to_it() -> None:
    with pytest.raises(ModelBroken, match=r"need 202 of the model's 64 tokens"):
        list(patient().stream(Prompt("be brief", "word " * 200)))


@pytest.mark.usefixtures("model")
def test_a_file_that_is_no_model_is_named() -> None:
    with pytest.raises(AnswererMissing, match=r"broken\.gguf cannot be loaded"):
        list(patient("broken.gguf").stream(PROMPT))


def test_a_model_that_takes_too_long_is_given_up(model: Model) -> None:
    model.stalls = True
    with pytest.raises(ModelSlow):
        list(patient(seconds=0.3).stream(PROMPT))
    model.wait.set()


def test_a_cancelled_answer_is_not_written_on_and_the_next_can_begin(model: Model) -> None:
    model.stalls = True
    answerer = patient()
    pieces = answerer.stream(PROMPT)
    next(piece for piece in pieces if piece)
    model.wait.set()
    pieces.close()  # type: ignore[attr-defined]
    model.stalls = False
    assert [piece for piece in answerer.stream(PROMPT) if isinstance(piece, str) and piece] == ["It is ", "a tower."]
