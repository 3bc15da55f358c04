"""A language model in this process, through llama-index's integration of llama.cpp."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from logging import ERROR, getLogger
from pathlib import Path
from threading import Lock
from typing import Any

from qa.llm.deadlines import BEAT, Call, Piece
from qa.llm.prompts import Prompt
from qa.types import Usage
from vectorstore.errors import AnswererMissing, ModelBroken, ModelCut, ModelError

CUT = "The model's answer reached its length limit."


class InProcess:
    """A GGUF model, loaded for the first question and then kept; it writes one answer at a time."""

    def __init__(self, path: Path, context: int, threads: int, tokens: int) -> None:
        self._path, self._context, self._threads, self._tokens = path, context, threads, tokens
        self._turn = Lock()
        self._llm: Any = None

    def __call__(self, prompt: Prompt, call: Call) -> Iterator[Piece]:
        """Yield the answer and its usage, counted by the model's tokenizer; raises ModelError."""
        while not self._turn.acquire(timeout=BEAT):
            if call.stopped:
                return
        try:
            yield from self._said(self._loaded(), prompt, call)
        finally:
            self._turn.release()

    def _loaded(self) -> Any:
        if self._llm is None:
            try:
                self._llm = self._load()
            except (ValueError, AssertionError, OSError):  # llama.cpp gives no better reason
                raise AnswererMissing(
                    f"{self._path} cannot be loaded.",
                    "Set [answer.llama_cpp] path to a GGUF file that llama.cpp supports.",
                ) from None
        return self._llm

    def _load(self) -> Any:
        """Load the model quietly; its own quiet mode would redirect everybody's terminal output meanwhile."""
        from llama_index.llms.llama_cpp import LlamaCPP  # 2 s, and the model itself

        with redirect_stderr(StringIO()):
            loaded = LlamaCPP(
                model_path=str(self._path),
                temperature=0.0,
                max_new_tokens=self._tokens,
                context_window=self._context,
                model_kwargs={"n_threads": self._threads} if self._threads else {},
                verbose=True,
            )
        loaded._model.verbose = False
        getLogger("llama-cpp-python").setLevel(ERROR)
        return loaded

    def _said(self, llm: Any, prompt: Prompt, call: Call) -> Iterator[Piece]:
        model = llm._model  # llama.cpp's own object, which knows the model's chat template; the integration does not
        given, room = _tokens(model, prompt.system) + _tokens(model, prompt.user), min(self._context, model.n_ctx())
        if given + self._tokens // 4 > room:
            raise ModelBroken(
                f"The question and its evidence need {given} of the model's {room} tokens.",
                "Raise [answer.llama_cpp] context, if the model allows more.",
            )
        said, reason = "", ""
        for chunk in _chunks(model, prompt, self._tokens):
            if call.stopped:
                return
            choice = chunk["choices"][0]
            piece = choice["delta"].get("content") or ""
            said, reason = said + piece, choice.get("finish_reason") or reason
            yield piece
        if failure := _failure(said, reason):
            raise failure
        yield Usage(given, _tokens(model, said))


def _chunks(model: Any, prompt: Prompt, tokens: int) -> Iterator[Any]:
    messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
    try:
        yield from model.create_chat_completion(messages=messages, stream=True, temperature=0.0, max_tokens=tokens)
    except (ValueError, RuntimeError) as error:  # a template that rejects the messages, a full context
        problem = " ".join(str(error).split())[:300]
    else:
        return
    raise ModelBroken(f"llama.cpp could not write an answer: {problem}", "Choose another model.")


def _failure(said: str, reason: str) -> ModelError | None:
    if reason == "length":
        return ModelCut(CUT, "Raise [answer] max_tokens or [answer.llama_cpp] context.")
    return None if said else ModelBroken("The model's answer was empty.", "Try again, or choose another model.")


def _tokens(model: Any, text: str) -> int:
    return len(model.tokenize(text.encode("utf-8"), add_bos=False, special=False))
