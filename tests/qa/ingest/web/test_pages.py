import pytest

from qa.ingest.clean import to_article
from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.readers import readers
from qa.ingest.web.fetched import Fetched, Missed
from qa.ingest.web.pages import drafts_of
from qa.types import Failure
from tests.qa.ingest.kinds.build import column, pdf

TEXT = "The ferry left at seven in the morning, and forty passengers were on board of it."
PAGE = f"<html><head><title>Ferry</title></head><body><article><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"
KNOWN = readers()


def fetched(data: bytes, kind: str, **more: str) -> Fetched:
    return Fetched(
        "https://quay.example/a", "https://www.quay.example/a/", data, kind, "2021-03-04T05:06:07+00:00", **more
    )  # type: ignore[arg-type]


def draft(data: bytes, kind: str, **more: str) -> RawArticle:
    (only,) = drafts_of(fetched(data, kind, **more), KNOWN)
    assert isinstance(only, RawArticle), only
    return only


def test_a_page_is_stored_as_it_came_with_its_address_and_the_time_of_fetching() -> None:
    only = draft(PAGE.encode(), "text/html")
    article = to_article(only)
    assert (only.source, only.original) == ("https://quay.example/a", PAGE.encode())
    assert article.url == "https://www.quay.example/a/"
    assert article.found["url"] == "fetched 2021-03-04T05:06:07+00:00"
    assert article.publisher == "quay.example"
    assert article.published is None


def test_the_day_that_a_feed_states_counts() -> None:
    article = to_article(draft(PAGE.encode(), "text/html", published="2021-03-03"))
    assert (article.published, article.found["published"]) == ("2021-03-03", "feed published")


def test_the_charset_of_the_answer_is_honoured_unless_it_is_wrong() -> None:
    page = PAGE.replace("ferry", "fähre")
    assert "fähre" in draft(page.encode("cp1252"), "text/html; charset=iso-8859-1").text
    assert "fähre" in draft(page.encode(), "text/html; charset=us-ascii").text


@pytest.mark.parametrize(
    ("data", "kind", "form"),
    [
        (pdf([column(50, 600, [TEXT])]), "application/octet-stream", TextFormat.PDF),
        (TEXT.encode(), "text/plain", TextFormat.PAGE),
        (f"# Ferry\n\n{TEXT}".encode(), "text/markdown; charset=utf-8", TextFormat.MARKDOWN),
        (
            f"<rss><channel><item><description>{TEXT}</description></item></channel></rss>".encode(),
            "",
            TextFormat.RECORD,
        ),
        (PAGE.encode(), "", TextFormat.HTML),
    ],
)
def test_other_kinds_are_read_as_files_are(data: bytes, kind: str, form: TextFormat) -> None:
    assert draft(data, kind).form is form


def test_what_is_no_article_or_was_not_had_is_a_failure() -> None:
    (picture,) = drafts_of(fetched(b"\xff\xd8\xff", "image/jpeg"), KNOWN)
    assert picture == Failure("https://quay.example/a", "there is no article at the address, but image/jpeg")
    (wall,) = drafts_of(fetched(b"<input type=password>", "text/html"), KNOWN)
    assert isinstance(wall, Failure)
    assert list(drafts_of(Missed("https://quay.example/b", "it is gone"), KNOWN)) == [
        Failure("https://quay.example/b", "it is gone")
    ]
