import pytest

from qa.ingest.boilerplate.lines import paragraphs
from qa.ingest.boilerplate.page import (
    PlainPage,
    headings_settled,
    read_page,
    read_record,
)
from qa.ingest.canonical import canonicalise, squash
from vectorstore.articles import BlockKind

FIRST = "The harbour council has voted to rebuild the old lighthouse, which was damaged last spring."
SECOND = "It will cost about four million pounds and take two years to build, the council said."
THIRD = "Residents had waited for the decision since the storm tore the lamp room away."


def read(text: str, repeated: set[str] | None = None) -> PlainPage:
    return read_page(paragraphs(canonicalise(text)), repeated or set())


def kept(page: PlainPage) -> list[str]:
    return [piece.text for piece in page.pieces]


def test_masthead_breadcrumb_weather_and_the_day_of_the_visit_go() -> None:
    page = read(
        f"26.9 C\nOld Harbour\nThursday, February 22, 2024\nNews / Coast\n\n"
        f"Lighthouse to rise again after storm\n\n{FIRST}\n"
    )
    assert kept(page) == ["Lighthouse to rise again after storm", FIRST]
    assert page.fields == {"section": "Coast", "title": "Lighthouse to rise again after storm"}
    assert page.dates == []


def test_byline_and_day_below_the_headline_are_facts_not_text() -> None:
    page = read(f"Lighthouse to rise again\n\nBy Jane Roe | March 3, 2021 | 4 min read\n\n{FIRST}\n")
    assert kept(page) == ["Lighthouse to rise again", FIRST]
    assert page.fields["author"] == "Jane Roe"
    assert page.dates == ["March 3, 2021"]


def test_of_a_byline_a_day_that_cannot_be_told_stays_and_above_the_headline_it_goes() -> None:
    page = read(f"12/11/2019\n\nLighthouse to rise again\n\nBy Jane Roe | 03/04/2021 | 4 min read\n\n{FIRST}\n")
    assert kept(page) == ["Lighthouse to rise again", "03/04/2021", FIRST]
    assert page.fields["author"] == "Jane Roe"


def test_a_day_above_a_second_headline_may_be_the_visits_and_is_not_offered() -> None:
    page = read(f"Herald of the Southern Coast\nFebruary 22, 2024\n\nLighthouse to rise again after storm\n\n{FIRST}\n")
    assert page.dates == []
    assert page.marked == ["February 22, 2024"]


def test_the_footer_goes_from_its_first_line_on() -> None:
    page = read(
        f"A headline here\n\n{FIRST}\n\n{SECOND}\n\nSHARE THIS ARTICLE\nExample News Box\nOther\n\n"
        "Storm tears lamp from lighthouse\n"
    )
    assert kept(page) == ["A headline here", FIRST, SECOND]


def test_short_lines_at_the_end_stay_where_no_footer_began() -> None:
    page = read(f"A headline here\n\n{FIRST}\n\nThe lights by height:\n\n1. North\n2. South\n")
    assert kept(page)[-2:] == ["The lights by height:", "1. North\n2. South"]


def test_related_headlines_in_the_middle_go_and_the_text_goes_on() -> None:
    page = read(
        f"A headline here\n\n{FIRST}\n\nRELATED ARTICLES\nStorm tears lamp away\nCouncil to vote\n\n"
        f"{SECOND}\n\nA long wait\n\n{THIRD}\n"
    )
    assert kept(page) == ["A headline here", FIRST, SECOND, "A long wait", THIRD]


def test_readers_comments_go_though_they_are_prose() -> None:
    page = read(f"A headline here\n\n{FIRST}\n\n{SECOND}\n\n2 Comments\n\nJoe says:\n\n{THIRD}\n")
    assert kept(page) == ["A headline here", FIRST, SECOND]


def test_a_button_called_comments_above_the_text_ends_nothing() -> None:
    page = read(f"A headline here\n\nComments\n\n{FIRST}\n\n{SECOND}\n")
    assert kept(page) == ["A headline here", FIRST, SECOND]


