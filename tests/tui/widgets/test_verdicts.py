"""Each verdict has a sign of its own, and nothing of a sentence becomes markup."""

from __future__ import annotations

from dataclasses import replace

from qa.marks import Marked
from qa.types import NO_ANSWER, Statement, Verdict
from tests.tui.fakes import abstention, lamp_answer, model_answer
from tests.tui.hostile import EVERYTHING
from tui.widgets.verdicts import SIGNS, left_out, listing, signed, written


def test_a_sign_stands_before_the_first_marker_and_is_not_written_twice() -> None:
    assert signed(Statement("A lens [2][3].", Verdict.WRONG_SOURCE, (2, 3))) == "A lens →[2][3]."
    assert signed(Statement("A lens →[2].", Verdict.WRONG_SOURCE, (2,))) == "A lens →[2]."
    assert signed(Statement("A lens [2].", Verdict.SUPPORTED, (2,))) == "A lens [2]."


def test_every_verdict_has_a_sign_of_its_own() -> None:
    assert len(set(SIGNS.values())) == len(Verdict)


def test_an_answer_is_written_with_its_signs_and_without_what_was_left_out() -> None:
    text = written(model_answer()).text
    assert "1911 [1]." in text
    assert "coast [2]." in text
    assert "weeks →[3]." in text
    assert "gold" not in text


def test_an_answer_without_sentences_and_an_abstention_are_written_as_they_are() -> None:
    old = replace(lamp_answer(), sentences=())
    assert written(old) == Marked(old.text)
    assert written(abstention("Why?")) == Marked(NO_ANSWER)


def test_the_words_that_answer_are_marked_in_what_is_written() -> None:
    made = written(lamp_answer())
    assert [piece for piece, is_marked in made.pieces() if is_marked] == ["3 March 1911", "nine weeks"]
    assert made.text == lamp_answer().text


def test_the_list_names_what_was_left_out_and_what_bears_a_sign() -> None:
    text = listing(model_answer().sentences).plain
    assert "✗ The keeper was paid in gold" in text
    assert "Its lens" not in text
    assert "→ A storm" in text
    assert "1911" not in text
    assert left_out(model_answer().sentences) == 1
    assert not listing(lamp_answer().sentences).plain


def test_nothing_of_a_hostile_sentence_is_obeyed_in_the_list() -> None:
    content = listing([Statement(EVERYTHING, Verdict.UNSUPPORTED)])
    assert "[@click=app.quit]quit" in content.plain
    assert "\x1b" not in content.plain
    assert "\u202e" not in content.plain
    assert not [span for span in content.spans if "click" in str(span.style) or "link" in str(span.style)]
