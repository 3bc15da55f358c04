"""Picking the sentences to quote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.extract import CANDIDATES, LIMITS, MARGIN, choose, rank, rows
from qa.answer.features import NAMES
from qa.answer.spots import TOGETHER, Spot, spots
from qa.answer.weights import WEIGHTS
from qa.kinds import Want
from qa.words import keys
from tests.fakes import FakeEmbedder
from tests.qa.answer.build import asked, hit, spot
from vectorstore.articles import Kind

EMBEDDER = FakeEmbedder()


def test_each_sentence_of_the_evidence_comes_once_with_the_hit_that_ranks_first() -> None:
    first, second = hit("Snow fell.", "It was deep."), hit("It was deep.", "Buses stopped.", at=len("Snow fell. "))
    found = spots([first, second])
    assert [(s.text, s.rank) for s in found] == [("Snow fell.", 0), ("It was deep.", 0), ("Buses stopped.", 1)]


def test_the_same_words_in_another_article_are_another_sentence() -> None:
    assert len(spots([hit("Snow fell."), hit("Snow fell.", article="b")])) == 2


def test_a_sentence_knows_what_leads_up_to_it_and_what_is_around_it() -> None:
    first, second = spots([hit("Snow fell.", "It was deep.", title="Winter in Bergen")])
    title = keys("Winter in Bergen")
    assert (first.lead, first.leans_on) == (title, None)
    assert (second.lead, second.leans_on) == (title | keys("Snow fell."), first.sentence)
    assert first.passage == second.passage == title | keys("Snow fell. It was deep.")


def test_the_month_of_an_article_leads_up_to_all_its_sentences() -> None:
    found = hit("Snow fell.")
    (one,) = spots([replace(found, article=replace(found.article, published="2023-09-14"))])
    assert one.when == one.lead == keys("September 2023")


LIST = ("It hit three:", "- Oslo", "- Rome")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((*LIST, "Buses stopped."), ["It hit three:\n- Oslo\n- Rome", "Buses stopped."]),
        (("He said:", "It rained.", "Buses stopped."), ["He said:\nIt rained.", "Buses stopped."]),
        (("It rained.", "- Oslo", "- Rome"), ["It rained.", "- Oslo", "- Rome"]),
        (("It hit three:", "- " + "x" * TOGETHER), ["It hit three:", "- " + "x" * TOGETHER]),
        (("It hit three:",), ["It hit three:"]),
    ],
)
def test_a_sentence_with_a_colon_is_one_with_what_it_announces(texts: tuple[str, ...], expected: list[str]) -> None:
    made = hit(*texts)
    assert [s.text for s in spots([replace(made, text="\n".join(texts))])] == expected


def test_a_question_answers_none() -> None:
    evidence = [hit("Will there be snow?", "Snow there will be.", 'He asked: "Snow?"')]
    assert [s.text for s in rank(asked("Will there be snow?"), evidence, EMBEDDER)] == ["Snow there will be."]


@pytest.mark.parametrize("text", ["Ella Berg", "Ella Berg.", "Oh, no!"])
def test_a_scrap_or_a_name_that_the_question_has_answers_none(text: str) -> None:
    assert rank(asked("What did Ella Berg say?"), [hit(text)], EMBEDDER) == []
    assert rank(asked("What did they say?"), [hit("Ella Berg.")], EMBEDDER) != []


def test_offsets_are_those_of_the_article_not_of_the_passage() -> None:
    found = spots([hit("Snow fell.", "It was deep.", at=100)])
    assert [(s.text, s.sentence.start) for s in found] == [("Snow fell.", 100), ("It was deep.", 111)]


def test_no_evidence_is_no_sentence() -> None:
    assert spots([]) == rank(asked("snow?"), [], EMBEDDER) == []
    assert rows(asked("snow?"), [], EMBEDDER) == ([], [])


def test_the_sentence_that_says_what_is_asked_ranks_first() -> None:
    evidence = [hit("The sun shone.", "Norway sold its ships to Chile.", "Buses stopped for a week.")]
    first, *_ = rank(asked("What did Norway sell to Chile?"), evidence, EMBEDDER)
    assert first.text == "Norway sold its ships to Chile."


def test_ranking_is_by_falling_score_and_the_same_each_time() -> None:
    evidence = [hit("Norway sold ships.", "Norway bought ships."), hit("Norway sold ships.", article="b")]
    ranked = rank(asked("What did Norway sell?"), evidence, EMBEDDER)
    assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)
    assert ranked == rank(asked("What did Norway sell?"), evidence, EMBEDDER)


@pytest.mark.parametrize("kind", [Kind.HEADING, Kind.CAPTION])
def test_a_heading_or_caption_is_less_likely_than_the_same_words_in_the_text(kind: Kind) -> None:
    def score(kind: Kind) -> float:
        return rank(asked("What did Norway sell?"), [hit("Norway sold ships.", kind=kind)], EMBEDDER)[0].score

    assert score(kind) < score(Kind.PARAGRAPH)


def test_a_sentence_is_judged_with_the_one_that_it_follows() -> None:
    led = [hit("Norway sold ships to Chile.", "It was paid in gold at last.")]
    alone = [hit("Dogs barked all the night.", "It was paid in gold at last.")]
    scores = [
        {s.text: s.score for s in rank(asked("What was Norway paid by Chile?"), evidence, EMBEDDER)}
        for evidence in (led, alone)
    ]
    assert scores[0]["It was paid in gold at last."] > scores[1]["It was paid in gold at last."]


def test_the_score_is_the_weighed_sum_of_the_marks() -> None:
    (found,) = rank(asked("What did Norway sell?"), [hit("Norway sold ships.")], EMBEDDER)
    weighed = [WEIGHTS[name] * mark for name, mark in zip(NAMES, found.marks, strict=True)]
    assert found.score == pytest.approx(sum(weighed))


def test_few_sentences_are_embedded_and_those_share_most_words() -> None:
    evidence = [hit(*(f"Filler number {n} here." for n in range(CANDIDATES)), "Norway sold its ships.")]
    likely, table = rows(asked("What did Norway sell?"), spots(evidence), EMBEDDER)
    assert len(likely) == len(table) == CANDIDATES
    assert likely[0].text == "Norway sold its ships."


def test_scraps_are_no_sentences() -> None:
    assert rank(asked("snow?"), [hit("Snow.", "Snow fell for days.")], EMBEDDER)[0].text == "Snow fell for days."
    assert len(rank(asked("snow?"), [hit("Snow.", "Snow fell for days.")], EMBEDDER)) == 1


def test_there_is_a_weight_for_every_feature_and_no_other() -> None:
    assert set(WEIGHTS) == set(NAMES)


DIFFERENT = [
    "Snow fell.",
    "Ships sailed.",
    "Buses stopped.",
    "Rome slept.",
    "Banks lent money.",
    "Dogs barked.",
    "Kings met.",
]


def ranked(*scores: float) -> list[Spot]:
    return [spot(text, score, at=50 * n) for n, (text, score) in enumerate(zip(DIFFERENT, scores, strict=False))]


def test_the_likeliest_sentence_is_always_taken() -> None:
    assert choose(asked("Did it happen?"), ranked(-9.0)) == ranked(-9.0)
    assert choose(asked("Did it happen?"), []) == []


def test_a_much_less_likely_sentence_is_left_out() -> None:
    given_ = ranked(3.0, 3.0 - MARGIN - 0.1)
    assert choose(asked("Did it happen?"), given_) == given_[:1]


@pytest.mark.parametrize("want", list(Want))
def test_no_kind_of_question_is_answered_in_more_than_six_sentences(want: Want) -> None:
    assert LIMITS.get(want, 2) <= (6 if want is Want.LIST else 4)


@pytest.mark.parametrize(("question", "most"), [("List it all", 6), ("Did it happen?", 2), ("When?", 2), ("Why?", 3)])
def test_as_many_sentences_as_the_kind_of_question_needs(question: str, most: int) -> None:
    assert len(choose(asked(question), ranked(*[1.0] * 7))) == most


def test_what_is_said_already_is_not_said_again() -> None:
    given_ = [spot("Snow fell in Bergen today.", 2.0), spot("Today snow fell in Bergen.", 1.9, at=90)]
    assert choose(asked("What fell in Bergen?"), given_) == given_[:1]


def test_another_article_that_says_the_same_is_quoted_where_there_is_room() -> None:
    one, other = spot("Snow fell in Bergen today.", 2.0), spot("Today snow fell in Bergen.", 1.9, article="b")
    third, ships = spot("Today snow fell in Bergen.", 1.8, article="c"), spot("Ships sailed.", 1.9, at=90)
    assert choose(asked("What fell in Bergen?"), [one, other, third]) == [one, other]
    assert choose(asked("Where did snow fall?"), [one, other, ships]) == [one, ships]


def test_of_articles_at_odds_the_newest_comes_first() -> None:
    def dated(text: str, score: float, published: str) -> Spot:
        made = spot(text, score, article=published)
        return replace(made, hit=replace(made.hit, article=replace(made.hit.article, published=published)))

    old, new = dated("Snow stopped 12 buses.", 2.0, "2019"), dated("It stopped 15 of the buses: snow.", 1.9, "2021")
    assert choose(asked("How many buses did the snow stop?"), [old, new]) == [new, old]


def test_a_sentence_that_adds_what_is_asked_comes_before_a_likelier_one_that_does_not() -> None:
    question = asked("What about snow and dogs?")
    snow, ice, dogs = spot("Snow fell.", 2.0), spot("Ice lay on ships.", 1.8, at=50), spot("Dogs barked.", 1.4, at=90)
    assert choose(question, [snow, ice, dogs])[:2] == [snow, dogs]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=7))
def test_only_what_was_ranked_is_chosen_and_once(scores: list[float]) -> None:
    given_ = ranked(*sorted(scores, reverse=True))
    taken = choose(asked("List it all"), given_)
    assert taken[0] == given_[0]
    assert all(s in given_ for s in taken)
    assert len({s.sentence.start for s in taken}) == len(taken)


def test_score_and_marks_are_all_that_ranking_adds() -> None:
    evidence = [hit("Norway sold ships.", "Norway bought ships.")]
    plain = {s.sentence.start: s for s in spots(evidence)}
    assert all(
        replace(s, score=0.0, marks=()) == plain[s.sentence.start] for s in rank(asked("ships?"), evidence, EMBEDDER)
    )
