from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qa.answer.compose import shown
from qa.render import (
    answer_json,
    answer_marked,
    answer_text,
    article_json,
    article_text,
    check_text,
    citation_json,
    dumped,
    failed_json,
    hit_json,
    hit_text,
    listing_json,
    named,
    report_json,
)
from qa.types import NO_ANSWER, Answer, Citation, Failure, IngestReport, Statement, Usage, Verdict
from vectorstore.articles import Article, Block, Hit, Listing, Reference
from vectorstore.checks import Check

REF = Reference("a" * 16, "/news/one.txt", "https://news.example/one", "One", "Press TV", "2017-10-06")
BARE = Reference("b" * 16, "/news/two.txt")
HIT = Hit(1, REF, 700, 1400, "Rain fell in torrents.", (), 0.71, (BARE,))
ANSWER = Answer(
    "Why?",
    True,
    "“Rain.” [1]",
    "extractive",
    (Citation(1, REF, 812, 817, "Rain.", ((812, 816),)),),
    (HIT,),
    0.8,
    0.04,
    (Statement("“Rain.” [1]", citations=(1,)),),
    ("And how much?",),
    "Why did it rain?",
    Usage(700, 20),
    "Rainy.",
)
EVIL = "a\x1b]52;c;eA==\x07b\x1b[31mc\u202ed"


def test_an_answer_has_the_promised_fields_in_their_order() -> None:
    value = answer_json(ANSWER, "q7", {"topic": "x"})
    assert value == {
        "id": "q7",
        "question": "Why?",
        "answered": True,
        "answer": "“Rain.” [1]",
        "answerer": "extractive",
        "citations": [
            {
                "number": 1,
                "article": "a" * 16,
                "source": "/news/one.txt",
                "url": "https://news.example/one",
                "title": "One",
                "publisher": "Press TV",
                "published": "2017-10-06",
                "start": 812,
                "end": 817,
                "quote": "Rain.",
                "answers": [{"start": 812, "end": 816}],
            }
        ],
        "sentences": [{"text": "“Rain.” [1]", "verdict": "supported", "citations": (1,)}],
        "unanswered": ["And how much?"],
        "rewritten": "Why did it rain?",
        "confidence": 0.8,
        "passages": [
            {
                "article": "a" * 16,
                "source": "/news/one.txt",
                "url": "https://news.example/one",
                "title": "One",
                "start": 700,
                "end": 1400,
                "score": 0.71,
                "also": [{"article": "b" * 16, "source": "/news/two.txt", "url": None}],
            }
        ],
        "usage": {"prompt": 700, "completion": 20, "cached": 0},
        "notice": "Rainy.",
        "status": "ok",
        "error": None,
        "seconds": 0.04,
        "input": {"topic": "x"},
    }
    assert list(value) == list(failed_json("Why?", "it failed", None, {}, "extractive"))


def test_a_search_hit_has_the_promised_fields() -> None:
    fields = {"article", "source", "url", "title", "published", "start", "end", "text", "score", "also"}
    assert set(hit_json(HIT)) == fields
    assert hit_json(HIT)["text"] == HIT.text


def test_a_report_has_the_promised_fields() -> None:
    report = IngestReport(1, 2, 3, 4, 5, (Failure("/x", "empty"),), ("careful",), 6, 7, 0.5)
    assert report_json(report) == {
        "added": 1,
        "changed": 2,
        "unchanged": 3,
        "removed": 4,
        "skipped": 5,
        "failed": [{"source": "/x", "reason": "empty"}],
        "articles": 6,
        "passages": 7,
        "seconds": 0.5,
    }


def test_a_listing_has_the_promised_fields() -> None:
    assert listing_json(Listing(BARE, 3)) == {
        "id": "b" * 16,
        "source": "/news/two.txt",
        "url": None,
        "title": "",
        "publisher": None,
        "published": None,
        "passages": 3,
    }


def test_a_shown_article_has_at_least_the_promised_fields() -> None:
    article = Article("/x", "Rain.", (Block(0, 5),), title="T", found={"title": "heading"})
    shown = article_json(article, "2026-01-01T00:00:00+00:00")
    assert {"id", "source", "url", "title", "publisher", "published", "ingested", "text"} <= set(shown)
    assert json.loads(dumped(shown))["blocks"] == [{"start": 0, "end": 5, "kind": "paragraph"}]


def test_a_printed_answer_lists_each_source_with_its_address_and_no_quote_twice() -> None:
    assert answer_text(ANSWER).splitlines() == [
        "“Rain.” [1]",
        "",
        "[1] One — Press TV — 6 October 2017",
        "    https://news.example/one",
        "",
        "Not answered: And how much?",
        "",
        "Rainy.",
    ]


