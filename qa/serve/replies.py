"""Answers and refusals as HTTP has them: JSON, events, and a status for each kind of error."""

from __future__ import annotations

import math
import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from fastapi import Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse

from qa.render import answer_json, dumped, hit_json
from qa.serve.questions import mistake
from qa.types import Answered, Event, Retrieved, Token, Verified
from vectorstore.errors import (
    AppError,
    Contradiction,
    EmbedderMismatch,
    ModelBusy,
    ModelError,
    ModelSlow,
    ServerBusy,
    ServerStopping,
    StoreLocked,
    StoreMissing,
    UnknownArticle,
    UnknownBatch,
    Unreachable,
    UsageError,
)

STATUSES: tuple[tuple[type[AppError], int], ...] = (  # the first that fits
    (Contradiction, 409),
    (EmbedderMismatch, 503),  # of an archive that took the place of another
    (UsageError, 422),
    (UnknownArticle, 404),
    (UnknownBatch, 404),
    (ServerBusy, 503),
    (ServerStopping, 503),
    (StoreMissing, 503),
    (StoreLocked, 503),
    (Unreachable, 503),
    (ModelBusy, 503),
    (ModelSlow, 504),
    (ModelError, 502),
)
EVENTS = "text/event-stream"
PIECE = 64 * 1024  # bytes of a file that are sent at once
AS_JSON = "Send one JSON object, with Content-Type: application/json."
BEAT = ": \n\n"  # a comment, which keeps a connection alive


class Json(Response):
    """JSON as `--json` prints it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return dumped(content).encode()


def problem(error: AppError) -> Json:
    """Return an error as a reply."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
    after = getattr(error, "after", None)
    wait = {"Retry-After": str(math.ceil(5 if after is None else after))} if status == 503 else {}
    return refused(status, error.message, error.hint, wait)


def refused(status: int, error: str, hint: str = "", headers: Mapping[str, str] | None = None) -> Json:
    """Return a refusal: one sentence, and what to do."""
    return Json({"error": error, "hint": hint}, status, headers)


def invalid(error: RequestValidationError) -> Json:
    """Return what is wrong with a request, without what was sent."""
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return refused(400, "The body is not JSON.", AS_JSON)
    if isinstance(first["input"], bytes):  # which is a body that does not say that it is JSON
        return refused(415, "The body is not sent as JSON.", AS_JSON)
    within = {**first, "loc": first["loc"][1:]}  # FastAPI names the part of the request first
    return refused(422, mistake(within), "GET /openapi.json describes every request.")


def event_json(event: Event) -> tuple[str, dict[str, Any]]:
    """Return an event's name and what it says."""
    match event:
        case Retrieved(passages, notice, understood):
            return "retrieved", {
                "passages": [hit_json(hit) for hit in passages],
                "notice": notice,
                "understood": list(understood),
            }
        case Token(text):
            return "token", {"text": text}
        case Verified(statement):
            return "verified", asdict(statement)
        case Answered(answer):
            return "answered", answer_json(answer)


def streamed(first: Event, events: AsyncGenerator[Event]) -> StreamingResponse:
    """Return the events of an answer as server-sent events; an error on the way is the last of them."""
    return StreamingResponse(_sent(first, events), media_type=EVENTS, headers={"X-Accel-Buffering": "no"})


def downloaded(stream: BinaryIO, name: str, kind: str) -> StreamingResponse:
    """Return a file as it is now: what is appended meanwhile would be more than was announced."""
    size = os.fstat(stream.fileno()).st_size
    headers = {"Content-Length": str(size), "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_pieces(stream, size), media_type=kind, headers=headers)


def _pieces(stream: BinaryIO, left: int) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(min(left, PIECE)):
            left -= len(piece)
            yield piece


async def _sent(first: Event, events: AsyncGenerator[Event]) -> AsyncIterator[str]:
    try:
        yield _told(*event_json(first))
        async for event in events:
            yield BEAT if event == Token("") else _told(*event_json(event))
    except AppError as error:
        yield _told("error", {"error": error.message, "hint": error.hint})
    finally:
        await events.aclose()  # which stops the answer


def _told(name: str, value: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {dumped(value)}\n\n"
