from __future__ import annotations

import threading
from http.server import ThreadingHTTPServer

import httpx
import pytest

from benchmarks.waiting import Model


def test_the_slow_model_answers_with_the_first_sentence_of_the_first_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "seconds", 0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        asked = {"messages": [{"role": "user", "content": "=== f\n[1] Title — Press\nRain fell. More fell.\n=== f"}]}
        reply = httpx.post(f"http://127.0.0.1:{server.server_port}/v1/chat/completions", json=asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert '"content": "Rain fell. [1]"' in reply.text
    assert reply.text.endswith("data: [DONE]\n\n")
