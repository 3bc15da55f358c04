import pytest
from lxml import html

from qa.ingest.metadata import read_metadata


def title(head: str, body: str) -> str:
    page = f"<html><head>{head}</head><body>{body}<p>x</p></body></html>"
    return read_metadata(html.document_fromstring(page)).facts["title"][0]


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>Lighthouse to rise again</title>", "<h1>Herald</h1>", "Lighthouse to rise again"),
        ("<title>Storm hits Porto</title>", "<h1 class='logo'>Storm hits Porto daily</h1>", "Storm hits Porto"),
        ("<title>Lighthouse - Wikipedia</title>", "<h1>Lighthouse</h1>", "Lighthouse"),
        ("<title>Lighthouse - Wikipedia</title>", "", "Lighthouse"),
        (
            "<meta property='og:title' content='Light to rise'><title>x</title>",
            "<h1>Light to rise at last</h1>",
            "Light to rise at last",
        ),
        (
            "<meta property='og:title' content='Coast - Lighthouse to rise again at last'>",
            "<h2>Lighthouse to rise again at last</h2>",
            "Lighthouse to rise again at last",
        ),
        (
            "<title>Lighthouse to rise again</title>",
            "<h1><span class='kicker'>The coast</span> Lighthouse to rise again</h1>",
            "Lighthouse to rise again",
        ),
        (
            "<link rel='canonical' href='https://www.coast-herald.example/a'><title>Lamp out | Coast Herald</title>",
            "",
            "Lamp out",
        ),
        (
            "<meta name='section' content='Local'><meta name='twitter:title' content='Local | Lamp goes out'>",
            "",
            "Lamp goes out",
        ),
    ],
)
def test_the_title_is_the_articles_headline_without_its_site(head: str, body: str, expected: str) -> None:
    assert title(head, body) == expected
