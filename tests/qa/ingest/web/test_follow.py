from __future__ import annotations

import gzip
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qa.ingest.pipeline import ingest
from qa.ingest.survey import Request
from qa.ingest.web import follow
from qa.ingest.web.fetch import Fetcher, FetchLimits
from qa.ingest.web.fetched import Fetched, Missed
from qa.ingest.web.follow import FeedEntry, Follower, Take, new
from qa.ingest.web.following import Following
from qa.ingest.worker import Worker
from qa.types import Failure, IngestReport, Progress
from tests.fakes import FakeEmbedder
from tests.qa.ingest.web.server import Answer, Asked, Site, html, serving
from tests.qa.ingest.web.test_fetch import at_once
from vectorstore.errors import Unreadable
from vectorstore.store import Store

Look = Callable[..., IngestReport]


def text(name: str) -> str:
    return f"The {name} ferry left at seven in the morning, and forty passengers were on board of it."


def rss(*links: str, ids: Callable[[str], str] = str) -> Answer:
    items = "".join(f"<item><title>T</title><link>{link}</link><guid>{ids(link)}</guid></item>" for link in links)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Quay Herald</title>{items}</channel></rss>'
    return 200, {"Content-Type": "application/rss+xml"}, body.encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.pages.update({f"/{name}": html(text(name)) for name in "abcdefgh"})
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as running:
        yield running


@dataclass(slots=True)
class Archive:
    """Stands for an archive: the pages in it, by address, and how often each was taken in."""

    pages: Counter[str] = field(default_factory=Counter)

    def take(self, pages: tuple[Fetched | Missed, ...]) -> Iterator[Progress | IngestReport]:
        had = [page.address for page in pages if isinstance(page, Fetched)]
        failed = tuple(Failure(page.address, page.reason) for page in pages if isinstance(page, Missed))
        added = sum(address not in self.pages for address in had)
        self.pages.update(had)
        yield IngestReport(added=added, unchanged=len(had) - added, failed=failed, articles=len(self.pages))

    @property
    def held(self) -> list[str]:
        assert set(self.pages.values()) <= {1}, "taken in twice"
        return sorted(address.rpartition("/")[2] for address in self.pages)


@pytest.fixture
def archive() -> Archive:
    return Archive()


@pytest.fixture
def look(site: Site, store: Path, worker: Worker, archive: Archive) -> Look:
    """Looks into what is followed, or follows an address of the site first."""

    def run(path: str = "", take: Take = archive.take, **limits: float) -> IngestReport:
        following = Following(store)
        store.mkdir(exist_ok=True)
        with Fetcher(allow_private=True, sleep=at_once, limits=FetchLimits(**limits)) as web:  # type: ignore[arg-type]
            follower = Follower(following, web, worker, take)
            wanted = [follower.add(site.address + path)] if path else following.list()
            return last(follower.run(wanted))

    return run


def last(steps: Generator[Progress, None, IngestReport]) -> IngestReport:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]


def test_what_is_new_becomes_articles_of_the_archive(site: Site, store: Path, look: Look) -> None:
    def take(pages: tuple[Fetched | Missed, ...]) -> Iterator[Progress | IngestReport]:
        yield from ingest(store, Request(fetched=pages), FakeEmbedder)

    site.pages["/feed"] = rss("/a", "/b", "/gone")
    report = look("/feed", take)
    assert (report.added, len(report.failed), report.articles) == (2, 1, 2)
    with Store.open(store) as opened:
        key = opened.ledger.resolve(f"{site.address}/a")
        article = opened.ledger.article(key)
        assert opened.ledger.original(key) == html(text("a"))[2]
        assert article.text.startswith(text("a"))
        assert article.url == f"{site.address}/a"
        assert article.found["url"].startswith("fetched 20")


def test_new_entries_are_taken_in_and_those_that_were_seen_are_not_fetched(
    site: Site, store: Path, archive: Archive, look: Look
) -> None:
    site.pages["/feed"] = rss("/a", f"{site.address}/b#top")
    assert look("/feed").added == 2
    site.pages["/feed"] = rss("/c", "/b", "/a")
    site.asked.clear()
    assert look().added == 1
    assert site.paths == ["/feed", "/c"]
    assert archive.held == ["a", "b", "c"]
    (followed,) = Following(store).list()
    assert (followed.title, followed.looked[:2]) == ("Quay Herald", "20")


def test_a_feed_that_did_not_change_is_not_read_again(site: Site, look: Look) -> None:
    def feed(asked: Asked) -> Answer:
        status, headers, body = rss("/a")
        return (
            (304, {}, b"")
            if asked.headers.get("if-none-match") == '"1"'
            else (status, {**headers, "ETag": '"1"'}, body)
        )

    site.pages["/feed"] = feed
    assert look("/feed").added == 1
    site.asked.clear()
    assert look() == IngestReport()
    assert site.paths == ["/feed"]


def test_what_failed_for_the_moment_comes_in_later_though_the_feed_did_not_change(
    site: Site, archive: Archive, look: Look
) -> None:
    def feed(asked: Asked) -> Answer:
        status, headers, body = rss("/a", "/b", "/c")
        return (304, {}, b"") if "if-none-match" in asked.headers else (status, {**headers, "ETag": '"1"'}, body)

    site.pages |= {"/feed": feed, "/b": (503, {}, b""), "/c": (404, {}, b"")}
    report = look("/feed")
    assert (report.added, len(report.failed)) == (1, 2)
    site.pages |= {"/b": html(text("b")), "/c": html(text("c"))}
    site.asked.clear()
    assert look().added == 1
    assert site.paths == ["/feed", "/b"]
    site.asked.clear()
    assert look().added == 0
    assert site.paths == ["/feed"]
    assert archive.held == ["a", "b"]


