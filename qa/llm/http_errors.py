"""What a server says instead of an answer, as errors that name the way out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from vectorstore.errors import AnswererMissing, ModelBroken, ModelBusy, ModelError, ModelRefused

DAY = 86_400.0  # seconds; who says to wait longer means: not now
SECONDS = re.compile(r"[+-]?\d{1,300}(?:\.\d{0,300})?", re.ASCII)
BUSY = {408, 409, 423, 425, 429}
SPENT = ("insufficient_quota", "billing", "credit balance")
OPTIONAL = ("stream_options", "max_tokens", "temperature")  # fields that some servers and models do not know
UNKNOWN = re.compile(r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|extra|not permitted|forbidden", re.I)


@dataclass(frozen=True, slots=True)
class Server:
    """How a model's server is called in messages, and what to do about it: without its path, without its key."""

    provider: str
    model: str
    where: str
    start: str
    get: str
    key: str


class Unsupported(ModelRefused):
    """The server does not know a field of the request, which can do without it."""

    def __init__(self, message: str, hint: str, field: str) -> None:
        super().__init__(message, hint)
        self.field = field


def refusal(server: Server, status: int, headers: Mapping[str, str], said: str) -> ModelError:
    """Return the error for a response that is no answer; `said` is its body, `headers` have lower-case names."""
    words = _words(said)
    tail = f": {words}" if words else "."
    if status in {401, 403}:
        return ModelRefused(f"{server.where} does not accept the key (status {status}).", server.key)
    if status == 404:
        return AnswererMissing(f"{server.where} does not know the model {server.model}{tail}", server.get)
    if 300 <= status < 400:
        return AnswererMissing(
            f"{server.where} sends to another address, where your question and key do not follow.", server.start
        )
    if status == 402 or any(word in said for word in SPENT):
        return ModelRefused(f"{server.where} wants to be paid (status {status}){tail}", "Look at your account there.")
    if status in BUSY or status >= 500:
        return ModelBusy(
            f"{server.where} cannot answer now (status {status}){tail}", "Ask again later.", after(headers)
        )
    if status < 400:
        return ModelBroken(f"{server.where} sent no answer (status {status}).", server.start)
    message = f"{server.where} does not accept the request (status {status}){tail}"
    if field := _unsupported(said):
        return Unsupported(message, "Choose another model.", field)
    return ModelRefused(message, "If it is too long for the model, lower the context in the settings.")


def after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return the seconds that a server asks to wait, from 0 to a day; None where it says nothing that can be meant.

    RFC 9110, 10.2.3 gives whole seconds or a date; servers also send decimals, and milliseconds in a header of their
    own. A date is compared with the server's own clock where that is told.
    """
    if (milliseconds := _seconds(headers.get("retry-after-ms", ""))) is not None:
        return _bounded(milliseconds / 1000)
    value = headers.get("retry-after", "").strip()
    if (seconds := _seconds(value)) is not None:
        return _bounded(seconds)
    until = _date(value)
    if until is None:
        return None
    clock = _date(headers.get("date", ""))
    return _bounded(until - (clock if clock is not None else time.time() if now is None else now))


def _seconds(value: str) -> float | None:
    return float(value) if SECONDS.fullmatch(value.strip()) else None


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError, OSError):  # what it does with a date of nonsense
        return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), DAY)


def _words(said: str) -> str:
    """The server's own sentence, on one line."""
    try:
        body = json.loads(said)
    except (ValueError, RecursionError):
        body = said if not said.lstrip().startswith("<") else ""
    for name in ("error", "detail", "message"):
        if isinstance(body, dict):
            body = body.get(name, body)
    line = " ".join((body if isinstance(body, str) else "").split())
    return f"{line[:300]}…" if len(line) > 300 else line


def _unsupported(said: str) -> str:
    """The optional field that a server says it does not know; "" if it says no such thing."""
    return next((name for name in OPTIONAL if name in said), "") if UNKNOWN.search(said) else ""
