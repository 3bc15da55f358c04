from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from qa.evaluate.outcomes import CaseOutcome
from qa.evaluate.results import evaluation_json, evaluation_text, why
from tests.qa.evaluate.build import case, outcome

KNOWN = case("What fell?", id="q1", answer="rain", articles="a", kind="fact")
WRONG = outcome(KNOWN, ("b", "Snow fell."), found="bca")
TRAP = case("Who?", id="q2", answerable=False, kind="trap")


def test_json_has_figures_kinds_misses_and_rows() -> None:
    value = evaluation_json([WRONG, outcome(TRAP)])
    assert list(value) == "questions answered failed measures kinds misses rows seconds".split()
    assert value["measures"]["hits@3"] == {"value": 1.0, "low": 1.0, "high": 1.0, "questions": 1}
    assert value["kinds"]["trap"]["measures"]["abstention recall"]["value"] == 1.0
    assert [row["id"] for row in value["rows"]] == ["q1", "q2"]
    json.dumps(value)


def test_times_stand_only_in_keys_of_their_own() -> None:
    def timeless(value: object) -> object:
        if isinstance(value, dict):
            return {key: timeless(item) for key, item in value.items() if key != "seconds"}
        return [timeless(item) for item in value] if isinstance(value, list) else value

    assert WRONG.answer is not None
    later = replace(WRONG, answer=replace(WRONG.answer, seconds=99.0))
    one, other = evaluation_json([WRONG]), evaluation_json([later])
    assert one != other
    assert timeless(one) == timeless(other)


def test_a_miss_says_what_was_expected_and_what_was_found_instead() -> None:
    (miss,) = evaluation_json([WRONG])["misses"]
    assert miss["expected"] == {"answerable": True, "articles": [["a"]], "answer": ["rain"], "gold": []}
    assert [article["title"] for article in miss["retrieved"]] == ["b", "c", "a"]
    assert miss["citations"][0]["quote"] == "Snow fell."
    text = evaluation_text([WRONG])
    assert "expected: rain; a\n  retrieved: b; c; a\n" in text


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (CaseOutcome(KNOWN, error="No."), "No."),
        (outcome(TRAP, ("b", "x")), "answered, though the archive has no answer"),
        (outcome(KNOWN, found="b"), "the article was not found, and it abstained"),
        (outcome(KNOWN, ("b", "x"), found="b"), "the article was not found"),
        (outcome(KNOWN, found="ba"), "abstained, though the article ranks 2"),
        (WRONG, "no quote holds the answer"),
        (outcome(KNOWN, ("b", "Rain."), found="a"), "cites no expected article"),
    ],
)
def test_each_miss_is_told_why(made: CaseOutcome, said: str) -> None:
    assert not made.good
    assert why(made) == said


def test_text_lists_measures_with_interval_and_number() -> None:
    text = evaluation_text([WRONG, outcome(TRAP)])
    assert re.search(r"^  hits@3 +1\.000  1\.000 … 1\.000 +1$", text, re.MULTILINE)
    assert "1 of 2 missed" in text


def test_text_and_json_have_the_calibration_of_the_confidence() -> None:
    sure = outcome(KNOWN, ("a", "Rain fell."), confidence=0.75)
    assert re.search(
        r"^  calibration error \(ECE\) +0\.250  0\.250 … 0\.250 +1$", evaluation_text([sure]), re.MULTILINE
    )
    measures = evaluation_json([sure])["measures"]
    assert measures["calibration error (ECE)"] == {"value": 0.25, "low": 0.25, "high": 0.25, "questions": 1}
    assert measures["Brier score"]["value"] == 0.0625


def test_control_characters_of_articles_and_rows_do_not_reach_the_terminal() -> None:
    nasty = outcome(case("Who\x1b[2J?", id="\x1b[1m", answer="x\x07"), ("b", "a\x1b]8;;x\x07b"), found=["b"])
    assert all(character >= " " or character == "\n" for character in evaluation_text([nasty]))
