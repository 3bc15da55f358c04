from __future__ import annotations

import pytest

from qa.verify.statements import drafted, statements
from vectorstore.errors import UsageError

DRAFT = """# The lamp

The lamp of Sorrel Point was lit in 1911. Dr. Brook lit it. Who paid for it?

- The lens weighed four tonnes.
- It floated on mercury.
"""


def texts(text: str, kind: str) -> list[str]:
    return [row.text for row in statements(drafted(text, kind))]


def test_a_draft_is_cut_into_its_statements_without_headings_and_questions() -> None:
    assert texts(DRAFT, "markdown") == [
        "The lamp of Sorrel Point was lit in 1911.",
        "Dr. Brook lit it.",
        "The lens weighed four tonnes.",
        "It floated on mercury.",
    ]


def test_what_states_nothing_stays_in_the_text() -> None:
    shown = [part.text for paragraph in drafted(DRAFT, "markdown") for part in paragraph]
    assert shown[0] == "The lamp"
    assert "Who paid for it?" in shown


def test_a_line_without_an_end_is_a_heading_of_plain_text() -> None:
    assert texts("The lamp of Sorrel Point\n\nThe lamp was lit\nin 1911.", "text") == ["The lamp was lit in 1911."]


def test_a_line_alone_is_no_heading() -> None:
    assert texts("\nThe lamp was lit in 1911\n\n", "text") == ["The lamp was lit in 1911"]


def test_statements_are_numbered_by_their_place_in_the_draft() -> None:
    assert [row.key for row in statements(drafted(DRAFT, "markdown"))] == [1, 2, 3, 4]


def test_rows_keep_their_ids() -> None:
    rows = statements(drafted('{"id": "a", "text": "It rained."}\n{"text": "It snowed."}', "jsonl"))
    assert [(row.key, row.text) for row in rows] == [("a", "It rained."), (None, "It snowed.")]
    assert texts("id,text\n1,It rained.\n", "csv") == ["It rained."]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("", "text", "states nothing"),
        ("Who?\n\nWhy?", "text", "states nothing"),
        ('{"id": 1}', "jsonl", "Line 1 has no text"),
        ('{"id": 1, "text": " "}', "jsonl", "Line 1 has an empty text"),
        ('{"id": 1, "text": "It rained."}\n{"id": 1, "text": "It snowed."}', "jsonl", "Lines 1 and 2"),
        ("id,words\n1,It rained.\n", "csv", "no column named text"),
    ],
)
def test_what_cannot_be_verified_is_refused_with_a_way_out(text: str, kind: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        drafted(text, kind)
    assert raised.value.hint
