"""Clients of an application in this process, and an archive whose answers never end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from qa.serve.guard import App
from qa.types import Event, Question, Retrieved, Token

BASE = "http://localhost:8010"


def client_of(app: App, **named: Any) -> httpx.AsyncClient:
    """Return a client of an application in this process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=BASE, **named)


@dataclass(slots=True)
class EndlessArchive:
    """An archive that is asked for ever: it says nothing until it is closed, and counts what was."""

    folder: Path = Path("archive")
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def stream(self, _: Question) -> Iterator[Event]:
        """Yield empty tokens until it is closed."""
        self.begun.release()
        try:
            yield Retrieved(())
            while True:
                time.sleep(0.005)
                yield Token("")
        finally:
            self.closed.release()


@dataclass(slots=True)
class RawClient:
    """A client that sends one request, sees what comes, and leaves when `leave` is called."""

    app: App
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def post(self, path: str, body: bytes, gone: Callable[[], Any], **headers: str) -> None:
        """Send a request and leave as soon as `gone` returns; returns when the application has let go of it."""
        messages: Iterator[dict[str, Any]] = iter([{"type": "http.request", "body": body}])

        async def receive() -> dict[str, Any]:
            if message := next(messages, None):
                return message
            await gone()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            self.sent.append(message)

        given = {"host": "localhost", "content-type": "application/json", **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8010),
        }
        await self.app(scope, receive, send)
