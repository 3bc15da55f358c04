import pytest
from lxml import html

from qa.ingest.authors import tidied
from qa.ingest.metadata import read_metadata


def author(body: str, head: str = "") -> tuple[str, str] | None:
    page = f"<html><head><title>Lighthouse to rise again</title>{head}</head><body>{body}</body></html>"
    return read_metadata(html.document_fromstring(page)).facts.get("author")


H1 = "<h1>Lighthouse to rise again</h1>"


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("<p class='byline'>By <a rel='author' href='/jane'>Jane Roe</a></p>", "rel author"),
        ("<span itemprop='author'><span itemprop='name'>Jane Roe</span></span>", "itemprop author"),
        ("<p class='byline'>By Jane Roe</p>", "class of the byline"),
        ("<a href='/author/jane'>Jane Roe</a>", "author link"),
        (f"{H1}<p>By Jane Roe | March 4, 2021</p>", "byline"),
        (f"{H1}<p>Von Jane Roe</p>", "byline"),
        (f"{H1}<p>Par Jane Roe le 7 mai 2020</p>", "byline"),
        (f"{H1}<p>{'It rained. ' * 30}</p><p>Autorin: Jane Roe</p>", "byline"),
    ],
)
def test_the_author_is_read_from_markup_and_bylines(body: str, how: str) -> None:
    assert author(body) == ("Jane Roe", how)


def test_persons_come_before_the_site_which_is_the_last_resort() -> None:
    head = '<meta property="og:site_name" content="Example Herald"><meta name="author" content="Example Herald">'
    assert author("<p class='byline'>By Jane Roe</p>", head) == ("Jane Roe", "class of the byline")
    assert author("<p>x</p>", head) == ("Example Herald", "meta author")
    linked = '<script type="application/ld+json">{"@type": "Article", "author": ['
    linked += '{"@type": "Organization", "name": "Herald"},'
    assert author("<p>x</p>", linked + '{"@type": "Person", "name": "Jane Roe"}]}</script>') == (
        "Jane Roe",
        "JSON-LD author",
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Jane Roe, Email The Author, jroe@herald.example", "Jane Roe"),
        ("By Jane Roe and John Doe", "Jane Roe and John Doe"),
        ("Von Jörg Groß", "Jörg Groß"),
        ("Jane Roe; John Doe", "Jane Roe, John Doe"),
        ("Jane Roe, Staff Writer", "Jane Roe"),
        ("Redacci&oacute;n", "Redacción"),
        ("VON JANE ROE am 4. März 2021", "JANE ROE"),
        ("Jane Roe, Show all posts by Jane Roe →", "Jane Roe"),
        ("https://herald.example/jane", ""),
        ("@janeroe", ""),
        ("Follow", ""),
        ("null", ""),
        ("No Author", ""),
        ("", ""),
    ],
)
def test_names_are_kept_and_buttons_and_addresses_are_not(raw: str, expected: str) -> None:
    assert tidied(raw) == expected


def test_the_writers_of_comments_are_no_authors() -> None:
    assert author("<div class='comments'><a rel='author' href='/x'>John Doe</a></div>") is None


@pytest.mark.parametrize(
    "line", ["By Monday evening the storm had gone", "Text that begins here", "By Jane Roe’s account it rained."]
)
def test_a_line_that_only_begins_like_a_byline_names_nobody(line: str) -> None:
    assert author(f"{H1}<p>{line}</p>") is None