def test_captions_and_headings_keep_their_place_and_kind() -> None:
    caption = "The lamp room in better days. (Photo by Herald)"
    page = read(f"A headline here\n\n{caption}\n\n{FIRST}\n\nA long wait\n\n{SECOND}\n")
    assert [piece.kind for piece in page.pieces] == [
        BlockKind.HEADING,
        BlockKind.CAPTION,
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]


def test_a_question_may_be_the_headline() -> None:
    question = "Why is the old lighthouse being rebuilt after all these years?"
    assert read(f"{question}\n\n{FIRST}\n\n{SECOND}\n").fields["title"] == question


def test_the_sites_name_behind_the_headline_is_the_publisher() -> None:
    page = read(f"Lighthouse to rise again after the storm | Example Herald\n\n{FIRST}\n")
    assert page.fields["title"] == "Lighthouse to rise again after the storm"
    assert page.fields["publisher"] == "Example Herald"


@pytest.mark.parametrize(
    "line",
    [
        "The Herald’s website can also be accessed at the following alternate addresses:",
        "© 2021 The Herald. All rights reserved.",
    ],
)
def test_the_footer_names_the_publisher(line: str) -> None:
    assert read(f"A headline here\n\n{FIRST}\n\n{line}\n").fields["publisher"] == "The Herald"


def test_lines_known_to_be_repeated_go_wherever_they_stand() -> None:
    page = read(
        f"The Coast Today\nA headline here\n\n{FIRST}\n\nThe Coast Today\n\n{SECOND}\n", {squash("The Coast Today")}
    )
    assert kept(page) == ["A headline here", FIRST, SECOND]


def test_a_page_without_running_text_keeps_its_lines() -> None:
    page = read("The Light\n\nOver the water\nthe lamp goes round\n\nShare\n")
    assert kept(page) == ["The Light", "Over the water", "the lamp goes round"]
    assert page.fields["title"] == "The Light"


def test_text_without_a_headline_loses_nothing() -> None:
    page = read(f"{FIRST}\n\n{SECOND}\n")
    assert kept(page) == [FIRST, SECOND]
    assert "title" not in page.fields


def test_rows_lose_only_long_stock_phrases_repeated_lines_and_bare_signs() -> None:
    lines = [
        "Pennsylvania",
        FIRST,
        "Latest",
        "♦",
        "Sign up for our newsletter",
        "Read more: Storm tears lamp away",
        "The Coast Today",
    ]
    page = read_record(lines, {squash("The Coast Today")})
    assert kept(page) == ["Pennsylvania", FIRST, "Latest"]


def test_the_day_at_the_top_of_a_row_is_offered_and_later_ones_are_text() -> None:
    page = read_record(["March 3, 2021, 10:15 a.m. ET", FIRST, "March 4, 2021"])
    assert page.dates == ["March 3, 2021, 10:15 a.m. ET"]
    assert kept(page) == [FIRST, "March 4, 2021"]


def test_a_heading_that_heads_nothing_is_a_paragraph() -> None:
    pieces = read_record(["Jane Roe", "Harbour reporter", FIRST, "A long wait", SECOND, "The End"]).pieces
    kinds = [piece.kind for piece in headings_settled(pieces)]
    assert kinds == [
        BlockKind.HEADING,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.PARAGRAPH,
    ]


def test_a_paywalls_words_at_the_end_go_with_their_heading_and_the_page_is_cut_off() -> None:
    pitch = [
        "Read on with Herald Plus",
        "You have read 3 of your 3 free articles. Subscribe today for 2 crowns a week.",
    ]
    page = read_record([FIRST, SECOND, *pitch])
    assert kept(page) == [FIRST, SECOND]
    assert page.cut_off
    told = read_record([FIRST, "The paper said that its subscribers pay 2 crowns a week and read every article."])
    assert not told.cut_off
    assert len(told.pieces) == 2


def test_a_paywalls_words_go_from_pages_saved_as_text_too() -> None:
    page = read(
        f"Lighthouse to rise again\n\n{FIRST}\n\nAlready a subscriber? Log in to read this article to its end.\n"
    )
    assert kept(page) == ["Lighthouse to rise again", FIRST]
