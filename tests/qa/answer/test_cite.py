"""Citations: spans of the canonical text, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.cite import cite, verify
from qa.reader.reading import TOGETHER, Reading
from qa.types import Citation
from tests.qa.answer.build import hit, readings
from vectorstore.articles import BlockKind, Hit, Reference
from vectorstore.errors import StoreDamaged

SNOW = ("Snow fell in Oslo.", "It was deep.", "Buses stopped.", "They will run again.")
SUN = ("The sun shone on Rome.", "That lasted a week.")
TEXTS = {"a": " ".join(SNOW), "b": " ".join(SUN)}


def chosen(*places: tuple[str, int]) -> list[Reading]:
    found = {name: readings(hit(*texts, article=name)) for name, texts in (("a", SNOW), ("b", SUN))}
    return [found[article][at] for article, at in places]


def quotes(*places: tuple[str, int]) -> list[str]:
    return [citation.quote for citation in cite(chosen(*places), TEXTS.__getitem__)]


def test_a_quote_is_the_canonical_text_from_start_to_end() -> None:
    for citation in cite(chosen(("a", 2), ("b", 0)), TEXTS.__getitem__):
        assert citation.quote == TEXTS[citation.article.id][citation.start : citation.end]


def test_what_somebody_said_is_quoted_with_who_it_was() -> None:
    for said in ('"Snow fell," she said.', '"Snow fell," said he.'):
        (_, found), text = readings(hit("Ella Berg went home.", said)), f"Ella Berg went home. {said}"
        assert [c.quote for c in cite([found], lambda _, text=text: text)] == [text]


def test_nothing_chosen_is_nothing_cited() -> None:
    assert cite([], TEXTS.__getitem__) == ()


def test_numbers_run_from_one_in_the_order_of_the_quotes() -> None:
    assert [c.number for c in cite(chosen(("b", 0), ("a", 2), ("a", 0)), TEXTS.__getitem__)] == [1, 2, 3]


def test_quotes_come_in_the_order_in_which_they_were_chosen() -> None:
    assert quotes(("a", 2), ("b", 0), ("a", 0)) == [SNOW[2], SUN[0], SNOW[0]]


def test_neighbours_are_quoted_as_one() -> None:
    assert quotes(("a", 3), ("a", 2)) == quotes(("a", 2), ("a", 3)) == ["Buses stopped. They will run again."]
    assert quotes(("a", 1), ("a", 2)) == ["Snow fell in Oslo. It was deep. Buses stopped."]


def test_a_dateline_is_stepped_over_and_no_word_of_what_follows() -> None:
    for opening in ("LONDON (CNN) — ", "NEW YORK – ", "PARIS (Reuters) - ", "HENDERSON, Ky. - "):
        text = f"{opening}Snow fell in Oslo."
        (cited,) = cite(readings(hit(text, article="c")), lambda _, text=text: text)
        assert (cited.start, cited.quote) == (len(opening), "Snow fell in Oslo.")
    for text in ("Snow - the first of the year - fell in Oslo.", "NATO — the alliance — met.", "A 20 - 30 lead."):
        assert cite(readings(hit(text, article="c")), lambda _, text=text: text)[0].quote == text


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    assert quotes(("a", 1)) == ["Snow fell in Oslo. It was deep."]
    assert quotes(("b", 1)) == [" ".join(SUN)]


def test_a_sentence_that_stands_by_itself_comes_alone() -> None:
    assert quotes(("a", 2)) == ["Buses stopped."]


def test_what_overlaps_is_cited_once() -> None:
    assert quotes(("a", 0), ("a", 1)) == quotes(("a", 1), ("a", 0)) == ["Snow fell in Oslo. It was deep."]


def test_spans_of_different_articles_are_never_merged() -> None:
    assert quotes(("a", 0), ("b", 0)) == [SNOW[0], SUN[0]]


def test_the_first_sentence_of_a_passage_has_nothing_to_lean_on() -> None:
    (first, *_) = readings(hit("It was deep.", "Buses stopped.", article="c"))
    assert cite([first], lambda _: "It was deep. Buses stopped.")[0].quote == "It was deep."


def test_two_long_sentences_are_not_quoted_together() -> None:
    long = "Snow " + "fell and " * (TOGETHER // 9) + "fell."
    found = readings(hit(long, "It was deep.", article="c"))
    assert cite([found[1]], lambda _: f"{long} It was deep.")[0].quote == "It was deep."


@pytest.mark.parametrize("kind", [BlockKind.HEADING, BlockKind.CAPTION])
def test_nothing_leans_on_a_heading_or_a_caption(kind: BlockKind) -> None:
    both = hit("Snow in Oslo", "It was deep.", article="c")
    first, second = both.sentences
    mixed: Hit = replace(both, sentences=(replace(first, kind=kind), replace(second, block=1)))
    assert cite([readings(mixed)[1]], lambda _: both.text)[0].quote == "It was deep."


@pytest.mark.parametrize("text", ["Rain fell in Oslo. It was deep.", "", "Snow"])
def test_a_ledger_that_says_something_else_is_damaged(text: str) -> None:
    with pytest.raises(StoreDamaged, match="word for word"):
        cite(chosen(("a", 0)), lambda _: text)


def test_a_changed_sentence_is_noticed_also_where_only_its_second_half_changed() -> None:
    with pytest.raises(StoreDamaged):
        cite(chosen(("a", 1)), lambda _: "Snow fell in Oslo. It was DEEP.")


@pytest.mark.parametrize("span", [(0, 4, "Snow"), (5, 9, "fell")])
def test_a_quote_that_stands_there_is_verified(span: tuple[int, int, str]) -> None:
    verify(Citation(1, Reference("a", "/a"), *span), "Snow fell.")


@pytest.mark.parametrize("span", [(0, 4, "snow"), (0, 5, "Snow"), (0, 0, ""), (90, 94, "Snow"), (4, 0, "Snow")])
def test_a_quote_that_does_not_stand_there_is_refused(span: tuple[int, int, str]) -> None:
    with pytest.raises(StoreDamaged, match="/a"):
        verify(Citation(1, Reference("a", "/a"), *span), "Snow fell.")


@pytest.mark.parametrize("answers", [(), ((5, 9),), ((5, 6), (8, 9))])
def test_marked_words_of_a_quote_are_verified_with_it(answers: tuple[tuple[int, int], ...]) -> None:
    verify(Citation(1, Reference("a", "/a"), 5, 9, "fell", answers), "Snow fell.")


@pytest.mark.parametrize("answers", [((4, 9),), ((5, 10),), ((0, 4),), ((6, 6),), ((8, 6),), ((5, 9), (0, 9))])
def test_marked_words_that_do_not_stand_in_the_quote_are_refused(answers: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(StoreDamaged, match="marked in a quote from /a"):
        verify(Citation(1, Reference("a", "/a"), 5, 9, "fell", answers), "Snow fell.")


SENTENCES = st.lists(st.sampled_from(["It fell.", "Snow fell.", "They ran.", "é🙂 e\u0301."]), min_size=1, max_size=8)


@given(SENTENCES, st.data())
def test_every_chosen_sentence_is_cited_once_and_verbatim(texts: list[str], data: st.DataObject) -> None:
    text = " ".join(texts)
    found = readings(hit(*texts, article="c"))
    picked = data.draw(st.lists(st.sampled_from(found), unique_by=lambda one: one.sentence.start))
    made = cite(picked, lambda _: text)
    assert all(text[c.start : c.end] == c.quote for c in made)
    assert all(a.end <= b.start or b.end <= a.start for a in made for b in made if a.number < b.number)
    assert not picked or made[0].start <= picked[0].sentence.start < made[0].end
    assert all(sum(c.start <= s.sentence.start and s.sentence.end <= c.end for c in made) == 1 for s in picked)
