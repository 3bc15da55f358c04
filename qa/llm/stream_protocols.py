"""What the servers' protocols say about an answer: whether it is complete, why it ended, its tokens, any error.

The libraries on top treat a stream that was cut off as complete, and replace invalid bytes. So every byte is checked
here first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vectorstore.errors import ModelBroken, ModelBusy, ModelCut, ModelError, ModelRefused

LONGEST = 1_000_000  # bytes of one event; an event is a few words
CUT = {"length", "max_tokens", "model_context_window_exceeded"}
DENIED = {"content_filter", "refusal"}
CALLS = {"tool_calls", "function_call", "tool_use", "pause_turn"}
BUSY = ("overload", "rate_limit", "too_many", "server_error", "api_error", "timeout", "unavailable", "internal")
REFUSED = ("authentication", "permission", "invalid_request", "billing", "insufficient_quota", "not_found")
GARBLED = "The server may speak another protocol, or something in between may alter its answers."


class Witness:
    """Reads a stream's events as they pass, and knows at the end whether the answer is complete."""

    def __init__(self, *, events: bool, look: Callable[[Witness, Mapping[str, Any]], None]) -> None:
        self._events, self._look = events, look
        self._rest = b""
        self._data: list[bytes] = []
        self.clean: Callable[[str], str] = str  # removes secrets from the server's messages
        self.ended, self.reason = False, ""
        self.prompt = self.completion = 0

    def feed(self, chunk: bytes) -> None:
        """Check the next bytes; raises ModelError if they cannot be part of an answer."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > LONGEST:
            raise ModelBroken("The model's server sent one endless line.", GARBLED)
        for line in lines:
            self._line(line.rstrip(b"\r"))

    def close(self) -> None:
        """Check whatever follows the last line break."""
        self._line(self._rest.rstrip(b"\r"))
        self._line(b"")

    def whole(self, said: bool) -> None:
        """Raise ModelError unless the answer ended properly and is not empty."""
        if self.reason in CUT:
            raise ModelCut("The model's answer reached its length limit.", "Raise [answer] max_tokens.")
        if self.reason in DENIED:
            raise ModelRefused(f"The model's server withheld the answer ({self.reason}).", "Rephrase the question.")
        if self.reason in CALLS:
            raise ModelBroken(f"The model asked for a tool ({self.reason}).", "Choose another model.")
        if not self.ended:
            raise ModelBroken("The model's answer broke off.", "Try again.")
        if not said:
            raise ModelBroken("The model's answer was empty.", "Try again, or choose another model.")

    def _line(self, line: bytes) -> None:
        if not self._events:
            self._event(line)
        elif line.startswith(b"data:"):
            self._data.append(line[5:].strip())
        elif not line and self._data:
            data, self._data = b"\n".join(self._data), []
            self._event(data)

    def _event(self, data: bytes) -> None:
        if not data:
            return
        if self._events and data.startswith(b"[DONE]"):
            self.ended = True
            return
        event = _parsed(data)
        if event.get("error"):
            raise told(event["error"], self.clean)
        self._look(self, event)


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        event = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        event = None
    if not isinstance(event, dict):
        raise ModelBroken("The model's server sent invalid JSON.", GARBLED)
    return event


def told(error: Any, clean: Callable[[str], str] = str) -> ModelError:
    """Return the error that a server reports inside an answer, with secrets removed."""
    fields = error if isinstance(error, Mapping) else {"message": str(error)}
    kind = " ".join(str(fields.get(name) or "") for name in ("type", "code", "status")).lower()
    words = " ".join(clean(str(fields.get("message") or kind)).split())[:300]
    message = f"The model's server failed during the answer: {words}"
    if any(word in kind for word in REFUSED):
        return ModelRefused(message)
    if any(word in kind for word in BUSY) or any(code in kind.split() for code in ("429", "500", "502", "503", "529")):
        return ModelBusy(message, "Try again later.")
    return ModelBroken(message, "Check the server's log.")


def openai_witness() -> Witness:
    """Return a witness for OpenAI's chat completions."""
    return Witness(events=True, look=_openai)


def anthropic_witness() -> Witness:
    """Return a witness for Anthropic's messages."""
    return Witness(events=True, look=_anthropic)


def ollama_witness() -> Witness:
    """Return a witness for Ollama's chat."""
    return Witness(events=False, look=_ollama)


def _openai(seen: Witness, event: Mapping[str, Any]) -> None:
    for choice in _mappings(event.get("choices")):
        if reason := choice.get("finish_reason"):
            seen.ended, seen.reason = True, str(reason)
    _count(seen, event.get("usage"), "prompt_tokens", "completion_tokens")


def _anthropic(seen: Witness, event: Mapping[str, Any]) -> None:
    for part in _mappings([event.get("message"), event]):
        _count(seen, part.get("usage"), "input_tokens", "output_tokens")
    for delta in _mappings([event.get("delta")]):
        seen.reason = str(delta.get("stop_reason") or seen.reason)
    seen.ended = seen.ended or event.get("type") == "message_stop"


def _ollama(seen: Witness, event: Mapping[str, Any]) -> None:
    if event.get("done") is True:
        seen.ended, seen.reason = True, str(event.get("done_reason") or "")
        _count(seen, event, "prompt_eval_count", "eval_count")


def _count(seen: Witness, usage: Any, prompt: str, completion: str) -> None:
    for counts in _mappings([usage]):
        seen.prompt = _number(counts.get(prompt)) or seen.prompt
        seen.completion = _number(counts.get(completion)) or seen.completion


def _number(value: Any) -> int:
    return value if type(value) is int and 0 <= value < 10**9 else 0


def _mappings(values: Any) -> Iterator[Mapping[str, Any]]:
    yield from (value for value in (values if isinstance(values, list) else ()) if isinstance(value, Mapping))
