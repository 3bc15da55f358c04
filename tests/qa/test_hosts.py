"""Names in headers are read strictly: whatever is no host is none."""

from __future__ import annotations

import pytest

from qa.hosts import Site, check_address, host_of, is_loopback, is_same
from vectorstore.errors import UsageError


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.9", False),
        ("desk.local", False),
        ("", False),
    ],
)
def test_what_only_this_machine_reaches_is_known(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.parametrize(("host", "port"), [("", 80), (" ", 80), ("localhost", -1), ("localhost", 65536)])
def test_nothing_listens_at_an_empty_host_or_at_what_is_no_port(host: str, port: int) -> None:
    with pytest.raises(UsageError):
        check_address(host, port)


def test_a_site_is_read_in_lower_case_and_without_brackets() -> None:
    assert Site.read("[2001:DB8::1]:81") == Site("2001:db8::1", 81)
    assert Site.read("[2001:db8::1::2]") is None


def test_an_origin_is_the_same_with_its_scheme_s_own_port() -> None:
    here = Site("archive.example")
    assert is_same("http://archive.example:80", here)
    assert is_same("https://ARCHIVE.example:443", here)
    assert not is_same("http://archive.example:81", here)
    assert not is_same("file://archive.example", here)


def test_a_name_to_go_by_is_a_host_and_nothing_else() -> None:
    assert host_of("Archive.Example.org") == "archive.example.org"
    for written in ("", "https://archive.example.org", "archive.example.org:8010", "archive.example.org/", "a b"):
        with pytest.raises(UsageError, match="no name of a host"):
            host_of(written)
