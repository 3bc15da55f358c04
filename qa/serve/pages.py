"""The page at /: three files, sent as they are."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response

FOLDER = Path(__file__).parent / "page"
ASSETS = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/answers.js": ("answers.js", "text/javascript; charset=utf-8"),
    "/archive.js": ("archive.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}


def paging() -> APIRouter:
    """Return the routes of the page and its files."""
    router = APIRouter(include_in_schema=False)
    for path, (name, kind) in ASSETS.items():
        router.add_api_route(path, _sender((FOLDER / name).read_bytes(), kind), methods=["GET", "HEAD"])
    return router


def _sender(content: bytes, kind: str):  # type: ignore[no-untyped-def]  # what FastAPI wants of a route, it reads itself
    async def send() -> Response:
        return Response(content, media_type=kind)

    return send
