"""The application: its routes, its errors, its guard, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from qa.serve.batches import Batches
from qa.serve.desk import Desk
from qa.serve.guard import App, Gatekeeper, Guard
from qa.serve.metrics import Counted, Metrics
from qa.serve.models import Problem
from qa.serve.pages import ASSETS, paging
from qa.serve.replies import Json, invalid, problem, refused
from qa.serve.routes import asking, batching, reading, watching
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.archive import Archive

WORKERS = 4  # answers at once
WAITING = 64  # that wait for their turn
LARGEST = 8 * 1024 * 1024  # bytes of a body: a batch's questions
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "Not JSON, or no HTTP that is understood."},
    401: {"model": Problem, "description": "The token is missing or wrong."},
    403: {"model": Problem, "description": "Another host, or another site’s page."},
    404: {"model": Problem, "description": "No such article or batch."},
    408: {"model": Problem, "description": "The request did not arrive in time."},
    413: {"model": Problem, "description": "The request is too long."},
    422: {"model": Problem, "description": "Something in the request is not as it should be."},
    500: {"model": Problem, "description": "A fault of the server."},
    502: {"model": Problem, "description": "The language model failed."},
    503: {"model": Problem, "description": "Too much to do, or no archive; Retry-After says when to try again."},
    504: {"model": Problem, "description": "The language model took too long."},
}


@dataclass(frozen=True, slots=True)
class Service:
    """What a server is made of; closing it ends what runs."""

    archive: Archive
    desk: Desk
    batches: Batches
    metrics: Metrics

    @classmethod
    def of(cls, archive: Archive, workers: int = WORKERS, waiting: int = WAITING) -> Service:
        """Return the service of an archive; nothing is loaded yet."""
        desk = Desk(workers, waiting)
        folder = archive.folder.parent / f"{archive.folder.name}-batches"
        return cls(archive, desk, Batches(archive, folder), Metrics(lambda: desk.taken))

    def warm(self) -> None:
        """Load the models and run them once; raises AppError where there is no archive or no model."""
        _ = self.archive.assistant()
        self.archive.embedder.embed_query("warm")

    def close(self) -> None:
        """End what runs, and wait for it."""
        self.batches.close()
        self.desk.close()


def make_app(service: Service, rules: Gatekeeper) -> App:
    """Return the application behind its guard; `rules` need say nothing of bodies and open paths."""

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()

    app = FastAPI(
        title="Footnote",
        version=version("footnote-qa"),
        description="Answers from an archive of articles, every sentence footnoted.",
        docs_url=None,  # its page asks another host for its scripts
        redoc_url=None,
        lifespan=living,
        responses=REFUSALS,
    )
    for router in (asking(service), reading(service), batching(service), watching(service), paging()):
        app.include_router(router)
    _refusing(app)
    known = replace(rules, largest=LARGEST, open_paths=frozenset({"/health", *ASSETS}))
    return Counted(Guard(app, known), service.metrics)


def _refusing(app: FastAPI) -> None:
    """Answer every error with one sentence and a way out."""

    @app.exception_handler(AppError)
    async def said(_: Request, error: AppError) -> Json:
        return problem(error)

    @app.exception_handler(RequestValidationError)
    async def mistaken(_: Request, error: RequestValidationError) -> Json:
        return invalid(error)

    @app.exception_handler(HTTPException)
    async def nowhere(request: Request, error: HTTPException) -> Json:
        sentences = {
            400: "The body is not JSON.",
            404: "There is nothing at this address.",
            405: f"{request.method} is not possible here.",
        }
        hint = "GET /openapi.json lists every address."
        return refused(error.status_code, sentences.get(error.status_code, f"{error.detail}."), hint, error.headers)

    @app.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> Json:
        return refused(500, "Something went wrong on the server.", "Its log says what.")
