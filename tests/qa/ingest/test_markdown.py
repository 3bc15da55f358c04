import pytest

from qa.ingest.markdown import first_heading, pieces, plain
from vectorstore.articles import BlockKind


def shown(text: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in pieces(text)]


def test_headings_of_both_kinds_lose_their_marks() -> None:
    assert shown("# One #\n\nTwo\n---\n\nThree\n===\nText.") == [
        ("heading", "One"),
        ("heading", "Two"),
        ("heading", "Three"),
        ("paragraph", "Text."),
    ]


def test_wrapped_paragraphs_are_joined_and_lists_keep_their_lines() -> None:
    assert shown("A line\nthat goes on.\n\n* one\n* two\n  goes on\n1. three") == [
        ("paragraph", "A line that goes on."),
        ("paragraph", "- one\n- two goes on"),
        ("paragraph", "1. three"),
    ]


def test_items_within_items_and_paragraphs_of_an_item_stand_on_lines_of_their_own() -> None:
    assert shown("3. one\n\n   more of it\n4. two\n   - inner") == [
        ("paragraph", "3. one\nmore of it\n4. two\n- inner"),
    ]


def test_an_indented_line_is_text_and_entities_are_characters() -> None:
    assert shown("    Indented &amp; plain.") == [("paragraph", "Indented & plain.")]


def test_tags_of_a_block_go_and_its_words_stay() -> None:
    assert shown("<div>\nWords <b>here</b>\n</div>") == [("paragraph", "Words here")]


def test_a_picture_alone_is_a_caption_and_one_without_text_is_nothing() -> None:
    assert shown("![The lamp](x.jpg)\n\n[![Linked](y.png)](z)\n\n![](w.png)") == [
        ("caption", "The lamp"),
        ("caption", "Linked"),
    ]


def test_code_keeps_its_lines_and_marks() -> None:
    assert shown("Before:\n```python\nx = 1  # *not* emphasis\n\ny = 2\n```\nAfter.") == [
        ("paragraph", "Before:"),
        ("paragraph", "x = 1  # *not* emphasis\n\ny = 2"),
        ("paragraph", "After."),
    ]


def test_an_open_fence_runs_to_the_end() -> None:
    assert shown("```\nx\n# y") == [("paragraph", "x\n# y")]


def test_quotes_rules_comments_and_link_definitions_leave_only_words() -> None:
    text = (
        "> A quote\n> goes on.\n\n***\n\n<!-- hidden\n\nnote -->\n\nSee [the list][1].\n\n[1]: https://example.org 'x'"
    )
    assert shown(text) == [("paragraph", "A quote goes on."), ("paragraph", "See the list.")]


def test_tables_keep_their_rows() -> None:
    assert shown("| Year | Cost |\n|------|-----:|\n| 2021 | 4 |") == [("paragraph", "| Year | Cost |\n| 2021 | 4 |")]


@pytest.mark.parametrize(
    ("marked", "bare"),
    [
        ("*one* **two** ***three*** _four_ __five__ ~~six~~", "one two three four five six"),
        ("[text](https://example.org/a_(b) 'title') and <https://example.org>", "text and https://example.org"),
        ("`a * b * c` stays", "a * b * c stays"),
        ("snake_case_name and 2 * 3 * 4 and a*b", "snake_case_name and 2 * 3 * 4 and a*b"),
        (r"\*not emphasis\* and \[no link\](x)", "*not emphasis* and [no link](x)"),
        ("line<br>break, H<sub>2</sub>O, 3 < 4 > 2", "linebreak, H2O, 3 < 4 > 2"),
        ("![alt](x.png) beside text", "alt beside text"),
        ("[1] a footnote mark", "[1] a footnote mark"),
    ],
)
def test_marks_inside_a_line_go_and_words_stay(marked: str, bare: str) -> None:
    assert plain(marked) == bare


def test_the_first_heading_is_the_title_unless_text_stands_above_it() -> None:
    assert first_heading(pieces("![x](y)\n\n# Title\n\nText.")) == "Title"
    assert first_heading(pieces("Text.\n\n## Part")) == ""
    assert pieces("## Part")[0].kind is BlockKind.HEADING


def test_a_web_clippers_marks_leave_only_words() -> None:
    clip = "A tug sank.[^1]\n\n![[tug.png]]\n\nThe [[Brage]] and [[ships/alma|the Alma]] sail.\n\n"
    clip += "> [!quote]- Harbour master\n> We heard it.\n\n> [!note]\n> By radio.\n\n[^1]: Land registry."
    assert shown(clip) == [
        ("paragraph", "A tug sank."),
        ("paragraph", "The Brage and the Alma sail."),
        ("heading", "Harbour master"),
        ("paragraph", "We heard it."),
        ("paragraph", "By radio."),
    ]


@pytest.mark.parametrize(
    "deep", ["*a " * 3000 + "b* " * 3000, "~~a " * 3000 + "b~~ " * 3000, "![" * 500 + "](x)" * 500]
)
def test_marks_may_be_nested_as_deeply_as_a_line_is_long(deep: str) -> None:
    assert "*" not in plain(f"The {deep} end.")
    assert pieces(f"The {deep} end.")[0].text.endswith(" end.")
