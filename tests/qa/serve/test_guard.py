"""Who may come in: known names, own pages, the right token, whole bodies of a reasonable size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from qa.serve import guard
from qa.serve.guard import Gatekeeper, Guard, replayed
from tests.qa.serve.clients import client_of

TOKEN = "correct-horse-battery"
HERE, EVERYWHERE = Gatekeeper(), Gatekeeper("0.0.0.0", frozenset({"archive.example"}), TOKEN)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8010", "[::1]:80", "LOCALHOST:1"])
def test_this_machine_goes_by_its_own_names(host: str) -> None:
    assert HERE.refusal("/", {"host": host}) is None


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "10.0.0.7", "[::1", "a@b@c", "[v1.x]"])
def test_on_this_machine_no_other_name_is_known(host: str) -> None:
    refusal = HERE.refusal("/", {"host": host})
    assert refusal
    assert refusal.status == 403


@pytest.mark.parametrize("host", ["10.0.0.7:8010", "archive.example", "[fe80::1]:8010", "localhost"])
def test_elsewhere_addresses_and_given_names_are_known(host: str) -> None:
    refusal = EVERYWHERE.refusal("/", {"host": host})
    assert refusal
    assert refusal.status == 401  # known, and to show a token
    foreign = EVERYWHERE.refusal("/", {"host": "evil.example"})
    assert foreign
    assert foreign.status == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9", "file://", "http://[::1"])
async def test_pages_of_other_origins_are_turned_away(origin: str) -> None:
    async with client_of(Guard(echo, HERE)) as client:
        refused = await client.get("/", headers={"Origin": origin})
        assert refused.status_code == 403
        assert refused.json()["error"]
        own = await client.get("/", headers={"Origin": "http://localhost:8010"})
        assert own.status_code == 200


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xe4"])
async def test_a_wrong_token_opens_nothing(given: str) -> None:
    async with client_of(Guard(echo, EVERYWHERE)) as client:
        reply = await client.get("/", headers=[(b"authorization", given.encode("latin-1"))])
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in reply.text


async def test_the_right_token_opens_everything_and_open_paths_need_none() -> None:
    rules = Gatekeeper(token=TOKEN, open_paths=frozenset({"/health"}))
    async with client_of(Guard(echo, rules)) as client:
        assert (await client.get("/x", headers={"Authorization": f"bearer {TOKEN}"})).status_code == 200
        assert (await client.get("/health")).status_code == 200


async def test_of_two_hosts_none_is_believed() -> None:
    async with client_of(Guard(echo, HERE)) as client:
        reply = await client.get("/", headers=[("Host", "localhost"), ("Host", "evil.example")])
        assert reply.status_code == 403


async def test_a_body_arrives_whole_and_one_too_long_never() -> None:
    async with client_of(Guard(echo, Gatekeeper(largest=10))) as client:
        assert (await client.post("/", content=b"0123456789")).content == b"0123456789"
        long = await client.post("/", content=pieces(12))
        assert long.status_code == 413
        assert long.json() == {"error": "The request is too long: at most 10 bytes.", "hint": "Send less at once."}


async def test_a_body_that_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PATIENCE", 0.02)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(1)
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"localhost")]}
    await Guard(echo, HERE)(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_who_leaves_while_sending_is_not_answered() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(_: Any) -> None:
        raise AssertionError

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"localhost")]}
    await Guard(echo, HERE)(scope, receive, send)


async def test_a_replayed_body_is_followed_by_what_comes() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    again = replayed(b"x", receive)
    assert [(await again())["type"] for _ in range(2)] == ["http.request", "http.disconnect"]


async def test_every_reply_keeps_browsers_to_this_server() -> None:
    async with client_of(Guard(echo, HERE)) as client:
        for reply in (await client.get("/"), await client.get("/", headers={"Host": "evil.example"})):
            policy = reply.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert reply.headers["x-content-type-options"] == "nosniff"


async def pieces(number: int) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b"x"


async def echo(_: Any, receive: Any, send: Any) -> None:
    """Answer with the body."""
    body = (await receive()).get("body", b"")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
