from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from qa.batch_input import Row, kind_of, rows
from qa.types import Turn
from vectorstore.errors import UsageError

NUMBERLESS = [f'{{"question": "q", "x": {said}}}' for said in ("NaN", "-Infinity", "1e999")]


def jsonl(*values: object) -> list[Row]:
    return rows("\n".join(map(json.dumps, values)), "jsonl")


def test_json_rows_carry_what_the_question_needs_and_pass_the_rest_through() -> None:
    (row,) = jsonl(
        {
            "id": "q7",
            "question": "Who?",
            "history": [
                "What?",
                {"question": "When?", "answer": "Friday"},
                {"question": "Where?"},
                {"question": "Why?", "answer": "The Post: “Ice” [1]", "citations": [{"number": 1, "quote": "Ice"}]},
                {"question": "How?", "answer": "The archive …", "citations": []},
            ],
            "asked": "2020-03",
            "since": 2017,
            "until": "2018/2",
            "publisher": "Press",
            "topic": {"deep": [1]},
        }
    )
    question = row.question()
    assert (row.key, row.text, row.given) == ("q7", "Who?", {"topic": {"deep": [1]}})
    assert question.history == (
        Turn("What?"),
        Turn("When?", ("Friday",)),
        Turn("Where?"),
        Turn("Why?", ("Ice",)),
        Turn("How?", ()),
    )
    assert question.asked == date(2020, 3, 31)
    assert (question.filter.since, question.filter.until) == ("2017-01-01", "2018-02-28")
    assert question.filter.publishers == ("Press",)


def test_empty_lines_are_no_rows_but_count_as_lines() -> None:
    found = rows('\n{"question": "a"}\n   \n{"question": "b"}\n\n', "jsonl")
    assert [(row.line, row.text) for row in found] == [(2, "a"), (4, "b")]


@pytest.mark.parametrize("raw", ["nonsense", '{"question": "torn', "[" * 100_000, *NUMBERLESS])
def test_a_line_that_is_not_json_becomes_a_row_that_fails_naming_its_line(raw: str) -> None:
    found = rows(f'{{"question": "a"}}\n{raw}\n{{"question": "b"}}', "jsonl")
    assert [row.text for row in found] == ["a", "", "b"]
    with pytest.raises(UsageError, match="line 2 is not JSON"):
        found[1].question()


@pytest.mark.parametrize("value", [{"id": "x"}, {"id": "x", "question": 7}, ["Who?"], "Who?", None, 3])
def test_json_without_a_question_becomes_a_row_that_fails(value: object) -> None:
    (row,) = jsonl(value)
    assert row.key == (value.get("id") if isinstance(value, dict) else None)
    with pytest.raises(UsageError, match="line 1 has no question"):
        row.question()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("since", "soon"),
        ("until", "2020-13"),
        ("asked", "now"),
        ("history", 5),
        ("history", [{"answer": "x"}]),
        ("publisher", ["Reuters"]),
    ],
)
def test_a_field_that_cannot_be_meant_fails_its_row_only(field: str, value: object) -> None:
    bad, good = jsonl({"question": "a", field: value}, {"question": "b"})
    with pytest.raises(UsageError):
        bad.question()
    assert good.question().text == "b"


def test_a_row_whose_dates_cross_fails() -> None:
    with pytest.raises(UsageError):
        jsonl({"question": "a", "since": "2019", "until": "2018"})[0].question()


def test_duplicate_ids_are_refused_with_both_lines() -> None:
    with pytest.raises(UsageError, match="Lines 1 and 4 have the same id 'a'"):
        rows('{"id": "a", "question": "x"}\n\n{"id": "b", "question": "x"}\n{"id": "a", "question": "y"}', "jsonl")


def test_the_ids_1_and_quoted_1_are_one_id() -> None:
    with pytest.raises(UsageError, match="Lines 1 and 2"):
        jsonl({"id": 1, "question": "x"}, {"id": "1", "question": "y"})


