"""Serving the tools: a process over standard input and output, and the application over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from mcp_types import INVALID_REQUEST, PARSE_ERROR

from qa.archive import Archive
from qa.mcp.run import misunderstood, over_http
from qa.mcp.server import make_server
from qa.serve.desk import Desk
from qa.serve.guard import Gatekeeper
from tests.qa.serve.clients import client_of

HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}
ASKED = {"name": "ask", "arguments": {"question": "When did King Salman visit Moscow?"}}


SERVED = """
import sys, threading
from qa.mcp.run import over_stdio
from qa.mcp.server import make_server
from qa.serve.desk import Desk
from tests.qa.serve.clients import EndlessArchive
from vectorstore.errors import ModelMissing

def fails():
    raise ModelMissing("There is no model.", "Choose another.")

archive, desk = EndlessArchive(), Desk(2, 1)
load = {"endless": threading.Event().wait, "done": int, "fails": fails, "breaks": {}.popitem}[sys.argv[1]]
over_stdio(make_server(archive, desk), desk, load)
"""

SLOW = """
import threading, time
from qa.mcp.run import PATH, over_http
from qa.mcp.server import make_server
from qa.serve.desk import Desk
from qa.serve.guard import Gatekeeper
from qa.serve.listen import Address, reserved, serve

class SlowArchive:
    def stream(self, _):
        print("asked", flush=True)
        time.sleep(0.8)
        yield

