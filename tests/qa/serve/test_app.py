"""The server as programs see it: the command line's JSON, the screens' events, a sentence for every error."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from qa.serve import models
from qa.serve.app import make_app
from qa.serve.batches import Batches
from qa.serve.desk import Desk
from qa.serve.guard import Gatekeeper
from qa.serve.metrics import Metrics
from qa.serve.service import Service
from tests.conftest import CommandLine
from tests.qa.serve.clients import EndlessArchive, RawClient, client_of

KING = "When did King Salman visit Moscow?"
STREAM = {"Accept": "text/event-stream"}


async def test_an_answer_is_what_the_command_line_prints(
    client: httpx.AsyncClient, service: Service, qa: CommandLine
) -> None:
    asked = {"question": KING, "since": "2017-10", "until": "2017", "publisher": "footnote digest"}
    reply = await client.post("/ask", json=asked)
    filters = ("--since", "2017-10", "--until", "2017", "--publisher", "footnote digest")
    printed = qa("--store", service.archive.folder, "ask", KING, "--json", *filters)
    same, other = reply.json(), json.loads(printed.out)
    assert same.pop("seconds") > 0
    other.pop("seconds")
    assert same == other
    assert same["answered"]


async def test_a_stream_has_the_events_of_the_screens(client: httpx.AsyncClient) -> None:
    reply = await client.post("/ask", json={"question": KING}, headers=STREAM)
    events = told(reply.text)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert [name for name, _ in events] == ["retrieved", "verified", "answered"]
    whole = (await client.post("/ask", json={"question": KING})).json()
    assert events[-1][1] | {"seconds": 0} == whole | {"seconds": 0}


async def test_a_follow_up_takes_an_earlier_reply_as_it_is(client: httpx.AsyncClient) -> None:
    first = (await client.post("/ask", json={"question": KING})).json()
    second = await client.post("/ask", json={"question": "And who received him?", "history": [first]})
    assert "Putin received" in second.json()["answer"]
    assert "Salman" in second.json()["rewritten"]
    by_question = await client.post("/ask", json={"question": "And who received him?", "history": [KING]})
    assert by_question.json()["answer"] == second.json()["answer"]


async def test_search_articles_and_publishers_are_read(client: httpx.AsyncClient) -> None:
    hits = (await client.get("/search", params={"q": "air defence exports", "k": 2})).json()
    assert len(hits) == 2
    listing = (await client.get("/articles", params={"limit": 2, "offset": 1})).json()
    assert (listing["total"], len(listing["articles"])) == (5, 2)
    found = (await client.get("/articles", params={"q": "PATRIOT", "since": "2018"})).json()["articles"]
    assert len(found) == 1
    article = (await client.get(f"/articles/{found[0]['id'][:6]}")).json()
    assert article["title"] == found[0]["title"]
    assert (await client.get("/publishers")).json() == ["Footnote digest"]
    assert (await client.get("/health")).json()["status"] == "ok"


async def test_replies_have_the_form_that_the_openapi_names(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert set(paths) > {"/ask", "/search", "/articles", "/articles/{id}", "/batches", "/health", "/metrics"}
    answer = await client.post("/ask", json={"question": KING})
    check(models.AnswerOut, answer.json())
    check(list[models.HitOut], (await client.get("/search", params={"q": "missiles"})).json())
    listing = (await client.get("/articles")).json()
    check(models.ListingOut, listing)
    check(models.ArticleOut, (await client.get(f"/articles/{listing['articles'][0]['id']}")).json())


async def test_the_openapi_names_the_token_where_one_is_needed(client: httpx.AsyncClient, service: Service) -> None:
    token = "correct-horse-battery"
    plain = (await client.get("/openapi.json")).json()
    assert "securitySchemes" not in plain["components"]
    async with client_of(make_app(service, Gatekeeper(token=token))) as guarded:
        told = (await guarded.get("/openapi.json", headers={"Authorization": f"Bearer {token}"})).json()
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    needed = {path: ["security" in one for one in operations.values()] for path, operations in told["paths"].items()}
    assert needed.pop("/health") == [False]
    assert all(all(said) for said in needed.values())


DEEP = b'{"question": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BAD_BODIES: tuple[bytes, ...] = (
    b"",
    b"{",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"3",
    b"{}",
    DEEP,
    b'{"question": 3}',
    b'{"question": null}',
    b'{"question": " ?! "}',
    rb'{"question": "\ud800 who?"}',
    rb'{"question": "who?", "publisher": "\udfff"}',
    b'{"question": "who?", "since": "yesterday"}',
    b'{"question": "who?", "since": "2022-13"}',
    b'{"question": "who?", "since": "2022", "until": "2021"}',
    b'{"question": "who?", "history": "before"}',
    b'{"question": "who?", "history": [{"answer": "x"}]}',
    b'{"question": "who?", "source": [" "]}',
    b'{"question": "who?", "model": "other"}',
    b'{"question": "' + b"who " * 2000 + b'"}',
)


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: str(body[:30]))
async def test_a_bad_question_is_refused_with_a_sentence(client: httpx.AsyncClient, body: bytes) -> None:
    for headers in ({}, STREAM):
        reply = await client.post("/ask", content=body, headers={"Content-Type": "application/json", **headers})
        refused(reply)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_question_that_does_not_say_that_it_is_json_is_told_how_to(
    client: httpx.AsyncClient, kind: str
) -> None:
    reply = await client.post("/ask", content=b'{"question": "who?"}', headers={"Content-Type": kind})
    assert reply.status_code == 415
    refused(reply)
    assert "Content-Type: application/json" in reply.json()["hint"]


async def test_a_question_with_nul_is_answered_like_any_other(client: httpx.AsyncClient) -> None:
    reply = await client.post("/ask", json={"question": "who\0?"})
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/search", 422),
        ("GET", "/search?q=x&k=0", 422),
        ("GET", "/search?q=x&k=many", 422),
        ("GET", "/search?q=x&until=1e9", 422),
        ("GET", "/search?q=x&q=y", 422),
        ("GET", "/articles?publisher=x&publisher=y", 422),
        ("GET", "/articles?limit=100000", 422),
        ("GET", "/articles?offset=-1", 422),
        ("GET", "/articles/ffff", 404),
        ("GET", "/articles/%00", 404),
        ("GET", "/articles/%ff%fe", 404),
        ("GET", "/batches/0123456789abcdef", 404),
        ("GET", "/batches/..%2f..", 404),
        ("GET", "/batches/x", 422),
        ("DELETE", "/batches/0123456789abcdef", 404),
        ("POST", "/batches", 415),
        ("GET", "/nowhere", 404),
        ("GET", "/docs", 404),
        ("GET", "/articles/", 404),
        ("GET", "/articles?=x", 422),
        ("GET", "/articles?source=", 422),
        ("PATCH", "/batches", 405),
    ],
)
async def test_a_bad_address_is_refused_with_a_sentence(
    client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    reply = await client.request(method, path)
    assert reply.status_code == status
    refused(reply)
    assert "pattern" not in reply.text
    assert status != 405 or reply.headers["allow"] == "GET, POST"


async def test_ten_megabytes_are_refused_at_every_address(client: httpx.AsyncClient) -> None:
    body = b"x" * 10_000_000
    for path in ("/ask", "/batches", "/search"):
        reply = await client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code == 413
        refused(reply)


async def test_a_fault_of_ours_shows_no_traceback(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(service.archive), "publishers", lambda _: 1 / 0)
    async with client_of(make_app(service, Gatekeeper())) as client:
        reply = await client.get("/publishers")
    assert reply.status_code == 500
    assert reply.json() == {"error": "Something went wrong on the server.", "hint": "Its log says what."}


async def test_requests_and_answers_are_counted_by_route(client: httpx.AsyncClient) -> None:
    await client.post("/ask", json={"question": KING})
    await client.get("/articles/ffff")
    text = (await client.get("/metrics")).text
    assert 'footnote_requests_total{method="GET",route="/articles/{id}",status="404"}' in text
    assert 'footnote_answers_total{outcome="answered"}' in text
    assert "process_resident_memory_bytes" in text
    assert "ffff" not in text


async def test_a_method_that_a_client_makes_up_is_no_series_of_its_own(client: httpx.AsyncClient) -> None:
    reply = await client.request("M" * 30, "/ask")
    assert reply.json()["error"] == f"{'M' * 20} is not possible here."
    text = (await client.get("/metrics")).text
    assert 'method="any",route="/ask",status="405"' in text
    assert "MMM" not in text


@pytest.mark.parametrize("headers", [{}, STREAM])
async def test_a_client_that_leaves_stops_its_answer(headers: dict[str, str]) -> None:
    archive, desk = EndlessArchive(), Desk(1, 1)
    service = Service(archive, desk, desk, Batches(archive, archive.folder), Metrics(lambda: 0))  # type: ignore[arg-type]
    client = RawClient(make_app(service, Gatekeeper()))
    body = json.dumps({"question": KING}).encode()
    await client.post("/ask", body, lambda: asyncio.to_thread(archive.begun.acquire, timeout=5), **headers)
    assert await asyncio.to_thread(archive.closed.acquire, timeout=5)
    assert await desk.run(lambda: "free") == "free"
    desk.close()


@pytest.mark.parametrize("headers", [{}, STREAM])
async def test_who_leaves_while_waiting_is_never_asked_for(headers: dict[str, str]) -> None:
    archive, desk = EndlessArchive(), Desk(1, 1)
    service = Service(archive, desk, desk, Batches(archive, archive.folder), Metrics(lambda: 0))  # type: ignore[arg-type]
    let = threading.Event()
    busy = asyncio.ensure_future(desk.run(let.wait))
    body = json.dumps({"question": KING}).encode()
    await RawClient(make_app(service, Gatekeeper())).post("/ask", body, lambda: asyncio.sleep(0.01), **headers)
    let.set()
    assert await busy
    assert await desk.run(lambda: "free") == "free"
    assert not archive.begun.acquire(blocking=False)
    desk.close()


async def test_a_server_that_stops_tells_those_who_wait() -> None:
    archive, desk = EndlessArchive(), Desk(1, 1)
    service = Service(archive, desk, desk, Batches(archive, archive.folder), Metrics(lambda: 0))  # type: ignore[arg-type]
    async with client_of(make_app(service, Gatekeeper())) as client:
        asked = asyncio.ensure_future(client.post("/ask", json={"question": KING}, headers=STREAM))
        assert await asyncio.to_thread(archive.begun.acquire, timeout=5)
        desk.stop()
        name, said = told((await asked).text)[-1]
        assert (name, said["error"]) == ("error", "The server is stopping.")
        late = await client.post("/ask", json={"question": KING})
        assert late.status_code == 503
        assert int(late.headers["retry-after"]) > 0
    desk.close()


def told(text: str) -> list[tuple[str, dict[str, Any]]]:
    parts = [
        dict(line.split(": ", 1) for line in part.splitlines()) for part in text.split("\n\n") if "event: " in part
    ]
    return [(part["event"], json.loads(part["data"])) for part in parts]


def refused(reply: httpx.Response) -> None:
    """Check that a reply is a refusal: a sentence and a hint, nothing of the machine."""
    assert 400 <= reply.status_code < 500, reply.text
    said = reply.json()
    assert set(said) == {"error", "hint"}
    assert said["error"].endswith(".")
    assert "Traceback" not in reply.text
    assert len(reply.text) < 1000


def check(form: Any, value: Any) -> None:
    """Check that a value has the form of a model, and nothing more."""
    assert TypeAdapter(form).dump_python(TypeAdapter(form).validate_python(value), mode="json") == value
