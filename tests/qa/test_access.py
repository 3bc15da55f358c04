"""Who may come in: names that are no name of this server, and tokens that are none, stay outside."""

from __future__ import annotations

import pytest

from qa.access import Access

HERE = "127.0.0.1:8000"
ALONE = Access()
SHARED = Access("0.0.0.0", frozenset({"desk.local"}), "the-token")


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LocalHost:8000", "[::1]:8000", "127.0.0.1", "localhost:9000"]
)
def test_the_names_of_this_machine_are_trusted_at_any_port_that_may_be_forwarded(host: str) -> None:
    assert ALONE.trusts([host], [])
    assert ALONE.trusts([host], [f"http://{host}"])
    assert ALONE.trusts([host], [f"HTTPS://{host.upper()}"])


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",  # a name that was made to point here
        "127.0.0.1.evil.example",
        "localhost.",
        "user@127.0.0.1",
        "127.0.0.1:8000/",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:99999",
        "127.0.0.1:٨٠",
        "127.1",
        "2130706433",
        "[::1",
        "::1",
        "[::1%lo]:8000",
        "[::ffff:127.0.0.1]",
        "[127.0.0.1]x",
        "",
        " ",
        "\udcff",
        "a" * 70_000,
    ],
)
def test_a_foreign_or_malformed_host_is_not(host: str) -> None:
    assert not ALONE.trusts([host], [])
    assert not ALONE.trusts([host], [f"http://{host}"])


@pytest.mark.parametrize("gate", [ALONE, SHARED])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9000",
        "http://127.0.0.1",
        "http://localhost:8000",
        "ftp://127.0.0.1:8000",
        "file://",
        "null",
        "",
        "127.0.0.1:8000",
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000 http://evil.example",
        "http://[::1",
        "http://\ud800",
    ],
)
def test_a_page_of_another_origin_is_not(gate: Access, origin: str) -> None:
    assert not gate.trusts([HERE], [origin])


def test_no_host_two_hosts_and_two_origins_are_not() -> None:
    assert not ALONE.trusts([], [])
    assert not ALONE.trusts([HERE, HERE], [])
    assert not ALONE.trusts([HERE], [f"http://{HERE}", f"http://{HERE}"])


def test_a_port_that_goes_without_saying_is_the_schemes() -> None:
    assert ALONE.trusts(["localhost"], ["http://localhost:80"])
    assert ALONE.trusts(["localhost:443"], ["https://localhost"])
    assert not ALONE.trusts(["localhost:443"], ["http://localhost"])


def test_where_others_reach_it_addresses_and_given_names_will_do() -> None:
    assert SHARED.trusts(["desk.local:8000"], ["http://desk.local:8000"])
    assert SHARED.trusts(["10.0.0.7:8000"], [])
    assert not SHARED.trusts(["evil.example:8000"], ["http://evil.example:8000"])
    assert not SHARED.trusts(["desk.local:8000"], ["http://evil.example:8000"])
    assert not SHARED.trusts(["[::1"], [])


@pytest.mark.parametrize("shown", ["", "the-token ", "The-token", "the-tokem", "tôken", "\ud800", "the-token" * 9_999])
def test_only_the_token_opens(shown: str) -> None:
    assert not SHARED.opens(shown)
    assert SHARED.opens("the-token")
    assert ALONE.opens("")