def test_the_same_question_may_stand_twice_without_ids() -> None:
    first, second = jsonl({"question": "x"}, {"question": "x"})
    assert first.name != second.name


def test_a_publisher_with_half_a_character_can_be_stored_in_a_filter() -> None:
    (row,) = rows('{"question": "a", "publisher": "x\\ud800"}', "jsonl")
    assert row.question().filter.publishers[0].encode() == b"x?"


def test_csv_columns_of_ours_are_known_in_any_case_and_others_keep_their_names() -> None:
    (row,) = rows("ID, Question ,Topic\n7,Who?,Arms\n", "csv")
    assert (row.key, row.text, row.given) == ("7", "Who?", {"Topic": "Arms"})


def test_csv_fields_may_hold_commas_quotes_and_newlines() -> None:
    found = rows('question,id\n"Who, he asked, said\n""no""?",1\nWhen?,2\n', "csv")
    assert [(row.text, row.key) for row in found] == [('Who, he asked, said\n"no"?', "1"), ("When?", "2")]


def test_csv_rows_may_be_short_long_or_empty() -> None:
    found = rows("question,topic\na\nb,x,y,z\n\n,t\n", "csv")
    assert [(row.text, row.given) for row in found] == [
        ("a", {"topic": ""}),
        ("b", {"topic": "x"}),
        ("", {"topic": "t"}),
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_with_what_parts_its_header(sign: str, end: str) -> None:
    lines = (sign.join(("Desk", '"Question"', "id")), sign.join(("east", '"Who paid, and why; how much?"', "r1")))
    (row,) = rows(end.join([*lines, ""]), "csv")
    assert (row.key, row.text, row.given) == ("r1", "Who paid, and why; how much?", {"Desk": "east"})


def test_a_table_of_one_column_has_commas_in_its_questions() -> None:
    assert [row.text for row in rows('question\n"Who paid, and why?"\nWhen; where?\n', "csv")] == [
        "Who paid, and why?",
        "When; where?",
    ]


def test_csv_without_ids_tells_same_questions_apart_by_line() -> None:
    assert len({row.name for row in rows("question\na\na\na\n", "csv")}) == 3


def test_csv_without_a_column_of_questions_is_refused() -> None:
    with pytest.raises(UsageError, match="no column named question"):
        rows("frage,id\nWer?,1\n", "csv")


@pytest.mark.parametrize("header", ["question,Question", "question,desk,desk", "ID,question, id"])
def test_csv_with_two_columns_of_one_name_is_refused(header: str) -> None:
    with pytest.raises(UsageError, match=r"two columns named (question|desk|id)\."):
        rows(f"{header}\na,b,c\n", "csv")


@pytest.mark.parametrize(("text", "line"), [("question\n{}\n", 2), ("question,{}\na,b\n", 1)])
def test_csv_that_cannot_be_read_names_the_line(text: str, line: int) -> None:
    with pytest.raises(UsageError, match=f"line {line}"):
        rows(text.format("x" * 200_000), "csv")


def test_text_has_a_question_a_line() -> None:
    assert [(row.line, row.text) for row in rows("  Who?\n\n\tWhen?  \n", "text")] == [(1, "Who?"), (3, "When?")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("q.jsonl", "jsonl"), ("q.NDJSON", "jsonl"), ("q.CSV", "csv"), ("q.txt", "text"), ("q", "text"), ("q.tsv", "csv")],
)
def test_the_ending_tells_the_format(name: str, kind: str) -> None:
    assert kind_of(Path(name), None) == kind


def test_a_given_format_wins_over_the_ending() -> None:
    assert kind_of(Path("q.csv"), "text") == "text"
    assert kind_of(None, "jsonl") == "jsonl"


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        kind_of(None, "xml")
    assert "jsonl, csv, text" in caught.value.hint
