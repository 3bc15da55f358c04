"""How splitters are compared: by where the sentences end."""

from __future__ import annotations

import pytest

from benchmarks.sentences import Cut, cuts, ends, row, splitters

ASKED = (Cut("en", "One. Two.", ("One.", "Two.")), Cut("en", "Three.", ("Three.",)))


def test_sentences_end_where_they_stand_in_their_text() -> None:
    assert ends("One. Two.  One.", ["One.", " Two. ", "", "One."]) == {4, 9, 15}
    assert ends("One.", ["something else"]) == set()


def test_a_splitter_that_never_cuts_misses_ends_and_invents_none() -> None:
    line = row("never", "en", ASKED, lambda _, text: [text])
    assert (line["right"], line["precision"], line["texts"]) == (0.5, 1.0, 2)
    assert line["recall"] == pytest.approx(2 / 3)


def test_the_texts_are_joined_as_their_script_joins_them() -> None:
    texts = {one.language: one for one in cuts()}
    assert all("".join(one.sentences) == one.text.replace("\n", "") for one in (texts["zh"], texts["ja"]))
    assert all(" ".join(one.sentences) == one.text for one in (texts["de"], texts["ko"], texts["hi"]))


def test_ours_is_always_measured() -> None:
    assert "ours" in splitters()
