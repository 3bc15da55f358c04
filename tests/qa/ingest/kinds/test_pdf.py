import pytest

from qa.ingest.clean import to_article
from qa.ingest.kinds import pdf as reader
from qa.ingest.kinds.document import PDF
from qa.ingest.kinds.pdf import extract
from tests.qa.ingest.kinds.build import Words, column, drafts, failure, pdf, scan
from vectorstore.articles import BlockKind
from vectorstore.errors import Unreadable

LEFT = [
    "The old ferry left the quay at seven in the",
    "morning, as it has done on every working day",
    "since the bridge upstream was closed for good.",
    "Its captain said that he had counted forty pas-",
    "sengers, which is more than he ever saw on a",
    "winter Monday before the well-known storm.",
]
RIGHT = [
    "On the other side the baker had opened early,",
    "because the ferry brings him half his trade in",
    "the cold months. He sold out of rye bread by a",
    "quarter past eight, and closed his shop at ten.",
    "The mayor promised that a second ferry would be",
    "bought before the summer, and that it is well-",
    "known to be a good one.",
]


def text_of(data: bytes) -> list[str]:
    return [piece.text for piece in extract(data).pieces]


def reason_of(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        extract(data)
    return caught.value.message


def test_columns_are_read_one_after_another_whatever_order_they_are_drawn_in() -> None:
    left, right = column(50, 600, LEFT), column(320, 600, RIGHT)
    heading = Words(50, 700, "Ferry keeps the town supplied through winter", 18)
    drawn = [words for pair in zip(left, right, strict=False) for words in pair] + right[len(left) :]
    for page in ([heading, *left, *right], [heading, *drawn], [*right, *left, heading]):
        title, *body = text_of(pdf([page]))
        assert title == "Ferry keeps the town supplied through winter"
        text = " ".join(body)
        assert text.index("well-known storm") < text.index("On the other side"), page
        assert "forty passengers, which" in text


def test_a_word_that_is_written_with_a_hyphen_elsewhere_keeps_it_at_the_end_of_a_line() -> None:
    text = " ".join(text_of(pdf([column(50, 600, [*LEFT, *RIGHT])])))
    assert "it is well-known to be" in text
    assert "forty passengers" in text


def test_a_heading_across_both_columns_parts_what_is_above_it_from_what_is_below() -> None:
    page = [
        *column(50, 700, LEFT[:5]),
        *column(320, 700, RIGHT[:5]),
        Words(50, 600, "What the passengers say about the new timetable of the ferry", 16),
        *column(50, 560, ["Below, to the left, the first passenger said", *LEFT[1:5]]),
        *column(320, 560, ["Below, to the right, the other one said that", *RIGHT[1:5]]),
    ]
    text = " ".join(text_of(pdf([page])))
    places = [
        text.index(words) for words in ("The old ferry", "On the other", "What the", "to the left", "to the right")
    ]
    assert places == sorted(places)


def test_rows_of_a_table_stay_rows() -> None:
    cells = [
        Words(x, 600 - 14 * row, f"{name} {row}") for row in range(6) for x, name in ((50, "north"), (300, "south"))
    ]
    text = " ".join(text_of(pdf([cells])))
    assert "north 0 south 0" in text


def test_running_heads_and_page_numbers_are_left_out() -> None:
    towns = ("Northport", "Southport", "Eastport", "Westport")
    bodies = [[f"In {town} the ferry left.", *LEFT, f"{town} waits for it."] for town in towns]
    pages = [
        [Words(50, 770, f"THE QUAY HERALD, issue {n}"), *column(50, 700, body), Words(300, 30, f"- {n} -")]
        for n, body in enumerate(bodies, 1)
    ]
    text = "\n".join(text_of(pdf(pages)))
    assert "HERALD" not in text
    assert not any(f"- {n} -" in text for n in range(1, 5))
    assert all(f"In {town} the ferry left." in text and f"{town} waits" in text for town in towns)


def test_a_title_that_is_the_running_head_of_the_other_pages_stays() -> None:
    towns = ("Northport", "Southport", "Eastport", "Westport")
    bodies = [column(50, 700, [f"In {town} the ferry left.", *LEFT, f"{town} waits for it."]) for town in towns]
    pages = [[Words(50, 770, "Ferries of the coast", 9 if n else 20), *body] for n, body in enumerate(bodies)]
    found = extract(pdf(pages))
    assert found.fields["title"] == "Ferries of the coast"
    assert " ".join(piece.text for piece in found.pieces).count("Ferries of the coast") == 1


def test_a_bullet_stays_with_its_text_whatever_its_size() -> None:
    page = [Words(50, 701, "•", 14), Words(62, 700, LEFT[0]), Words(62, 688, LEFT[1]), Words(62, 676, LEFT[2])]
    page += [Words(50, 665, "•", 14), Words(62, 664, RIGHT[0]), Words(62, 652, RIGHT[1])]
    assert [text[:8] for text in text_of(pdf([page]))] == ["• The ol", "• On the"]


def test_a_paragraph_goes_on_over_the_end_of_a_page() -> None:
    first = column(50, 700, [*LEFT[:3], "Its captain said that he had counted forty pas-"])
    second = column(50, 700, ["sengers, which is more than he ever saw on a", "winter Monday before the storm."])
    assert any("forty passengers, which" in text for text in text_of(pdf([first, second])))


def test_paragraphs_are_parted_by_space_or_by_an_indented_line() -> None:
    spaced = column(50, 700, LEFT[:3]) + column(50, 640, RIGHT[:4])
    indented = column(50, 700, LEFT[:3]) + column(65, 664, RIGHT[:1]) + column(50, 652, RIGHT[1:4])
    for page in (spaced, indented):
        assert [text.split()[0] for text in text_of(pdf([page]))] == ["The", "On"]


def test_the_title_is_the_stated_one_if_the_page_shows_it_and_else_its_largest_words() -> None:
    page = [Words(50, 700, "Ferry keeps the town supplied", 18), *column(50, 600, LEFT)]
    shown = extract(pdf([page], {"Title": "Ferry keeps the town supplied", "Author": "Template User"}))
    assert (shown.fields, shown.found["title"]) == ({"title": "Ferry keeps the town supplied"}, "pdf Title")
    other = extract(pdf([page], {"Title": "Microsoft Word - draft3.docx"}))
    assert (other.fields["title"], other.found["title"]) == ("Ferry keeps the town supplied", "pdf largest words")
    assert other.pieces[0].kind is BlockKind.HEADING


def test_a_pdf_becomes_an_article_with_its_bytes() -> None:
    data = pdf([[Words(50, 700, "Ferry keeps the town supplied", 18), *column(50, 600, LEFT)]])
    (draft,) = drafts(PDF, data)
    article = to_article(draft)
    assert draft.original == data
    assert article.title == "Ferry keeps the town supplied"
    assert article.text.endswith("before the well-known storm.")


def test_what_cannot_be_read_says_why() -> None:
    whole = pdf([column(50, 600, LEFT)])
    locked = (
        "/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -3904 /O <" + "11" * 32 + "> /U <" + "22" * 32 + ">"
    )
    assert "encrypted" in reason_of(pdf([column(50, 600, LEFT)], trailer=locked + " >> /ID [<00> <00>]"))
    assert "damaged" in reason_of(whole[:40])
    assert "scan" in reason_of(scan())
    assert reason_of(pdf([[]])) == "the PDF holds no text"
    assert "damaged" in failure(PDF, b"no PDF at all")


def test_a_pdf_of_ten_thousand_pages_is_refused_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason_of(pdf([[]] * 10_000)) == "the PDF has 10,000 pages; at most 5,000 are read"
    monkeypatch.setattr(reader, "MOST_CHARACTERS", 100)
    assert "characters" in reason_of(pdf([column(50, 600, LEFT)]))
