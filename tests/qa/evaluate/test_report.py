from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from qa.evaluate.report import page
from tests.qa.evaluate.build import case, outcome

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>\x1b[2J\u202e'
KNOWN = case(id="q1", answer="rain", articles=["a", "https://press.example/rain"], kind="fact")
VOID = {"meta", "br"}


class Tree(HTMLParser):
    """Remembers tags and attributes; complains of what is closed but not open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html() -> str:
    wrong = outcome(KNOWN, ("b", "Snow fell."), found="bca", confidence=0.7)
    return page([wrong, outcome(KNOWN), outcome(case(id="q2", answerable=False), confidence=0.1)], "press.jsonl", 0.4)


def test_the_page_is_whole_html(html: str) -> None:
    tree = Tree(html)
    assert tree.open == []
    assert {"table", "svg", "details", "blockquote"} <= set(tree.tags)


def test_the_page_asks_nothing_of_anybody_and_runs_nothing(html: str) -> None:
    tree = Tree(html)
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(tree.tags)
    assert {value for name, value in tree.attributes if name in {"href", "src"}} <= {"https://press.example/rain"}
    assert not re.search(r"url\(|@import", html)
    assert "default-src 'none'" in html


def test_the_page_shows_figures_and_misses_with_what_was_found(html: str) -> None:
    for said in (
        "hits@10",
        "95 % interval",
        "Snow fell.",
        "What fell?",
        "no quote holds the answer",
        "current: 0.40, 33% answered, 100% of these answerable",
    ):
        assert said in html


def test_the_page_draws_how_far_the_confidence_is_to_be_believed(html: str) -> None:
    assert "Can you trust the confidence?" in html
    assert 'role="img" aria-label="Reliability of the answers: 1 of confidence 0.70, 0% right"' in html
    assert "<td>calibration error (ECE)</td>" in html
    assert "<td>Brier score</td>" in html


def test_where_all_can_be_answered_the_confidence_is_drawn_all_the_same_and_where_none_was_it_is_not() -> None:
    drawn = page([outcome(KNOWN, ("a", "Rain fell."), confidence=0.9)], "x", 0.4)
    assert "1 of confidence 0.90, 100% right" in drawn
    assert "Can you trust the confidence?" not in page([outcome(KNOWN)], "x", 0.4)


def test_text_of_articles_rows_and_files_is_escaped_and_cleaned() -> None:
    made = outcome(case(EVIL, id=EVIL, kind=EVIL, answer=EVIL, gold=[re.escape(EVIL)], articles=EVIL), (EVIL, EVIL))
    other = outcome(case(answerable=False, kind="other"), (EVIL, EVIL), found=[EVIL])
    html = page([made, other], EVIL, 0.4)
    tree = Tree(html)
    assert not {"script", "img"} & set(tree.tags)
    assert "onerror" not in {name for name, _ in tree.attributes}
    assert "Can you trust the confidence?" in html
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    html = page([outcome(case(answer="x", articles="javascript:alert(1)"))], "x", 0.4)
    assert "a" not in Tree(html).tags


def test_without_misses_or_expectations_the_page_still_stands() -> None:
    assert "None of 1 questions" in page([outcome(case(), ("a", "x"))], "x", 0.4)
