import pytest
from lxml import html

from qa.ingest.metadata import PageFacts, read_metadata

PROSE = "<p>" + "The council voted to rebuild the lighthouse that a storm had damaged in spring. " * 3 + "</p>"
TITLE = "<title>Lighthouse to rise again</title>"
H1 = "<h1>Lighthouse to rise again</h1>"


def read(body: str, head: str = "", language: str = "en") -> PageFacts:
    page = f"<html lang='{language}'><head>{TITLE}{head}</head><body>{body}</body></html>"
    return read_metadata(html.document_fromstring(page))


def first(body: str, head: str = "", language: str = "en") -> tuple[str, str] | None:
    return next(iter(read(body, head, language).days), None)


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    "data",
    [
        '{"@type": "WebPage", "datePublished": "2024-02-05"}',
        '{"@type": "LiveBlogPosting", "datePublished": "2024-02-05"}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "datePublished": "2024-02-05"}}',
        '{"@graph": [{"@type": "WebSite"}, {"@type": "WebPage", "datePublished": "2024-02-05"}]}',
        '//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2024-02-05"}\n//]]>',
        '/*<![CDATA[*/{"@type": "Article", "datePublished": "2024-02-05"}/*]]>*/',
        '[{"@type": "Article", "headline": "a,]", "datePublished": "2024-02-05",},]',
    ],
)
def test_json_ld_dates_the_article_however_it_is_wrapped(data: str) -> None:
    assert first(PROSE, linked(data)) == ("2024-02-05", "JSON-LD datePublished")


def test_the_node_with_the_pages_title_dates_it() -> None:
    nodes = '[{"@type": "Article", "headline": "Other", "datePublished": "2020-01-01"},'
    nodes += '{"@type": "Article", "headline": "This", "datePublished": "2024-02-05"}]'
    assert first(PROSE, f'<meta property="og:title" content="This">{linked(nodes)}') == (
        "2024-02-05",
        "JSON-LD datePublished",
    )


def test_a_wikis_creation_and_an_embedded_post_are_not_the_articles_day() -> None:
    wiki = '<meta name="generator" content="MediaWiki 1.31">'
    assert first(PROSE, wiki + linked('{"@type": "Article", "datePublished": "2005-07-26"}')) is None
    post = "<blockquote class='twitter-tweet'><p>Wow</p><time datetime='2020-01-01'>1 January 2020</time></blockquote>"
    assert first(f"<article>{H1}{PROSE}{post}</article>") is None


def test_every_stated_day_is_kept_for_the_next_to_be_tried() -> None:
    head = '<meta property="article:published_time" content="soon"><meta name="date" content="2024-02-05">'
    assert [value for value, _ in read(PROSE, head).days] == ["soon", "2024-02-05"]


@pytest.mark.parametrize(
    "line",
    [
        "<p>5 February 2024</p>",
        "<div><span>By Jane Roe</span> | <span>5 February 2024</span></div>",
        "<p>By Jane Roe on 5 February 2024</p>",
        "<p>Updated 6 February 2024</p><p>Published 5 February 2024</p>",
        f"{PROSE}<p>Monday, 5 February 2024, 10:15</p>",
    ],
)
def test_the_line_under_the_headline_dates_the_article(line: str) -> None:
    found = first(f"<article>{H1}{line}{PROSE}{PROSE}{PROSE}</article>")
    assert found is not None
    assert found[0] == "2024-02-05"


def test_updated_is_not_published() -> None:
    assert first(f"<article>{H1}<p>Updated 6 February 2024</p>{PROSE}</article>") is None
    assert first(f"<article>{H1}<p>Updated <time datetime='2024-02-06'>6 Feb</time></p>{PROSE}</article>") is None
    assert read(f"{H1}{PROSE}{PROSE}<p>This page was last edited on 6 February 2024.</p>").guess is None


def test_the_day_of_the_visit_above_the_headline_is_none() -> None:
    assert first(f"<div>Monday, 5 February 2024</div>{H1}{PROSE}") is None
    assert first(f"<div>5 February 2024</div>{H1}{PROSE}") == ("2024-02-05", "line above the headline")


def test_what_readers_are_shown_beats_a_stamp() -> None:
    head = '<meta property="article:published_time" content="2024-02-06T01:30:00Z">'
    body = f"<article>{H1}<p>5/2/2024 21:30</p>{PROSE}</article>"
    assert first(body, head, "es") == ("2024-02-05", "line under the headline")
    reissued = head + '<meta property="article:modified_time" content="2024-02-05T09:00:00Z">'
    assert first(body, reissued, "es") == ("2024-02-05", "line under the headline")


def test_midnight_in_the_pages_country_is_the_day_that_begins_there() -> None:
    head = '<meta property="article:published_time" content="2022-11-06T23:00:00.000Z">'
    assert first(f"{H1}{PROSE}", head, "de") == ("2022-11-07", "meta article:published_time")
    assert first(f"{H1}{PROSE}", head, "en") == ("2022-11-06T23:00:00.000Z", "meta article:published_time")


def test_of_several_days_around_the_headline_none_is_taken() -> None:
    joined = "<p>Harbour forum</p><p>18 September 2008</p><p>Jane Roe</p><p>21 January 2009</p>"
    assert first(f"{H1}{joined}{PROSE}") is None
    assert first(f"<div>18 September 2008</div><div>21 January 2009</div>{H1}{PROSE}") is None
    assert first(f"<h2 class='date-header'>9 September 2017</h2>{H1}{joined}{PROSE}") == (
        "2017-09-09",
        "class of the day",
    )


def test_the_day_on_which_a_text_was_begun_is_not_the_day_of_publication() -> None:
    assert first(PROSE, linked('{"@type": "Article", "dateCreated": "2024-02-05"}')) is None
    assert first(PROSE, '<meta name="created" content="2024-02-05">') is None


def test_a_single_time_of_the_article_dates_it_and_several_do_not() -> None:
    one, two = '<time datetime="2021-03-04">x</time>', '<time datetime="2021-03-05">y</time>'
    assert first(f"<article>{one}</article><aside>{two}</aside>") == ("2021-03-04", "time")
    assert first(f"<article>{one}{two}</article>") is None


def test_the_only_day_on_a_page_is_taken_where_nothing_states_one() -> None:
    body = f"<div class='entry'>{PROSE}{PROSE}{PROSE}<div class='date'>Filed 5 February 2024 / Coast</div></div>"
    assert read(body).guess == ("2024-02-05", "htmldate: the only day on the page")
    assert read(body + "<p>Since 1 May 2020</p>").guess is None
