"""What is counted while a server runs, in Prometheus's form."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from qa.serve.guard import App, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.types import Answer

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counters of one server: requests by route and status, answers by how they came out, how long they took."""

    def __init__(self, taken: Callable[[], int]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        labels = ("method", "route", "status")
        self._requests = Counter("footnote_requests", "Requests.", labels, registry=self.registry)
        self._seconds = Histogram(
            "footnote_request_seconds",
            "Time to the end of a reply.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._answers = Counter("footnote_answers", "Answers and abstentions.", ("outcome",), registry=self.registry)
        Gauge("footnote_taken", "Work that runs or waits.", registry=self.registry).set_function(taken)

    def answer(self, answer: Answer) -> None:
        """Count an answer."""
        self._answers.labels("answered" if answer.answered else "abstained").inc()

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request by the route that it took, never by what it asked for."""
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if route != "none" and status != 405 else "any"  # a client can make up others
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all of it as it is scraped."""
        return generate_latest(self.registry)


class Counted:
    """An application whose requests are counted."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 499  # a client that left before there was a reply

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.request(scope, status, time.perf_counter() - began)