address, desk = Address("127.0.0.1", 0), Desk(1, 1)
serve(over_http(make_server(SlowArchive(), desk), Gatekeeper()), address, reserved(address), desk.stop, PATH)
"""


def message(number: float, method: str, params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


@contextmanager
def served(
    load: str, output: Any = subprocess.PIPE
) -> Iterator[tuple[subprocess.Popen[str], IO[str], IO[str], IO[str]]]:
    """A process that serves an archive whose answers never end, with its streams; it ends with the test."""
    command = [sys.executable, "-c", SERVED, load]
    pipes = {"stdin": subprocess.PIPE, "stdout": output, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True) as server:  # type: ignore[call-overload]  # text
        try:
            yield server, server.stdin, server.stdout, server.stderr
        finally:
            server.kill()


def test_a_client_is_answered_while_models_load_and_leaves_without_waiting_for_them() -> None:
    with served("endless") as (server, sent, replies, said):
        print(message(1, "initialize", HELLO), file=sent, flush=True)
        assert json.loads(replies.readline())["result"]["serverInfo"]["name"] == "footnote"
        sent.close()
        assert (server.wait(30), said.read()) == (0, "")


def test_a_client_that_is_killed_while_it_waits_ends_the_process_without_a_word() -> None:
    with served("done") as (server, sent, replies, said):
        print(message(1, "initialize", HELLO), message(2, "tools/call", ASKED), sep="\n", file=sent, flush=True)
        assert json.loads(replies.readline())["id"] == 1
        print(message(3, "ping", {}), file=sent, flush=True)
        assert json.loads(replies.readline())["id"] == 3
        replies.close()
        sent.close()
        assert (server.wait(30), said.read()) == (0, "")


def test_models_that_do_not_load_are_told_and_the_client_stays() -> None:
    with served("fails") as (server, sent, replies, said):
        assert said.readline() == "error: There is no model. Choose another.\n"
        print(message(1, "initialize", HELLO), file=sent, flush=True)
        assert json.loads(replies.readline())["id"] == 1
        sent.close()
        assert (server.wait(30), said.read()) == (0, "")


def test_a_signal_lets_a_call_over_http_end_with_a_sentence() -> None:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", SLOW], **pipes, text=True) as server:  # type: ignore[call-overload]
        url = server.stderr.readline().split()[3]
        headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(httpx.post, url, content=message(1, "tools/call", ASKED), headers=headers, timeout=30)
            assert server.stdout.readline() == "asked\n"
            server.terminate()
            assert "The server is stopping." in asking.result().text
        assert (server.wait(30), server.stderr.read()) == (0, "")


def test_a_mistake_of_ours_ends_the_process_with_its_traceback_though_the_client_stays() -> None:
    with served("breaks") as (server, *_, said):
        assert server.wait(30) == 1
        assert "KeyError: 'popitem(): dictionary is empty'" in said.read()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written_ends_the_process_with_a_sentence_though_the_client_stays() -> None:
    with Path("/dev/full").open("w") as full, served("done", full) as (server, sent, _, said):
        print(message(1, "initialize", HELLO), file=sent, flush=True)
        assert (server.wait(30), said.readline()) == (
            1,
            "error: The output cannot be written: No space left on device.\n",
        )


@pytest.mark.model
def test_a_process_speaks_the_protocol_alone_and_ends_with_its_client(seeds_store: Path) -> None:
    command = [sys.executable, "-m", "qa", "--store", str(seeds_store), "mcp"]
    lines = [
        message(1, "initialize", HELLO),
        '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        "",
        "no json at all",
        r'{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask\ud800"}}',
        message(3, "tools/call", ASKED),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        server.stdin.write("\n".join(lines) + "\n")
        server.stdin.flush()
        replies = [json.loads(server.stdout.readline()) for _ in range(4)]
        server.stdin.close()
        assert server.wait(60) == 0
        assert server.stdout.read() == ""
        assert "Traceback" not in server.stderr.read()
    by_id = {reply["id"]: reply for reply in replies}
    assert set(by_id) == {1, 2, 3, None}
    assert by_id[None]["error"]["code"] == PARSE_ERROR
    assert by_id[2]["error"]["code"] == INVALID_REQUEST
    assert by_id[3]["result"]["structuredContent"]["citations"]


@pytest.mark.parametrize(
    ("line", "number", "code"),
    [
        ("{", None, PARSE_ERROR),
        ("[" * 100_000, None, PARSE_ERROR),
        ("[]", None, INVALID_REQUEST),
        ("{}", None, INVALID_REQUEST),
        ('{"jsonrpc": "2.0", "id": 5, "method": 3}', 5, INVALID_REQUEST),
        ('{"id": "x"}', "x", INVALID_REQUEST),
        (r'{"id": "\ud800"}', "?", INVALID_REQUEST),
        ('{"id": true}', None, INVALID_REQUEST),
        ('{"jsonrpc": "2.0", "id": null, "method": "tools/list"}', None, INVALID_REQUEST),
        ('{"jsonrpc": "2.0", "id": 1.5, "method": "tools/list"}', None, INVALID_REQUEST),
    ],
)
def test_what_is_no_message_is_answered_under_its_id_if_it_has_one(line: str, number: Any, code: int) -> None:
    error = misunderstood(line)
    assert error
    assert (error.id, error.error.code) == (number, code)


def test_a_message_is_none_of_these() -> None:
    assert misunderstood(message(1, "tools/list", {})) is None
    assert misunderstood('{"jsonrpc": "2.0", "method": "notifications/initialized"}') is None
    assert misunderstood('{"jsonrpc": "2.0", "id": 1, "result": {}}') is None


@pytest.mark.model
async def test_over_http_the_tools_stand_behind_the_guard(seeds_store: Path) -> None:
    token, desk = "correct-horse-battery", Desk(1, 1)
    server = make_server(Archive.open(seeds_store), desk)
    app = over_http(server, Gatekeeper(token=token))
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    own = headers | {"Authorization": f"Bearer {token}", "MCP-Protocol-Version": "2025-06-18"}
    async with server.session_manager.run(), client_of(app) as client:
        call = message(1, "tools/call", ASKED)
        assert (await client.post("/mcp", content=call, headers=headers)).status_code == 401
        foreign = await client.post("/mcp", content=call, headers=own | {"Origin": "http://evil.example"})
        assert foreign.status_code == 403
        long = await client.post("/mcp", content=b"x" * 10_000_000, headers=own)
        assert long.status_code == 413
        for sent, code in (("{", PARSE_ERROR), ("[]", INVALID_REQUEST), (message(1.5, "ping", {}), INVALID_REQUEST)):
            bad = await client.post("/mcp", content=sent, headers=own)
            assert (bad.status_code, bad.json()["error"]["code"]) == (400, code)
            assert len(bad.text) < 200
        for method in ("GET", "DELETE"):
            unserved = await client.request(method, "/mcp", headers=own)
            assert (unserved.status_code, unserved.headers["allow"]) == (405, "POST")
        assert (await client.get("/elsewhere", headers=own)).status_code == 404
        reply = await client.post("/mcp", content=call, headers=own)
        data = next(line for line in reply.text.splitlines() if line.startswith("data: {"))
        assert json.loads(data[6:])["result"]["structuredContent"]["answered"]
    desk.close()
