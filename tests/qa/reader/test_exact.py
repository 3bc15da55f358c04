"""Exact evidence: which names and numbers of a question stand nowhere."""

from __future__ import annotations

import pytest

from qa.reader.exact import Lacks, lacks, particulars

TEXT = """Finance minister Rolf Maddern, who succeeded Ilse Corvin, met lawmakers of Peru and of the World Health
Organization on 2 March 2022. The U.S. paid 1,240 crowns, 17.8% more, said Maddern's aide."""


def lacking(question: str) -> Lacks:
    return lacks(particulars(question), TEXT)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Rolf Maddern?",
        "What did Maddern say?",
        "Which Peruvian lawmakers were met?",
        "What does the WHO want?",
        "What did America pay in March 2022?",
        "Who paid 1240 crowns?",
        "What rose by 17.8 percent?",
        "what happened?",
    ],
)
def test_what_stands_there_in_another_form_is_not_lacking(question: str) -> None:
    assert lacking(question) == Lacks()


@pytest.mark.parametrize(
    ("question", "missing"),
    [("What did Tomas Rehn say?", "Tomas Rehn"), ("What happened in 2021?", "2021"), ("Who paid 12 crowns?", "12")],
)
def test_a_name_or_number_that_stands_nowhere_is_lacking(question: str, missing: str) -> None:
    assert (lacking(question).whole, lacking(question).of) == (1, (missing,))


def test_of_a_name_whose_last_word_alone_stands_there_a_part_is_lacking() -> None:
    assert lacking("What did Petra Maddern say?") == Lacks(part=1, of=("Petra Maddern",))


def test_a_first_name_and_a_surname_of_two_people_are_no_name() -> None:
    assert lacking("Why did Ilse Maddern resign?") == Lacks(apart=1)


def test_a_pronoun_is_no_country() -> None:
    assert lacks(particulars("Did the US win?"), "They told us that they won.").whole == 1


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Wie lange dauern die Bauarbeiten an der Brücke?", []),
        ("Wer hat Ilse Corvin nachgefolgt?", ["Ilse Corvin"]),
        ("Qui a succédé à Rolf Maddern ?", ["Rolf Maddern"]),
        ("Ağacın yaşama şansı ne kadar?", []),
        ("茶园在2004年生产了多少茶叶？", ["2004"]),
    ],
)
def test_in_another_language_one_capital_makes_no_name(question: str, names: list[str]) -> None:
    assert [particular.text for particular in particulars(question)] == names


def test_a_year_is_found_between_chinese_characters() -> None:
    assert lacks(particulars("他们在2004年做了什么？"), "这家工厂于2004年关闭。") == Lacks()
    assert lacks(particulars("他们在2005年做了什么？"), "这家工厂于2004年关闭。").of == ("2005",)


@pytest.mark.parametrize(
    ("asked", "there"), [("Lindgren", "Lindgard"), ("Johnson", "Johnstone"), ("Marlow", "Marlene")]
)
def test_names_that_begin_alike_are_not_the_same(asked: str, there: str) -> None:
    assert lacks(particulars(f"Who met {asked}?"), f"They met {there}.").whole == 1


@pytest.mark.parametrize(
    ("asked", "there"), [("Ukrainians", "Ukraine"), ("Democratic", "Democrats"), ("Oslo", "Oslo's")]
)
def test_other_forms_of_a_name_are_the_same(asked: str, there: str) -> None:
    assert lacks(particulars(f"Who met {asked}?"), f"They met {there} there.") == Lacks()
