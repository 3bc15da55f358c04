"""Turns HTTP errors of model servers into errors that name a way out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from vectorstore.errors import AnswererMissing, ModelBroken, ModelBusy, ModelError, ModelRefused

DAY = 86_400.0  # seconds; the longest wait that is taken literally
SECONDS = re.compile(r"[+-]?\d{1,300}(?:\.\d{0,300})?", re.ASCII)
BUSY = {408, 409, 423, 425, 429}
SPENT = ("insufficient_quota", "billing", "credit balance")
OPTIONAL = ("stream_options", "max_tokens", "temperature")  # fields that some servers and models do not know
UNKNOWN = re.compile(r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|extra|not permitted|forbidden", re.I)


@dataclass(frozen=True, slots=True)
class Server:
    """How messages name a model's server, without its path and key, and the hints that go with them."""

    provider: str
    model: str
    where: str
    start: str
    get: str
    key: str


class Unsupported(ModelRefused):
    """The server does not support an optional field of the request."""

    def __init__(self, message: str, hint: str, field: str) -> None:
        super().__init__(message, hint)
        self.field = field


def refusal(server: Server, status: int, headers: Mapping[str, str], said: str) -> ModelError:
    """Return the error for a failed response; `said` is its body, `headers` have lower-case names."""
    words = _words(said)
    tail = f": {words}" if words else "."
    if status in {401, 403}:
        return ModelRefused(f"{server.where} rejected the key (status {status}).", server.key)
    if status == 404:
        return AnswererMissing(f"{server.where} does not know the model {server.model}{tail}", server.get)
    if 300 <= status < 400:
        return AnswererMissing(
            f"{server.where} redirects to another address, which is not followed to protect your key.", server.start
        )
    if status == 402 or any(word in said for word in SPENT):
        return ModelRefused(f"{server.where} asks for payment (status {status}){tail}", "Check your account there.")
    if status in BUSY or status >= 500:
        return ModelBusy(
            f"{server.where} cannot answer now (status {status}){tail}", "Try again later.", after(headers)
        )
    if status < 400:
        return ModelBroken(f"{server.where} sent no answer (status {status}).", server.start)
    message = f"{server.where} rejected the request (status {status}){tail}"
    if field := _unsupported(said):
        return Unsupported(message, "Choose another model.", field)
    return ModelRefused(message, "If the prompt is too long for the model, lower its context setting.")


def after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return how many seconds a server asks to wait, from 0 to a day; None if it gives no valid time.

    RFC 9110, 10.2.3 allows whole seconds or a date; servers also send decimals, and milliseconds in a header of their
    own. A date is compared with the server's own clock if the response has it.
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
    except (ValueError, TypeError, OverflowError, IndexError, OSError):  # all that it raises for nonsense
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
    """The optional field that a server says it does not support, or ""."""
    return next((name for name in OPTIONAL if name in said), "") if UNKNOWN.search(said) else ""
