from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.qa.ingest.web.server import Site, html, serving

Qa = Callable[..., Ran]
TEXT = "The ferry left at seven in the morning, and forty passengers were on board of it."


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        feed = "<rss version='2.0'><channel><title>Quay</title><item><link>/a</link></item></channel></rss>"
        running.pages |= {"/a": html(TEXT), "/feed": (200, {"Content-Type": "application/rss+xml"}, feed.encode())}
        yield running


def test_a_page_is_taken_in_by_its_address_and_shows_where_and_when_it_was_fetched(
    qa: Qa, site: Site, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    ran = qa("--store", store, "ingest", f"{site.address}/a", f"{site.address}/gone", "--allow-private", "--json")
    report = json.loads(ran.out)
    assert (ran.code, report["added"]) == (1, 1)
    assert report["failed"][0]["source"] == f"{site.address}/gone"
    shown = qa("--store", store, "show", f"{site.address}/a").out
    assert TEXT in shown
    assert "(fetched 20" in shown


def test_nothing_is_fetched_from_this_machine_unless_it_is_allowed(qa: Qa, site: Site, tmp_path: Path) -> None:
    for command in ("ingest", "follow"):
        ran = qa("--store", tmp_path / "store", command, f"{site.address}/feed")
        assert ran.code == 1
        assert "--allow-private" in ran.err
    assert site.asked == []


def test_a_feed_is_followed_listed_looked_into_and_removed(qa: Qa, site: Site, tmp_path: Path) -> None:
    def run(*arguments: str) -> Ran:
        return qa("--store", tmp_path / "store", "follow", *arguments)

    feed = f"{site.address}/feed"
    assert run().code == 1
    assert json.loads(run(feed, "--allow-private", "--json").out)["added"] == 1
    assert feed in run("--list").out
    assert json.loads(run("--list", "--json").out)[0]["title"] == "Quay"
    assert json.loads(run("--allow-private", "--json").out)["added"] == 0
    assert run("--remove", feed).code == 0
    assert run("--list").out == "Nothing is followed yet.\n"
    assert run("--remove", feed).code == 2
    assert run("no-address").code == 2
