"""Exports: every footnote with its quote, and nothing of a text becomes markup."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from qa.answer.compose import shown
from qa.conversations import Conversation, SavedTurn
from qa.export import (
    answer_markdown,
    conversation_html,
    conversation_json,
    conversation_markdown,
    day,
    describe,
    formats,
    quotation,
    reference,
)
from qa.types import NO_ANSWER, Answer, Citation, Statement, Verdict
from vectorstore.articles import Filter, Reference

PLACE = Reference("a1", "/a.txt", "https://a.example/x?y=1&z=2", "A <title>", "A paper", "2019-03-07")
NASTY = Reference("a2", "/b.txt", 'javascript:alert("x")', "<img src=x onerror=alert(1)>", "*B*", None)
FIRST = Citation(1, PLACE, 4, 43, "a *quote* with [brackets] & <b>tags</b>")
SECOND = Citation(2, NASTY, 0, 5, "## not a heading\n- nor a list")
ANSWER = Answer(
    "What?", True, "“a *quote*” [1] and “more” [2], not [7]", "extractive", (FIRST, SECOND), (), seconds=0.1
)
NONE = Answer("Why?", False, NO_ANSWER, "extractive", (), (), seconds=0.2)
TALK = Conversation(
    "k", "What? <script>", "2026-01-01", "2026-01-02", Filter(),
    (SavedTurn("What? <script>", ANSWER, Filter(("A paper",))), SavedTurn("Why?", NONE), SavedTurn("Stopped?")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("published", "words"),
    [
        ("2017-10-06", "6 October 2017"), ("2017-10", "October 2017"), ("2017", "2017"), (None, ""),
        ("2017-13-01", "2017-13-01"), ("soon", "soon"), ("2017-00", "2017-00"),
    ],
)  # fmt: skip
def test_a_day_is_put_in_words_and_anything_else_left_alone(published: str | None, words: str) -> None:
    assert day(published) == words


def test_a_reference_names_what_is_known() -> None:
    assert reference(PLACE) == "A paper, “A <title>”, 7 March 2019, https://a.example/x?y=1&z=2"
    assert reference(Reference("a", "/c.txt")) == "/c.txt"


def test_a_copied_quote_is_word_for_word_with_its_reference() -> None:
    assert quotation(FIRST).startswith(f"“{FIRST.quote}”\n— A paper")


def test_markers_become_footnotes_and_only_those_that_cite() -> None:
    text = answer_markdown(ANSWER)
    assert "[^1] and" in text
    assert "[7]" in text
    assert "[^7]" not in text
    assert re.findall(r"^\[\^(\d)\]:", text, re.MULTILINE) == ["1", "2"]


def test_quotes_in_markdown_read_word_for_word_when_rendered() -> None:
    note = next(line for line in answer_markdown(ANSWER).splitlines() if line.startswith("[^1]:"))
    rendered = MarkdownIt().renderInline(note.removeprefix("[^1]: "))
    plain = re.sub(r"&lt;(/?b)&gt;", r"<\1>", rendered.replace("&amp;", "&"))
    assert FIRST.quote in plain


def test_the_words_that_answer_are_strong_in_markdown_and_html_and_their_signs_stay_signs() -> None:
    cited = replace(FIRST, answers=((6, 13), (32, 43)))  # *quote* and <b>tags</b>
    text = f"{shown(cited).text}\n— A paper, undated [1]"
    answer = replace(ANSWER, text=text, citations=(cited,), sentences=(Statement(text, citations=(1,)),))
    talk = replace(TALK, turns=(SavedTurn("What?", answer),))
    written = r"a **\*quote\*** with \[brackets\] \& **\<b\>tags\</b\>**"
    assert answer_markdown(answer).startswith(f"“{written}”\\\n— A paper, undated [^1]\n")
    assert f"[^1]: “{written}” — " in answer_markdown(answer)
    shown_ = MarkdownIt().render(answer_markdown(answer))
    assert shown_.count("<strong>*quote*</strong>") == 2
    assert shown_.count("<strong>&lt;b&gt;tags&lt;/b&gt;</strong>") == 2
    page = conversation_html(talk)
    assert page.count("<strong>*quote*</strong>") == 2
    assert page.count("<strong>&lt;b&gt;tags&lt;/b&gt;</strong>") == 2
    (saved,) = json.loads(conversation_json(talk))["turns"][0]["answer"]["citations"]
    assert saved["answers"] == [{"start": 6, "end": 13}, {"start": 32, "end": 43}]


def test_the_notes_of_several_answers_do_not_collide() -> None:
    two = replace(TALK, turns=(SavedTurn("a", ANSWER), SavedTurn("b", ANSWER)))
    labels = re.findall(r"^\[\^([\d-]+)\]:", conversation_markdown(two), re.MULTILINE)
    assert labels == ["1-1", "1-2", "2-1", "2-2"]


def test_html_holds_no_tag_and_no_address_of_a_text() -> None:
    page = conversation_html(TALK)
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert 'href="https://a.example/x?y=1&amp;z=2"' in page
    assert '<a href="#n1-1">[1]</a>' in page
    assert 'id="n1-1"' in page
    assert "default-src 'none'" in page


def test_a_question_is_no_template() -> None:
    title = "What is {turns}, $turns and {title}?"
    page = conversation_html(replace(TALK, title=title))
    assert f"<title>{title}</title>" in page


def test_html_asks_no_other_host_for_anything() -> None:
    page = conversation_html(TALK)
    assert re.findall(r"<[^>]*\ssrc=|@import|url\(", page) == []


def test_json_holds_every_field_as_it_was_shown() -> None:
    turns = json.loads(conversation_json(TALK))["turns"]
    assert turns[0]["answer"]["citations"][0]["quote"] == FIRST.quote
    assert [turn["answer"] is None for turn in turns] == [False, False, True]


def test_every_format_tells_what_was_asked_and_of_which_part() -> None:
    for ending, write in formats().items():
        text = write(TALK)
        assert "Stopped?" in text, ending
        assert "A paper" in text, ending
        assert NO_ANSWER in text.replace("\\", ""), ending


def test_every_format_shows_what_is_not_answered_and_who_answered() -> None:
    said = (Statement("“a quote” [1]", Verdict.SUPPORTED, (1,)), Statement("A lie", Verdict.UNSUPPORTED))
    answer = replace(
        ANSWER,
        text=said[0].text,
        sentences=said,
        answerer="ollama: <tiny>",
        unanswered=("And\n# why?",),
        notice="Twice.",
    )
    talk = replace(TALK, turns=(SavedTurn("What?", answer),))
    page, text, row = (write(talk) for write in (conversation_html, conversation_markdown, conversation_json))
    assert "<sup>" in page
    assert "[^1-1]" in text
    for plain in (html.unescape(page), text.replace("\\", "")):
        assert "Not answered: And # why?" in plain
        assert "Answered by ollama: <tiny>. Twice." in plain
        assert "A lie" not in plain
    assert "<tiny>" not in page
    assert json.loads(row)["turns"][0]["answer"]["sentences"][1]["verdict"] == "unsupported"
    assert json.loads(row)["turns"][0]["answer"]["unanswered"] == ["And\n# why?"]


def test_a_filter_is_described_in_words() -> None:
    scope = Filter(("A paper",), "2019", "2020-02", ("*.txt",), ("a", "b"))
    assert describe(scope) == "published by A paper, since 2019, until February 2020, source *.txt, 2 chosen articles"
    assert describe(Filter()) == ""
