"""Language model servers, through llama-index's integrations.

The integrations refuse some models by name, change requests for others, and look up models that they do not know. Each
is used here so that any model name reaches the server, in a single request.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from qa.llm.deadlines import Call, Piece
from qa.llm.http_errors import Server, Unsupported
from qa.llm.keys import Key
from qa.llm.prompts import Prompt
from qa.llm.stream_protocols import Witness, anthropic_witness, ollama_witness, openai_witness
from qa.llm.transport import Wire
from qa.types import Usage
from vectorstore.errors import ModelBroken, ModelError

STREAM = ("text/event-stream",)
LINES = ("application/x-ndjson", "application/json", "application/ndjson", "application/jsonl")
NOBODY = "unknown"  # a model name that llama-index has no special rules for
UNSEEN = "kept-elsewhere"  # a dummy where the libraries expect a key
PER_TOKEN = 4  # characters, if a server does not count tokens


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one answer: its length in tokens, the longest silence in seconds, and the context in tokens."""

    tokens: int
    silence: float
    context: int


@dataclass(frozen=True, slots=True)
class Hosted:
    """A model on a server; `without` holds the optional fields that the server turned out not to support."""

    server: Server
    address: str
    key: Key
    limits: Limits
    without: set[str] = field(default_factory=set)

    def wire(self, call: Call, witness: Witness, kinds: tuple[str, ...], header: tuple[str, str]) -> Wire:
        """Return the connection to the server for one request."""
        limit = self.limits.silence
        return Wire(call, self.server, witness, kinds=kinds, header=header, key=self.key, silence=limit)


Ask = Callable[[Hosted, Prompt, Call], Iterator[Piece]]


def adapting(once: Ask) -> Ask:
    """Wrap a request so that it is repeated without any optional field that the server does not support."""

    def ask(hosted: Hosted, prompt: Prompt, call: Call) -> Iterator[Piece]:
        while True:
            try:
                yield from once(hosted, prompt, call)
            except Unsupported as error:
                if error.field in hosted.without:
                    raise
                hosted.without.add(error.field)
                call.failure = None
            else:
                return

    return ask


@adapting
def openai(hosted: Hosted, prompt: Prompt, call: Call) -> Iterator[Piece]:
    """Ask a server with an OpenAI-compatible API; yields the answer and its usage."""
    import openai as sdk  # 2 s, with llama-index
    from llama_index.llms.openai_like import OpenAILike

    witness = openai_witness()
    with hosted.wire(call, witness, STREAM, ("authorization", "Bearer ")) as wire:
        llm = OpenAILike(
            model=NOBODY,
            api_key=UNSEEN,
            api_base=hosted.address or None,
            is_chat_model=True,
            context_window=hosted.limits.context,
            max_retries=0,
            http_client=wire.client(beneath(sdk.DefaultHttpxClient)),
            additional_kwargs=_openai_fields(hosted, sdk.NOT_GIVEN),
        )
        yield from read(llm, prompt, call, witness)


def _openai_fields(hosted: Hosted, omitted: Any) -> dict[str, Any]:
    length = "max_completion_tokens" if "max_tokens" in hosted.without else "max_tokens"
    return {
        "model": hosted.server.model,
        length: hosted.limits.tokens,
        "temperature": omitted if "temperature" in hosted.without else 0.0,
        "stream_options": omitted if "stream_options" in hosted.without else {"include_usage": True},
    }


@adapting
def anthropic(hosted: Hosted, prompt: Prompt, call: Call) -> Iterator[Piece]:
    """Ask one of Anthropic's models; yields the answer and its usage."""
    import anthropic as sdk  # 2 s, with llama-index
    from llama_index.core.llms import LLMMetadata
    from llama_index.llms.anthropic import Anthropic
    from llama_index.llms.anthropic.utils import ANTHROPIC_NO_TEMP_MODELS

    class AnyModel(Anthropic):
        """The integration, extended to unknown models and to our own client."""

        def __init__(self, client: sdk.Anthropic, **fields: Any) -> None:
            super(Anthropic, self).__init__(**fields)  # its own __init__ builds two clients, 0.1 s, and accepts none
            self._client = client

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(context_window=hosted.limits.context, model_name=self.model, is_chat_model=True)

        @property
        def _model_kwargs(self) -> dict[str, Any]:
            # newer models reject a temperature, and newer versions of the library reject the argument
            warm = self.model in ANTHROPIC_NO_TEMP_MODELS or "temperature" in hosted.without
            body = {} if warm else {"temperature": 0.0}
            return {"model": self.model, "max_tokens": self.max_tokens, "extra_body": body}

    witness = anthropic_witness()
    with hosted.wire(call, witness, STREAM, ("x-api-key", "")) as wire:
        client = sdk.Anthropic(
            api_key=UNSEEN,
            base_url=hosted.address or None,
            max_retries=0,
            http_client=wire.client(beneath(sdk.DefaultHttpxClient)),
        )
        llm = AnyModel(client, model=hosted.server.model, max_tokens=hosted.limits.tokens, max_retries=0)
        yield from read(llm, prompt, call, witness)


def ollama(hosted: Hosted, prompt: Prompt, call: Call) -> Iterator[Piece]:
    """Ask an Ollama server; yields the answer and its usage."""
    import httpx
    import ollama as sdk  # 2 s, with llama-index
    from llama_index.llms.ollama import Ollama

    witness = ollama_witness()
    with hosted.wire(call, witness, LINES, ("authorization", "Bearer ")) as wire:
        llm = Ollama(
            model=hosted.server.model,
            base_url=hosted.address,
            temperature=0.0,
            context_window=hosted.limits.context,  # otherwise it asks the server
            additional_kwargs={"num_predict": hosted.limits.tokens},
            client=sdk.Client(host=hosted.address, trust_env=False, transport=wire.transport(httpx)),
        )
        yield from read(llm, prompt, call, witness)


def beneath(client: type) -> ModuleType:
    """Return the HTTP library that a client builds on: httpx, or httpx2, which has the same interface."""
    made_of = next(base for base in client.__mro__ if base.__name__ == "Client")
    return importlib.import_module(made_of.__module__.partition(".")[0])


def read(llm: Any, prompt: Prompt, call: Call, witness: Witness) -> Iterator[Piece]:
    """Yield a llama-index model's answer to a prompt, and finally its usage; raises ModelError."""
    said = 0
    for piece in _pieces(llm, prompt, call):
        said += len(piece)
        yield piece
    witness.whole(bool(said))
    guess = estimated(prompt, said)
    yield Usage(witness.prompt or guess.prompt, witness.completion or guess.completion)


def estimated(prompt: Prompt, said: int) -> Usage:
    """Estimate the tokens of a prompt, and of an answer with this many characters."""
    return Usage((len(prompt.system) + len(prompt.user)) // PER_TOKEN + 1, said // PER_TOKEN + 1)


def _pieces(llm: Any, prompt: Prompt, call: Call) -> Iterator[str]:
    from llama_index.core.llms import ChatMessage

    messages = [ChatMessage(role="system", content=prompt.system), ChatMessage(role="user", content=prompt.user)]
    try:
        for response in llm.stream_chat(messages):
            yield response.delta or ""
    except ModelError as error:
        failure: ModelError = error
    except Exception as error:  # noqa: BLE001 - an odd answer can make the libraries raise anything
        failure = call.failure or ModelBroken(
            f"The model's server sent an unreadable answer ({type(error).__name__}).", "Check the server's log."
        )
    else:
        return
    raise failure