def test_one_id_for_all_entries_loses_none_and_one_page_under_two_ids_is_taken_once(
    site: Site, archive: Archive, look: Look
) -> None:
    site.pages["/feed"] = rss("/a", "/b", "/b?utm_source=rss", ids=lambda _: "same")
    assert look("/feed").added == 2
    site.pages["/feed"] = rss("/c", "/a", ids=lambda link: f"other {link}")
    assert look().added == 1
    assert archive.held == ["a", "b", "c"]


@pytest.mark.parametrize("how", ["drip", "bomb", "cut", "wrong charset", "no feed", "slow"])
def test_a_feed_that_misbehaves_loses_nothing(site: Site, archive: Archive, look: Look, how: str) -> None:
    good = rss("/a", "/b")
    site.pages["/feed"] = good
    assert look("/feed").added == 2
    more = rss("/c", "/a", "/b")

    def drip(asked: Asked) -> None:
        asked.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss>")
        for _ in range(40):
            asked.write(b" ")
            time.sleep(0.05)

    bad: dict[str, Answer | Callable[[Asked], Answer | None]] = {
        "drip": drip,
        "bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(10**8))),
        "cut": (200, {"Content-Encoding": "gzip"}, gzip.compress(more[2])[:-8]),
        "wrong charset": (200, {"Content-Type": "text/xml; charset=utf-16"}, more[2].replace(b"Quay", b"Qu\xe4y")),
        "no feed": (200, {"Content-Type": "text/html"}, b"<html><body>Under repair"),
        "slow": (429, {"Retry-After": "9999"}, b""),
    }
    site.pages["/feed"] = bad[how]
    report = look(deadline=1.0 if how == "drip" else 20.0, size=10**7)
    assert bool(report.failed) is (how != "wrong charset")
    site.pages["/feed"] = more
    look()
    assert archive.held == ["a", "b", "c"]


def test_a_feed_that_fails_does_not_stop_the_others(site: Site, look: Look) -> None:
    site.pages |= {"/one": rss("/a"), "/two": rss("/b")}
    look("/one")
    look("/two")
    site.pages |= {"/one": (500, {}, b""), "/two": rss("/c")}
    report = look()
    assert (report.added, [failure.source for failure in report.failed]) == (1, [f"{site.address}/one"])


def test_sitemaps_are_followed_also_packed_and_through_their_index(site: Site, archive: Archive, look: Look) -> None:
    def sitemap(*names: str) -> bytes:
        return ("<urlset>" + "".join(f"<url><loc>{site.address}/{n}</loc></url>" for n in names) + "</urlset>").encode()

    index = "".join(f"<sitemap><loc>{site.address}/{n}</loc></sitemap>" for n in ("1.xml.gz", "gone.xml", "2.xml"))
    site.pages |= {
        "/sitemap.xml": (200, {"ETag": '"1"'}, f"<sitemapindex>{index}</sitemapindex>".encode()),
        "/1.xml.gz": (200, {}, gzip.compress(sitemap("a", "b"))),
        "/2.xml": (200, {}, sitemap("c")),
    }
    report = look("/sitemap.xml")
    assert (report.added, [failure.source for failure in report.failed]) == (3, [f"{site.address}/gone.xml"])
    site.pages["/2.xml"] = (200, {}, sitemap("c", "d"))
    assert look().added == 1
    assert archive.held == ["a", "b", "c", "d"]


def test_a_packed_sitemap_that_broke_off_is_not_taken_as_whole(site: Site, look: Look) -> None:
    url = f"<url><loc>{site.address}/a</loc></url>".encode()
    site.pages |= {
        "/sitemap.xml": (
            200,
            {},
            f"<sitemapindex><sitemap><loc>{site.address}/1.gz</loc></sitemap></sitemapindex>".encode(),
        ),
        "/1.gz": (200, {}, gzip.compress(b"<urlset>" + url + b"</urlset>")[:-9]),
    }
    report = look("/sitemap.xml")
    assert (report.added, [failure.reason for failure in report.failed]) == (0, ["the answer broke off"])


def test_a_page_that_names_its_feed_is_followed_by_that(site: Site, store: Path, look: Look) -> None:
    link = b'<html><head><link rel="alternate" type="application/atom+xml" href="/feed"></head><body>Home'
    site.pages |= {"/": (200, {"Content-Type": "text/html"}, link), "/feed": rss("/a")}
    assert look("/").added == 1
    assert [one.address for one in Following(store).list()] == [f"{site.address}/feed"]
    with pytest.raises(Unreadable):
        look("/a")
    assert len(Following(store).list()) == 1


def test_a_long_feed_is_taken_in_over_several_runs(
    site: Site, archive: Archive, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "MOST", 3)
    monkeypatch.setattr(follow, "BATCH", 2)
    status, headers, body = rss(*(f"/{name}" for name in "abcde"))
    site.pages["/feed"] = (status, {**headers, "ETag": '"1"'}, body)
    report = look("/feed")
    assert (report.added, report.warnings) == (3, (f"{site.address}/feed: 2 pages more wait for the next run",))
    assert look().added == 2
    assert archive.held == list("abcde")


def test_entries_are_new_in_their_order_each_page_once() -> None:
    entries = [FeedEntry(f"https://quay.example/{path}") for path in ("b", "a", "b", "a?utm_source=x", "c")]
    assert [entry.address[-1] for entry in new(entries, frozenset({"quay.example/c?#"}))] == ["b", "a"]
