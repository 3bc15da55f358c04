"""What can be asked over HTTP: each route a few lines over the archive."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Coroutine
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Path, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from qa.render import answer_json, article_json, hit_json, listing_json
from qa.serve.models import (
    WORDS,
    AnswerOut,
    ArticleOut,
    ArticlesRequest,
    AskRequest,
    BatchOut,
    HealthOut,
    HitOut,
    ListingOut,
    SearchRequest,
)
from qa.serve.questions import filter_of, question_of
from qa.serve.replies import EVENTS, Json, downloaded, refused, streamed
from qa.types import Answer, Answered, Event
from vectorstore.errors import UsageError

if TYPE_CHECKING:
    from qa.serve.service import Service

Result = TypeVar("Result")
BatchId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="A batch's id.", examples=["0123456789abcdef"])]
ArticleId = Annotated[str, Path(max_length=64, description="An article's id, or the start of one.")]
LEFT = 499  # the client is gone, and nobody reads this
LINES = "application/jsonl"
KINDS = {LINES: "jsonl", "application/x-ndjson": "jsonl", "text/csv": "csv", "text/plain": "text"}
ROWS_BODY = {
    "requestBody": {
        "required": True,
        "description": "Questions as JSONL, as CSV, or one on each line, as the content type says; UTF-8.",
        "content": {
            kind: {"schema": {"type": "string", "pattern": r"^question\n[0-9A-Za-z]" if kind == "text/csv" else WORDS}}
            for kind in KINDS
        },
    }
}


def asking(app: FastAPI, service: Service) -> None:
    """Add the routes that answer and search."""

    @app.post(
        "/ask",
        response_model=AnswerOut,
        responses={200: {"content": {EVENTS: {"schema": {"type": "string"}}}, "description": "The answer."}},
    )
    async def ask(given: AskRequest, request: Request) -> Response:
        """Answer a question, as JSON or, with `Accept: text/event-stream`, event by event."""
        question = question_of(given)
        events = _counted(service, service.desk.follow(lambda: service.archive.stream(question)))
        if EVENTS in request.headers.get("accept", ""):
            first = await unless_left(request, _first(events))
            return streamed(first, events) if first else Response(status_code=LEFT)
        answer = await unless_left(request, _last(events))
        return Json(answer_json(answer)) if answer else Response(status_code=LEFT)

    @app.get("/search", response_model=list[HitOut], dependencies=[Depends(given_once)])
    async def search(given: Annotated[SearchRequest, Query()]) -> Response:
        """List the passages nearest to a question, best first."""
        scope = filter_of(given)
        hits = await service.reads.run(lambda: service.archive.search(given.q, given.k, filter=scope))
        return Json([hit_json(hit) for hit in hits])


def reading(app: FastAPI, service: Service) -> None:
    """Add the routes that list and show articles."""

    @app.get("/articles", response_model=ListingOut, dependencies=[Depends(given_once)])
    async def articles(given: Annotated[ArticlesRequest, Query()]) -> Response:
        """List articles, newest first, undated ones last."""
        scope = filter_of(given)
        listed = await service.reads.run(lambda: service.archive.articles(scope, given.q))
        part = listed[given.offset : given.offset + given.limit]
        return Json({"total": len(listed), "articles": [listing_json(one) for one in part]})

    @app.get("/articles/{id}", response_model=ArticleOut)
    async def article(id: ArticleId) -> Response:  # noqa: A002 - as the address calls it
        """Show an article with its text."""

        def found() -> dict[str, Any]:
            shown = service.archive.article(id)
            return article_json(shown, service.archive.store.ledger.ingested(shown.id))

        return Json(await service.reads.run(found))

    @app.get("/publishers", response_model=list[str])
    async def publishers() -> Response:
        """List the publishers' names."""
        return Json(await service.reads.run(service.archive.publishers))


def batching(app: FastAPI, service: Service) -> None:
    """Add the routes that run batches."""
    batches = service.batches

    @app.post("/batches", response_model=BatchOut, status_code=202, openapi_extra=ROWS_BODY)
    async def upload(request: Request) -> Response:
        """Answer a file of questions; the same file again continues a batch, and asks its failed rows again."""
        kind = KINDS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
        if kind is None:
            return refused(415, "Questions are JSONL, CSV or plain text.", f"Content-Type: {', '.join(KINDS)}.")
        try:
            text = (await request.body()).decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise UsageError("The questions are not UTF-8.", "Save them as UTF-8 and send them again.") from None
        return Json(await service.reads.run(lambda: batches.put(text, kind)), 202)

    @app.get("/batches", response_model=list[BatchOut])
    async def listed() -> Response:
        """List the batches, newest first."""
        return Json(await service.reads.run(batches.states))

    @app.get("/batches/{id}", response_model=BatchOut)
    async def state(id: BatchId) -> Response:  # noqa: A002 - as the address calls it
        """Tell how far a batch is."""
        return Json(await service.reads.run(lambda: batches.state(id)))

    @app.get("/batches/{id}/answers", response_class=Response, responses={200: {"content": {LINES: {}}}})
    async def answers(id: BatchId) -> Response:  # noqa: A002 - as the address calls it
        """Download the answers there are so far, a line of JSON each, as `qa batch` writes them."""
        stream = await service.reads.run(lambda: batches.answers(id))
        return downloaded(stream, f"{id}.jsonl", LINES)

    @app.delete("/batches/{id}", status_code=204)
    async def remove(id: BatchId) -> Response:  # noqa: A002 - as the address calls it
        """Stop a batch and delete its answers."""
        await service.reads.run(lambda: batches.remove(id))
        return Response(status_code=204)


def watching(app: FastAPI, service: Service) -> None:
    """Add the routes that tell how the server is."""

    @app.get("/health", response_model=HealthOut)
    async def health(request: Request) -> Response:
        """Tell that the archive can be read."""
        await service.reads.run(lambda: service.archive.store.ledger.revision)
        return Json({"status": "ok", "version": request.app.version})

    @app.get("/metrics", responses={200: {"content": {"text/plain": {}}}}, response_class=Response)
    async def metrics() -> Response:
        """Show the counters, for Prometheus."""
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def given_once(request: Request) -> None:
    """Refuse two values of what can have one: none of them is more likely to be meant."""
    counts = Counter(name for name, _ in request.query_params.multi_items() if name != "source")
    for name, count in counts.items():
        if count > 1:
            raise UsageError(f"{name[:100]} is given more than once.", "Give it once.")


async def unless_left(request: Request, work: Coroutine[Any, Any, Result]) -> Result | None:
    """Return what comes of the work; None from a client that left, for whom it is ended."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _first(events: AsyncGenerator[Event]) -> Event:
    return await anext(events)


async def _last(events: AsyncGenerator[Event]) -> Answer:
    async for event in events:
        if isinstance(event, Answered):
            return event.answer
    raise AssertionError("asking ends with an answer")


async def _counted(service: Service, events: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
    try:
        async for event in events:
            if isinstance(event, Answered):
                service.metrics.answer(event.answer)
            yield event
    finally:
        await events.aclose()
