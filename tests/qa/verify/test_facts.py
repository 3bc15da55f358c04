from __future__ import annotations

import pytest

from qa.verify.facts import facts, level
from qa.verify.numbers import value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost 1,000 euros", {"1000"}),
        ("It cost $2.5 billion", {"2500000000"}),
        ("a 5bn deal", {"5000000000"}),
        ("two of them", {"2"}),
        ("twenty-five ships", {"25"}),
        ("thirty ships", {"30"}),
        ("three hundred men", {"300"}),
        ("on the 19th", {"19"}),
        ("a 402-kilometer range", {"402"}),
        ("2017-18", {"2017", "18"}),
        ("the S-400", set()),
        ("no one came", set()),
    ],
)
def test_numbers_are_written_one_way(text: str, expected: set[str]) -> None:
    assert facts(text).numbers == expected


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("402 kilometers away", ("km", "402")),
        ("402 km away", ("km", "402")),
        ("6 October", ("october", "6")),
        ("October 6", ("october", "6")),
        ("2.5 billion dollars", ("dollar", "2500000000")),
        ("36 percent", ("%", "36")),
    ],
)
def test_a_number_is_tied_to_what_it_counts(text: str, unit: tuple[str, str]) -> None:
    assert unit in {(one.unit, f"{one.value:.15g}") for one in facts(text).quantities}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Friday, 6 Oct. 2017", {"friday", "october"}),
        ("It may rain", set()),
        ("May said so", set()),
        ("in May", {"may"}),
        ("They march on", set()),
        ("on 3 March 1911", {"march"}),
    ],
)
def test_months_and_weekdays_are_dates_and_the_verbs_are_not(text: str, expected: set[str]) -> None:
    assert facts(text).dates == expected


def test_names_leave_out_ranks_openers_and_initials() -> None:
    assert facts("Experts said President Erdogan met General Robert E. Lee and the EU").names == {
        "erdogan",
        "robert",
        "lee",
        "EU",
    }


def test_a_country_is_one_name_however_it_is_written() -> None:
    assert facts("Turkish officials").names == facts("Ankara").names == facts("Turkey").names


def test_letters_and_digits_together_are_a_name() -> None:
    assert facts("the S-400 and an f-35b").particular == {"s-400", "f-35b"}


def test_quotations_of_several_words_are_compared_without_punctuation() -> None:
    assert facts("He said, “It's over, friends.” and “no”").quotations == {"it s over friends"}


@pytest.mark.parametrize("text", ["see https://evil.example/x?y=1.", "see https://evil.example/x?y=1"])
def test_links_are_facts(text: str) -> None:
    assert facts(text).links == {"https://evil.example/x?y=1"}


@pytest.mark.parametrize("text", ["It did not sink", "It didn't sink", "It never sank to sink", "It failed to sink"])
def test_a_negation_is_told(text: str) -> None:
    assert facts(text).negative


def test_what_is_put_together_states_both() -> None:
    both = facts("There Ann has 3 dogs") | facts("There Bob has 4 cats")
    assert both.names == {"ann", "bob"}
    assert both.numbers == {"3", "4"}


@pytest.mark.parametrize(("figure", "expected"), [("1,000", "1000"), ("1000.0", "1000"), ("0.50", "0.5"), ("x", "x")])
def test_a_figure_has_one_value(figure: str, expected: str) -> None:
    assert value(figure) == expected


def test_words_are_levelled() -> None:
    assert level("“Don’t  stop,” he said!") == "don t stop he said"
