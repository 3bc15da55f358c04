"""The application: its routes, its errors, its guard, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from qa.serve.guard import App, Gatekeeper, Guard
from qa.serve.metrics import Counted
from qa.serve.models import Problem
from qa.serve.pages import ASSETS, paging
from qa.serve.replies import AS_JSON, Json, invalid, problem, refused
from qa.serve.routes import asking, batching, reading, watching
from qa.serve.service import Service
from vectorstore.errors import AppError

LARGER = {"/batches": 8 * 1024 * 1024}  # bytes of a batch's questions
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "Not JSON, or no HTTP that is understood."},
    401: {"model": Problem, "description": "The token is missing or wrong."},
    403: {"model": Problem, "description": "Another host, or another site’s page."},
    404: {"model": Problem, "description": "No such article or batch."},
    408: {"model": Problem, "description": "The request did not arrive in time."},
    409: {"model": Problem, "description": "Two things that are valid alone contradict each other."},
    413: {"model": Problem, "description": "The request is too long."},
    415: {"model": Problem, "description": "A body of another kind than is read here."},
    422: {"model": Problem, "description": "Something in the request is not as it should be."},
    431: {"model": Problem, "description": "The headers are too long."},
    500: {"model": Problem, "description": "A fault of the server."},
    502: {"model": Problem, "description": "The language model failed."},
    503: {"model": Problem, "description": "Too much to do, or no archive; Retry-After says when to try again."},
    504: {"model": Problem, "description": "The language model took too long."},
}


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
        redirect_slashes=False,  # an address that is none is said in words
        lifespan=living,
        responses=REFUSALS,
    )
    for add in (asking, reading, batching, watching):
        add(app, service)
    paging(app)
    _refusing(app)
    known = replace(rules, larger=LARGER, open_paths=frozenset({"/health", *ASSETS}))
    if known.token:
        _telling_of_the_token(app, known.open_paths)
    return Counted(Guard(app, known), service.metrics)


def _telling_of_the_token(app: FastAPI, open_paths: frozenset[str]) -> None:
    """Have the description say where the token is needed."""
    describe = app.openapi

    def described() -> dict[str, Any]:
        schema = describe()
        schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path in schema["paths"].keys() - open_paths:
            for operation in schema["paths"][path].values():
                operation["security"] = [{"token": []}]
        return schema

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's documentation has it


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
            405: f"{request.method[:20]} is not possible here.",
        }
        hint = AS_JSON if error.status_code == 400 else "GET /openapi.json lists every address."
        headers = {"Allow": ", ".join(sorted(_methods(request)))} if error.status_code == 405 else error.headers
        return refused(error.status_code, sentences.get(error.status_code, f"{error.detail}."), hint, headers)

    @app.exception_handler(Exception)
    async def broken(_: Request, __: Exception) -> Json:
        return refused(500, "Something went wrong on the server.", "Its log says what.")


def _methods(request: Request) -> set[str]:
    """All methods of an address; the framework names those of its first route alone."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in routes for method in getattr(route, "methods", ())}
