"""A site on this machine that behaves as it is told, also badly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, Mapping[str, str], bytes]
Handling = Callable[["Asked"], Answer | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path, its headers by lower-case name, and what writes raw bytes to who asks."""

    path: str
    headers: Mapping[str, str]
    write: Callable[[bytes], object]


@dataclass(slots=True)
class Site:
    """Answers by path; whatever else is asked for is not there. `asked` remembers every request."""

    address: str
    pages: dict[str, Answer | Handling] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]


def html(text: str) -> Answer:
    """A page of this text."""
    body = f"<html><head><title>Ferry</title></head><body><article><p>{text}</p></article></body></html>"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, body.encode()


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site on a free port of this machine."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, self.wfile.write)
            with lock:
                site.asked.append(asked)
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
            try:
                self._answer(asked)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with lock:
                    site.at_once -= 1

        def _answer(self, asked: Asked) -> None:
            page = site.pages.get(self.path, (404, {}, b""))
            answer = page(asked) if callable(page) else page
            if answer is None:
                self.close_connection = True
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
