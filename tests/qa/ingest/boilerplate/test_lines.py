import pytest

from qa.ingest.boilerplate.lines import byline, crumbs, is_caption, is_heading, is_prose, paragraphs


@pytest.mark.parametrize(
    "line",
    [
        "The harbour council voted on Monday to rebuild it.",
        "“We waited for years, and now it comes at last!”",
        "صوت مجلس الميناء يوم الاثنين لإعادة بناء المنارة القديمة.",
        "港口委员会星期一投票决定重建去年春天被风暴损坏的旧灯塔。",
        "word " * 40,
    ],
)
def test_a_sentence_of_eight_words_is_prose_in_any_script(line: str) -> None:
    assert is_prose(line)


@pytest.mark.parametrize(
    "line",
    [
        "Share this article.",
        "Council votes to rebuild the old lighthouse after years",
        "NO SMOKING IN THE HALL, AND NO DOGS EITHER.",
    ],
)
def test_short_unfinished_and_shouted_lines_are_no_prose(line: str) -> None:
    assert not is_prose(line)


@pytest.mark.parametrize(
    "line",
    [
        "A mayor and a governor at the gate. (Photo by Herald)",
        "(Getty Images)",
        "The lamp room. (AP Photo/Jane Roe, File)",
        "The lamp room. (Reuters file photo)",
        "The lamp room. Photo: Jane Roe",
        "The lamp room at dusk. REUTERS/Jane Roe",
        "The lamp room. Jane Roe/AFP/Getty Images",
        "FILE PHOTO: The lamp room",
        "FILE - In this March 4, 2021 photo, the lamp room is dark.",
        "Foto: Erika Muster",
        "© Herald / Jane Roe",
        "A man walks past the lamp. | Photo Credit: AP",
        "Image copyright Agency Image caption The lamp",
        "Getty Images A lighthouse on a cliff at dusk",
    ],
)
def test_a_caption_is_known_by_its_credit(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "The council met in Porto on Monday, officials said. (AFP)",
        "(This story was updated to include video and new pictures.)",
        "The lamp is out (see the image by the door).",
        "Photos show the scene of the crash, police said.",
        "Image of a nation in crisis",
    ],
)
def test_a_sign_off_or_a_mention_of_pictures_is_no_caption(line: str) -> None:
    assert not is_caption(line)


def test_headings_are_short_and_no_sentences() -> None:
    assert is_heading("A long wait")
    assert is_heading("What happens next?")
    assert not is_heading("It was cold.")
    assert not is_heading("The list is this:")
    assert not is_heading("- an item")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Jane Roe", "Jane Roe"),
        ("By Jane Roe and Joe Doe, Example Herald", "Jane Roe and Joe Doe, Example Herald"),
        ("Von Erika Muster", "Erika Muster"),
        ("By the time the lamp went out", None),
        ("Jane Roe", None),
        ("By " + "A" * 5000, "A" * 5000),
    ],
)
def test_a_byline_gives_its_name(line: str, name: str | None) -> None:
    assert byline(line) == name


def test_breadcrumbs_are_short_parts_between_signs() -> None:
    assert crumbs("News / World / Asia") == ["News", "World", "Asia"]
    assert crumbs("Home > Coast") == ["Home", "Coast"]
    assert crumbs("The mayor and/or the governor") == []
    assert crumbs("The council of the old harbour / the people of the town") == []


def test_hard_wrapped_lines_are_joined_and_single_lines_are_not() -> None:
    wrapped = (
        "A headline\n\nThe harbour council has voted to rebuild the old lighthouse, which was\n"
        "damaged by a storm last spring and has stood dark ever since, to the\nsorrow of the town."
    )
    assert len(paragraphs(wrapped)) == 2
    assert paragraphs("A headline\nThe council met on Monday.\nIt will meet again.") == [
        "A headline",
        "The council met on Monday.",
        "It will meet again.",
    ]


def test_the_items_of_a_list_stay_together() -> None:
    assert paragraphs("The lights:\n1. North\n2. South\nThat is all.") == [
        "The lights:",
        "1. North\n2. South",
        "That is all.",
    ]
