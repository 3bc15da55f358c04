import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.canonical import canonicalise, one_line, squash

# Letters and everything that hides between them: controls, bidi, joiners, line ends, spaces, surrogates, marks.
ODD = (
    "\x00\x07\x1b\x85\xa0\xad\u0301\u200b\u200d\u200e"
    "\u202e\u2028\u2029\u2066\u3000\ufeff\U000e0041\ud800 \t\r\n\x0b\x0cae🙂"
)
texts = st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters()), max_size=200)


@given(texts)
def test_canonicalising_twice_changes_nothing(text: str) -> None:
    once = canonicalise(text)
    assert canonicalise(once) == once


@given(texts)
def test_no_control_but_newline_and_nothing_that_sqlite_refuses_survives(text: str) -> None:
    done = canonicalise(text)
    assert [ch for ch in done if unicodedata.category(ch) == "Cc" and ch != "\n"] == []
    done.encode("utf-8")


@given(texts)
def test_blank_lines_stand_alone_and_no_line_ends_in_a_space(text: str) -> None:
    done = canonicalise(text)
    assert "\n\n\n" not in done
    assert not any(line.endswith(" ") for line in done.split("\n"))


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=100))
def test_letters_digits_and_marks_of_punctuation_are_left_as_they_were_written(text: str) -> None:
    assert canonicalise(text) == text


def test_a_letter_written_with_a_combining_mark_keeps_its_code_points() -> None:
    assert canonicalise("Erdog\u0306an") == "Erdog\u0306an"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\x85d\u2028e", "a\nb\nc\nd\ne"),
        ("a\u2029b", "a\n\nb"),
        ("News\xa0 /\xa0 Russia", "News / Russia"),
        ("S-400\xa0missile", "S-400 missile"),
        ("safe\u202egnp.exe\u2069", "safegnp.exe"),
        ("ig\U000e0061\U000e0062nore", "ignore"),
        ("co\xadoperate\ufeff", "cooperate"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800x", "\ufffdx"),
        ("    indented code", "    indented code"),
        ("\n\n a \n\n\n\n b \n", " a\n\n b"),
    ],
)
def test_what_no_reader_sees_goes_and_what_a_reader_needs_stays(text: str, expected: str) -> None:
    assert canonicalise(text) == expected


def test_one_line_is_the_canonical_form_whatever_the_characters() -> None:
    odd = [chr(code) for code in range(0x3100)] + ["\ud800", "\ufeff", "\U000e0041", "\ufff9", "\U0001f600"]
    assert all(one_line(f" a{one}b  {one} ") == " ".join(canonicalise(f" a{one}b  {one} ").split()) for one in odd)


def test_one_line_joins_all_white_space() -> None:
    assert one_line(" a\n\n b\tc ") == "a b c"


def test_squashed_lines_compare_without_case_and_with_straight_quotes() -> None:
    assert squash("Don’t  “Miss”") == squash('DON\'T "MISS"')
