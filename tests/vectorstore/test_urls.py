"""Which addresses lead to the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.articles import Reference
from vectorstore.urls import page_of

PAGE = page_of("https://x.example/news/a?id=7&p=2")


@pytest.mark.parametrize(
    "address",
    [
        "http://x.example/news/a?id=7&p=2",
        "https://www.X.example/news/a?p=2&id=7",
        "https://x.example/news/a/?id=7&p=2",
        "https://x.example/news/a/index.html?id=7&p=2",
        "https://x.example/news/a?utm_source=rss&id=7&UTM_Medium=feed&p=2&fbclid=1",
    ],
)
def test_addresses_of_one_page(address: str) -> None:
    assert page_of(address) == PAGE


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/news/A?id=7&p=2",
        "https://x.example/news/a?id=7",
        "https://x.example/news/a?id=7&p=2#entry-3",
        "https://m.x.example/news/a?id=7&p=2",
        "https://x.example:8080/news/a?id=7&p=2",
        "https://x.example/news/a.html?id=7&p=2",
    ],
)
def test_addresses_of_other_pages(address: str) -> None:
    assert page_of(address) not in {PAGE, ""}


@pytest.mark.parametrize(
    "address", ["", "/home/a.txt", "file:///a/b", "a/b", "https://x.example/", "https://www.x.example", "http://[x/a"]
)
def test_what_is_no_page(address: str) -> None:
    assert page_of(address) == ""


@given(st.text())
def test_any_text_may_be_asked_about(text: str) -> None:
    assert page_of("https://x.example/a?" + text) or text
    page_of(text)


def test_articles_are_copies_of_a_page_by_their_url_and_else_stand_for_themselves() -> None:
    one = Reference("1", "/a.html", url="https://x.example/a?utm_source=rss")
    assert one.page == Reference("2", "/b.html", url="https://www.x.example/a").page
    front = "https://x.example/"
    assert Reference("1", "/a.html", url=front).page != Reference("2", "/b.html", url=front).page
    assert Reference("1", "/a.html").page == "/a.html"
