"""The LanguageModel protocol, and building the configured model."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from qa.config import expanded
from qa.llm.addresses import origin
from qa.llm.deadlines import RETRIES, Call, Piece, patiently
from qa.llm.http_errors import Server
from qa.llm.keys import Key, find_key, unspoken
from qa.llm.prompts import Prompt
from qa.types import Usage
from vectorstore.errors import AnswererMissing

if TYPE_CHECKING:
    from qa.settings import AnswerPart, AnthropicPart, OpenAIPart


class LanguageModel(Protocol):
    """A language model that writes any number of answers; several threads may share it."""

    @property
    def name(self) -> str:
        """The provider and the model: "openai: gpt-oss-20b"."""
        ...

    @property
    def window(self) -> int:
        """The context window: how many tokens a prompt and its answer may take together."""
        ...

    def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
        """Yield the answer in pieces, empty ones while the model is silent, and finally its Usage.

        Closing the iterator stops the model. Raises ModelError if the answer is incomplete; discard what came before.
        """
        ...


class Provider(Protocol):
    """Asks one model once, blocking until it answers."""

    def __call__(self, prompt: Prompt, call: Call) -> Iterator[Piece]:
        """Yield the answer in pieces and finally its Usage; raises ModelError."""
        ...


@dataclass(frozen=True, slots=True)
class TimedModel:
    """A provider with a deadline, retries and cancellation."""

    name: str
    window: int
    provider: Provider
    seconds: float
    retries: int = RETRIES
    key: Key = Key("")

    def stream(self, prompt: Prompt) -> Iterator[str | Usage]:
        """Yield the answer in pieces, empty ones while the model is silent, and finally its Usage.

        A server that echoes its key is not repeated.
        """
        with closing(patiently(partial(self.provider, prompt), self.seconds, self.retries)) as pieces:
            yield from unspoken(pieces, self.key)


EXTRAS = {  # each provider's llama-index integration, installed by its extra
    "openai": "llama_index.llms.openai_like",
    "ollama": "llama_index.llms.ollama",
    "anthropic": "llama_index.llms.anthropic",
    "llama_cpp": "llama_index.llms.llama_cpp",
}


START = {  # what to do about a server that cannot be reached
    "openai": "Start the server, or set [answer.openai] base_url to its address, which usually ends in /v1.",
    "ollama": "Start it with `ollama serve`, or set [answer.ollama] host to its address.",
    "anthropic": "Check that this machine is online, and check [answer.anthropic] base_url.",
}


def server_address(config: AnswerPart, name: str) -> str:
    """Return the address that is configured for an answerer's server; "" for none, or for the provider's own."""
    return {"openai": config.openai.base_url, "ollama": config.ollama.host, "anthropic": config.anthropic.base_url}.get(
        name, ""
    )


def language_model(config: AnswerPart, name: str, retries: int = RETRIES) -> LanguageModel:
    """Return the configured language model of a provider: openai, ollama, anthropic or llama_cpp.

    This sends nothing and loads nothing heavy; the first question does. Raises AnswererMissing if an extra, a setting,
    a key or a file is missing, and UsageError for an invalid path.
    """
    _installed(name)
    made, model, window, key = {"openai": _openai, "ollama": _ollama, "anthropic": _anthropic, "llama_cpp": _llama_cpp}[
        name
    ](config)
    return TimedModel(f"{name}: {model}", window, made, config.deadline, retries, key)


def _installed(name: str) -> None:
    try:
        found = importlib.util.find_spec(EXTRAS[name]) is not None
    except ModuleNotFoundError:  # its parent package is missing too
        found = False
    if not found:
        raise AnswererMissing(f"The answerer {name} is not installed.", f'Run: pip install "footnote-qa[{name}]"')


Made = tuple[Provider, str, int, Key]


def _openai(config: AnswerPart) -> Made:
    from qa.llm import providers

    part = config.openai
    _named(part.model, "openai", "Use the name that your server lists, usually at /v1/models.")
    server = Server(
        "openai",
        part.model,
        origin(part.base_url) or "OpenAI",
        START["openai"]
        if part.base_url
        else "Check that this machine is online, or set [answer.openai] base_url to your own server.",
        "Set [answer.openai] model to a name that the server lists, and check that base_url ends in /v1.",
        _key_hint("openai", part.api_key_env),
    )
    key = _key(part, "openai", needed=not part.base_url)
    limits = providers.Limits(config.max_tokens, part.timeout, part.context)
    hosted = providers.Hosted(server, part.base_url, key, limits)
    return partial(providers.openai, hosted), part.model, part.context, key


def _anthropic(config: AnswerPart) -> Made:
    from qa.llm import providers

    part = config.anthropic
    _named(part.model, "anthropic", "Anthropic's documentation lists the names.")
    server = Server(
        "anthropic",
        part.model,
        origin(part.base_url) or "Anthropic",
        START["anthropic"],
        "Set [answer.anthropic] model to a name that Anthropic's documentation lists.",
        _key_hint("anthropic", part.api_key_env),
    )
    key = _key(part, "anthropic", needed=not part.base_url)
    limits = providers.Limits(config.max_tokens, config.deadline, part.context)
    hosted = providers.Hosted(server, part.base_url, key, limits)
    return partial(providers.anthropic, hosted), part.model, part.context, key


def _ollama(config: AnswerPart) -> Made:
    from qa.llm import providers

    part = config.ollama
    _named(part.model, "ollama", "To list the models, run: ollama list")
    server = Server(
        "ollama",
        part.model,
        origin(part.host),
        START["ollama"],
        f"Run: ollama pull {part.model}",
        "Put the key of a hosted Ollama into the variable OLLAMA_API_KEY.",
    )
    limits = providers.Limits(config.max_tokens, config.deadline, part.context)
    key = find_key("OLLAMA_API_KEY", "")
    hosted = providers.Hosted(server, part.host, key, limits)
    return partial(providers.ollama, hosted), part.model, part.context, key


def _llama_cpp(config: AnswerPart) -> Made:
    from qa.llm.inprocess import InProcess

    part = config.llama_cpp
    if not part.path:
        raise AnswererMissing(
            "No model is set for the answerer llama_cpp.", "Set [answer.llama_cpp] path to a GGUF file."
        )
    path = expanded(part.path)
    if not path.is_file():
        raise AnswererMissing(f"There is no model at {path}.", "Set [answer.llama_cpp] path to a GGUF file.")
    return InProcess(path, part.context, part.threads, config.max_tokens), path.stem, part.context, Key("")


def _named(model: str, section: str, hint: str) -> None:
    if not model:
        raise AnswererMissing(f"No model is set for the answerer {section}.", f"Set [answer.{section}] model. {hint}")


def _key(part: OpenAIPart | AnthropicPart, section: str, *, needed: bool) -> Key:
    key = find_key(part.api_key_env, part.api_key_file)
    if needed and not key:
        raise AnswererMissing(f"There is no key for the answerer {section}.", _key_hint(section, part.api_key_env))
    return key


def _key_hint(section: str, variable: str) -> str:
    return f"Put the key into the variable {variable}, or into a file that [answer.{section}] api_key_file names."
