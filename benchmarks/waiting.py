"""A batch whose answers are written by a slow language model: how much do several workers gain?

    python -m benchmarks.waiting --store DIR [--seconds 1] [--workers 16] [--rounds 12] [--questions FILE] [--json]

The model is a server on loopback, a process of its own, with OpenAI's API: it waits --seconds and answers with the
first sentence of the first passage. One worker answers --rounds questions, then so many workers answer --rounds each;
in few rounds the start, when all wait for the processor, and the end, when some have no more to do, weigh more.
`cpu` is what a question takes of the processor: two cores answer at most two divided by it in a second, whatever the
number of workers.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.tables import Row, show
from qa.archive import Archive
from qa.batch.run import BatchOptions, Done, run
from qa.batch_input import Row as Asked
from qa.config import load
from qa.settings import Config

QUESTIONS = (  # about the seeds, each for the model to answer
    "When did King Salman visit Moscow?",
    "What could happen to Turkey's F-35 order?",
    "What did Peskov say about the Patriot offer?",
    "How far away can the S-400 hit a target?",
    "How many countries want to buy the S-400?",
    "Why does the United States oppose the purchase?",
)
FIRST = re.compile(r"\[1\] .*\n(.+?[.!?])(?:\s|$)")


class Model(BaseHTTPRequestHandler):
    """OpenAI's chat completions, one chunk after a wait."""

    seconds = 1.0

    def do_POST(self) -> None:
        """Answer a request."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        time.sleep(self.seconds)
        found = FIRST.search(json.loads(asked)["messages"][-1]["content"])
        text = f"{found[1]} [1]" if found else "Yes."
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for chunk in (chunk_of({"role": "assistant", "content": text}), chunk_of({}, "stop")):
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def chunk_of(delta: dict[str, str], reason: str | None = None) -> dict[str, Any]:
    """Return a piece of an answer as OpenAI's API sends it."""
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "slow", "choices": [choice]}


@contextmanager
def modelled(seconds: float) -> Iterator[str]:
    """Give the address of a model that takes so many seconds, which runs meanwhile."""
    command = [sys.executable, "-m", "benchmarks.waiting", "model", str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        finally:
            server.terminate()


def taken(archive: Archive, questions: Sequence[str], workers: int) -> Row:
    """Return what a batch of these questions took."""
    rows = [Asked(at, None, question) for at, question in enumerate(questions, 1)]
    began, spent = time.perf_counter(), time.process_time()
    *_, done = run(archive.assistant(), rows, None, io.StringIO(), terms=BatchOptions(workers))
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    assert isinstance(done, Done)
    return {
        "workers": workers,
        "questions": len(rows),
        "answered": done.answered,
        "failed": done.failed,
        "a second": len(rows) / seconds,
        "cpu": cpu / len(rows),
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1.0, help="that the model takes for an answer")
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=12, help="questions of each worker")
    parser.add_argument("--questions", type=Path, help="one a line; by default about the seeds")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    known = given.questions.read_text("utf-8").splitlines() if given.questions else QUESTIONS
    asked = list(islice(cycle(known), given.rounds * (given.workers + 1)))
    with modelled(given.seconds) as address:
        chosen = {"answerer": "openai", "openai": {"base_url": address, "model": "slow"}}
        config = Config.model_validate({**load().model_dump(), "answer": chosen})
        with Archive.open(given.store, config) as archive:
            taken(archive, asked[:2], 2)  # loads what is loaded once
            found = [taken(archive, asked[: given.rounds], 1), taken(archive, asked[given.rounds :], given.workers)]
    one = float(found[0]["a second"] or 0)
    show([{**row, "times one": float(row["a second"] or 0) / one} for row in found], as_json=given.json)


if __name__ == "__main__":
    if sys.argv[1:2] == ["model"]:
        Model.seconds = float(sys.argv[2])
        server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
        print(server.server_port, flush=True)
        server.serve_forever()
    main()
