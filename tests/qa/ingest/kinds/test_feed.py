import pytest

from qa.ingest.clean import to_article
from qa.ingest.kinds.feed import FeedReader, listed
from tests.qa.ingest.kinds.build import drafts, failure
from vectorstore.errors import Unreadable

TEXT = "The ferry left at seven in the morning, and forty passengers were on board of it."
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Quay Herald</title><link>https://quay.example/</link>
<item><title>Ferry &amp; quay</title><link>/ferry#top</link><guid>tag:1</guid><dc:creator>Jane Roe</dc:creator>
<pubDate>Thu, 04 Mar 2021 10:00:00 GMT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{TEXT}</p><p>Second paragraph.</p>]]></content:encoded></item>
<item><title>No text</title><link>https://quay.example/none</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay Herald</title>
<entry><id>tag:1</id><title>Changed</title><link href="https://quay.example/a"/><updated>2021-03-04T00:00:00Z</updated>
<summary>{TEXT}</summary></entry></feed>"""
HOME = "https://quay.example/feeds/all.xml"


def test_an_entry_with_its_own_text_is_an_article() -> None:
    (draft,) = drafts(FeedReader(), RSS.encode(), HOME)
    article = to_article(draft)
    assert (article.source, article.title) == ("https://quay.example/ferry", "Ferry & quay")
    assert (article.publisher, article.author, article.published) == ("Quay Herald", "Jane Roe", "2021-03-04")
    assert article.text == f"{TEXT}\n\nSecond paragraph."


def test_the_day_of_a_change_is_not_that_of_publication() -> None:
    (draft,) = drafts(FeedReader(), ATOM.encode(), "/a.atom")
    assert "published" not in draft.fields


def test_an_entry_without_a_link_is_named_by_its_number() -> None:
    feed = ATOM.replace('<link href="https://quay.example/a"/>', "")
    assert drafts(FeedReader(), feed.encode(), "/a.atom")[0].source == "/a.atom#1"


@pytest.mark.parametrize("data", [b"", b"no feed", b"<rss version='2.0'><channel></channel></rss>", b"<rss><chan"])
def test_a_feed_without_text_says_so(data: bytes) -> None:
    assert failure(FeedReader(), data) == "the feed holds no article with text"


def test_links_are_listed_with_their_days_resolved_against_the_feed() -> None:
    found = listed(RSS.encode(), HOME, "application/rss+xml")
    assert found["title"] == "Quay Herald"
    assert found["entries"] == [
        ["https://quay.example/ferry", "2021-03-04"],
        ["https://quay.example/none", ""],
    ]


@pytest.mark.parametrize("charset", ["utf-8", "us-ascii", "no-such-thing", "utf-16"])
def test_a_wrong_charset_costs_no_entry(charset: str) -> None:
    feed = RSS.replace("Ferry", "Fähre").encode("cp1252")
    assert len(listed(feed, HOME, f"text/xml; charset={charset}")["entries"]) == 2


def test_links_that_are_no_web_addresses_are_left_out() -> None:
    feed = RSS.replace("/ferry#top", "javascript:alert(1)").replace("https://quay.example/none", "file:///etc/passwd")
    assert listed(feed.encode(), HOME, "")["entries"] == []


def test_a_sitemap_lists_its_pages_those_that_changed_last_first() -> None:
    rows = [("a", "2020-01-01"), ("b", "2021-01-01"), ("a", "2020-01-01"), ("c", "")]
    urls = "".join(f"<url><loc>https://quay.example/{p}</loc><lastmod>{day}</lastmod></url>" for p, day in rows)
    found = listed(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode(), HOME, "")
    assert [link for link, _ in found["entries"]] == [f"https://quay.example/{page}" for page in "bac"]


def test_an_index_of_sitemaps_and_a_page_that_names_its_feed_are_ways_to_go_on() -> None:
    index = b"<sitemapindex><sitemap><loc>https://quay.example/1.xml</loc></sitemap></sitemapindex>"
    assert listed(index, HOME, "")["sitemaps"] == ["https://quay.example/1.xml"]
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"><body>'
    assert listed(page, HOME, "text/html")["feeds"] == ["https://quay.example/feed"]


@pytest.mark.parametrize("data", [b"", b"words", b"<html><body>", b"\x00\xff\x00", b"<x>", b"{}"])
def test_what_is_none_of_these_is_named(data: bytes) -> None:
    with pytest.raises(Unreadable, match="no feed and no sitemap"):
        listed(data, HOME, "")


def test_entities_are_not_opened() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://q.example/&a;</loc></url></urlset>'
    assert "root" not in str(listed(bomb, HOME, ""))
