from __future__ import annotations

from qa.batch_input import Row
from qa.types import Citation
from qa.verify.lookup import ClaimVerdict, Finding
from qa.verify.report import reported, told
from qa.verify.statements import Part
from vectorstore.articles import Reference

PLACE = Reference("a" * 16, "/lamp.txt", "https://press.example/lamp", "The lamp", "The Post", "2024-06-06")
ROWS = [Row(n, n, text) for n, text in enumerate(("It was lit in 1911.", "It cost $5 [sic].", "It is red."), 1)]
QUOTE = Citation(1, PLACE, 0, 11, "Lit in 1911")
FINDINGS = [
    Finding(ROWS[0], ClaimVerdict.SUPPORTED, 0.9, (QUOTE,)),
    Finding(ROWS[1], ClaimVerdict.CONTRADICTED, 0.1, (Citation(1, PLACE, 20, 29, "Price: $9"),)),
    Finding(ROWS[2], ClaimVerdict.NOT_FOUND, 0.2),
]
REPORT = reported([(Part("The lamp"),), tuple(Part(row.text, row) for row in ROWS)], FINDINGS)


def test_the_text_stands_with_its_marks_and_quotes_are_numbered_as_they_come() -> None:
    assert REPORT.text == "The lamp\n\nIt was lit in 1911. [1] It cost $5 (sic). ✗[2] It is red. ○"
    assert [citation.number for citation in REPORT.citations] == [1, 2]


def test_a_terminal_shows_the_sources_and_what_it_came_to() -> None:
    text = REPORT.terminal().text
    assert "[1] The lamp — The Post — 6 June 2024\n    “Lit in 1911”\n    https://press.example/lamp" in text
    assert text.endswith("3 statements: 1 supported, 1 contradicted (✗), 1 not found (○).")
    assert told({"supported": 1}) == "1 statement: 1 supported."


def test_markdown_and_html_have_the_footnotes_and_escape_what_is_markup() -> None:
    markdown, page = REPORT.markdown("My <draft>"), REPORT.html("My <draft>")
    assert markdown.startswith("# My")
    assert "[^1]: “Lit in 1911”" in markdown
    assert "✗[^2]" in markdown
    assert "<draft>" not in page
    assert "<q>Price: $9</q>" in page