def test_the_words_that_answer_are_marked_in_the_answer() -> None:
    quote = f"{EVIL}\nRain fell\ntwice."
    start = quote.index("fell")
    cited = Citation(1, REF, 700, 700 + len(quote), quote, ((700 + start, 700 + start + 10),))
    text = f"{shown(cited).text}\n— Press TV, 6 October 2017 [1]"
    given = Answer("Why?", True, text, "extractive", (cited,), (), sentences=(Statement(text, citations=(1,)),))
    made = answer_marked(given)
    assert [piece for piece, is_marked in made.pieces() if is_marked] == ["fell twice"]
    assert made.text == answer_text(given)


SAID = (Statement("It rained [1].", citations=(1,)), Statement("It froze.", Verdict.UNSUPPORTED))


@pytest.mark.parametrize("answered", [True, False])
def test_what_was_left_out_is_printed_only_where_it_is_asked_for(answered: bool) -> None:
    answer = Answer("Why?", answered, "It rained [1]." if answered else NO_ANSWER, "x", (), (), sentences=SAID)
    assert "froze" not in answer_text(answer)
    assert answer_text(answer, unsupported=True).endswith("\n\nLeft out, as no passage supports it:\n  ✗ It froze.")


def test_an_answer_without_anything_left_out_looks_the_same_when_it_is_asked_for() -> None:
    assert answer_text(ANSWER, unsupported=True) == answer_text(ANSWER)


def test_an_abstention_shows_the_closest_articles_as_no_answer_each_once() -> None:
    others = [
        replace(HIT, article=replace(HIT.article, id=name, url=f"https://news.example/{name}", title=name))
        for name in ("b", "c", "d")
    ]
    text = answer_text(Answer("Why?", False, NO_ANSWER, "extractive", (), (HIT, HIT, *others)))
    assert text.startswith(NO_ANSWER + "\n\nClosest, but not an answer:\n")
    named = [line.split(" — ")[0] for line in text.splitlines() if line.startswith("  · ")]
    assert named == [f"  · {HIT.article.title}", "  · b", "  · c"]
    assert text.endswith("\n\nLook closer: qa search 'Why?'")


def test_an_abstention_without_passages_is_one_line() -> None:
    assert answer_text(Answer("Why?", False, NO_ANSWER, "extractive", (), ())) == NO_ANSWER


def test_an_article_without_title_publisher_and_date_is_named_by_its_source() -> None:
    assert named(BARE) == "/news/two.txt — undated"


def test_nothing_that_is_printed_carries_control_sequences() -> None:
    evil = Reference("c" * 16, EVIL, EVIL, EVIL, EVIL, None)
    hit = Hit(1, evil, 0, 1, EVIL, (), 0.5, (evil,))
    bad = (Statement(EVIL, Verdict.UNSUPPORTED), Statement(EVIL, Verdict.WRONG_SOURCE))
    printed = [
        answer_text(Answer(EVIL, True, EVIL, "x", (Citation(1, evil, 0, 1, EVIL),), ())),
        answer_text(
            Answer("", True, "a", "x", (), (), unanswered=(EVIL,), notice=EVIL, sentences=bad), unsupported=True
        ),
        answer_text(Answer(EVIL, False, NO_ANSWER, "x", (), (hit,))),
        hit_text(1, hit),
        named(evil),
        article_text(Article(EVIL, EVIL, (), title=EVIL, url=EVIL, found={"title": EVIL}), "now"),
        check_text(Check("ledger", False, EVIL, EVIL)),
    ]
    for text in printed:
        assert "a" in text
        assert not set("\x1b\x07\u202e") & set(text), text


@pytest.mark.parametrize("text", ["plain", "é “quoted” \u2028", "half \ud800 a character", "\0\x1b"])
def test_json_is_one_line_that_utf_8_can_carry_and_gives_the_text_back(text: str) -> None:
    line = dumped({"text": text})
    assert "\n" not in line
    assert json.loads(line.encode("utf-8")) == {"text": text}


def test_json_leaves_the_letters_of_all_alphabets_as_they_are() -> None:
    assert dumped({"text": "Œuvre 東京"}) == '{"text": "Œuvre 東京"}'


def test_a_quote_in_json_is_word_for_word_whatever_it_holds() -> None:
    assert citation_json(Citation(1, REF, 0, len(EVIL), EVIL))["quote"] == EVIL
