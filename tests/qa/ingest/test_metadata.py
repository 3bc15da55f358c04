import pytest
from lxml import html

from qa.ingest.metadata import read_metadata


def facts(head: str, body: str = "<p>x</p>", attributes: str = "") -> dict[str, tuple[str, str]]:
    tree = html.document_fromstring(f"<html {attributes}><head>{head}</head><body>{body}</body></html>")
    read = read_metadata(tree)
    return dict(read.facts) | ({"published": read.days[0]} if read.days else {})


def test_meta_tags_come_before_json_ld_and_markup() -> None:
    head = (
        '<title>Third | Herald</title><meta property="og:title" content="First">'
        '<script type="application/ld+json">{"@type": "NewsArticle",'
        '"headline": "Second", "author": {"name": "Jane Roe"}}</script>'
    )
    found = facts(head)
    assert found["title"] == ("First", "meta og:title")
    assert found["author"] == ("Jane Roe", "JSON-LD author")


def test_json_ld_is_found_in_lists_and_graphs_and_that_of_articles_comes_first() -> None:
    head = (
        '<script type="application/ld+json">[{"@type": "WebPage", "datePublished": "2001-01-01"}, {"@graph": '
        '[{"@type": ["Thing", "ReportageNewsArticle"], "datePublished": "2002-02-02"},'
        '{"@type": "NewsArticle", "datePublished": "2021-03-04", "author": [{"name": "Ann"}, "Bob"]}]}]</script>'
    )
    assert facts(head)["published"] == ("2002-02-02", "JSON-LD datePublished")
    assert facts(head)["author"][0] == "Ann, Bob"


@pytest.mark.parametrize("script", ["{broken", "[" * 100_000, "null", '"text"', '{"@type": 3}'])
def test_broken_json_ld_is_passed_over(script: str) -> None:
    found = facts(f'<script type="application/ld+json">{script}</script><meta name="date" content="2021-03-04">')
    assert found["published"] == ("2021-03-04", "meta date")


@pytest.mark.parametrize(
    ("title", "expected", "publisher"),
    [
        (
            "<title>Lighthouse to rise again after storm | Example Herald</title>",
            "Lighthouse to rise again after storm",
            "Example Herald",
        ),
        (
            '<meta property="og:site_name" content="Herald"><meta property="og:title" content="To rise - Herald">',
            "To rise",
            "Herald",
        ),
        ("<title>Lamp - out</title>", "Lamp - out", None),
        ("<title>The mayor’s long-planned visit</title>", "The mayor’s long-planned visit", None),
    ],
)
def test_the_sites_name_is_taken_off_the_title(title: str, expected: str, publisher: str | None) -> None:
    found = facts(title)
    assert found["title"][0] == expected
    assert found.get("publisher", (None,))[0] == publisher


def test_the_page_names_its_own_address() -> None:
    assert facts('<link rel="canonical" href="https://example.org/a">')["url"] == (
        "https://example.org/a",
        "link canonical",
    )
    assert facts("", "<!-- saved from url=(0021)https://example.org/b --><p>x</p>")["url"][0] == "https://example.org/b"
    assert "url" not in facts('<link rel="canonical" href="/relative">')


def test_single_file_gives_the_address_and_the_day_of_saving() -> None:
    comment = (
        "<!--\n Page saved with SingleFile \n url: https://example.org/c \n saved date: Mon Jul 01 2024 10:00:00\n-->"
    )
    found = facts("", comment + "<p>x</p>")
    assert found["url"] == ("https://example.org/c", "SingleFile comment")
    assert found["saved"][0].startswith("Mon Jul 01 2024")


def test_the_language_loses_its_country() -> None:
    assert facts("", attributes='lang="en-GB"')["language"] == ("en", "html lang")
    assert facts('<meta property="og:locale" content="fr_FR">')["language"] == ("fr", "meta og:locale")
