from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.boilerplate.lines import Piece
from qa.ingest.canonical import canonicalise
from qa.ingest.clean import assemble, short_lines, to_article
from qa.ingest.html import Extracted
from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.read import read_file
from qa.ingest.readers import readers
from vectorstore.articles import Article, BlockKind
from vectorstore.errors import Unreadable

TODAY = date(2024, 2, 22)
FIRST = "The harbour council has voted to rebuild the old lighthouse, which was damaged last spring."
SECOND = "It will cost about four million pounds and take two years to build, the council said."


def clean(text: str, form: TextFormat = TextFormat.PAGE, **fields: str) -> Article:
    return to_article(RawArticle("/a", text.encode("utf-8", "replace"), text, form, fields), today=TODAY)


def test_a_page_becomes_blocks_that_are_spans_of_the_text() -> None:
    article = clean(f"Lighthouse to rise again\r\n\r\n{FIRST}\r\n\r\nShare\r\n")
    assert article.text == f"Lighthouse to rise again\n\n{FIRST}"
    assert [article.text[block.start : block.end] for block in article.blocks] == ["Lighthouse to rise again", FIRST]
    assert article.title == "Lighthouse to rise again"
    assert article.found["title"] == "text: headline"


ODD = st.text(st.one_of(st.characters(), st.sampled_from("\x00\r\n\n\n\u0301\u202e\ud800🙂 .!?#*-|©")), max_size=300)


@given(ODD, st.sampled_from([TextFormat.PAGE, TextFormat.RECORD, TextFormat.MARKDOWN]))
def test_any_text_gives_canonical_text_whose_blocks_cover_every_word(text: str, form: TextFormat) -> None:
    try:
        article = clean(text, form)
    except Unreadable:
        return
    assert canonicalise(article.text) == article.text
    assert "\n\n".join(article.text[block.start : block.end] for block in article.blocks) == article.text
    assert all(article.text[block.start : block.end].strip() for block in article.blocks)
    assert article.title


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=80))
def test_one_endless_line_survives(word: str) -> None:
    line = word * 200
    assert clean(line, TextFormat.RECORD).text == line


@pytest.mark.parametrize("text", ["", " \n", "\x00\u202e", "Share\n\nMenu\n\n♦"])
def test_a_draft_of_which_nothing_is_left_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="no article text was found"):
        clean(text)


def test_stated_fields_win_over_the_text() -> None:
    article = clean(f"A headline here\n\n{FIRST}", title="Stated", publisher="Herald")
    assert (article.title, article.publisher) == ("Stated", "Herald")
    assert article.text.startswith("A headline here")


def test_markdown_takes_its_title_from_the_first_heading_and_keeps_it_in_the_text() -> None:
    article = clean(f"# *Lighthouse* to rise\n\n{FIRST}", TextFormat.MARKDOWN)
    assert article.title == "Lighthouse to rise"
    assert article.text.startswith("Lighthouse to rise\n\n")


def test_without_a_title_the_first_words_stand_in() -> None:
    article = clean(FIRST, TextFormat.RECORD)
    assert article.title == "The harbour council has voted to rebuild the old lighthouse, which was…"
    assert article.found["title"] == "text: opening words"


def test_the_host_stands_in_for_the_publisher() -> None:
    article = clean(FIRST, TextFormat.RECORD, url="https://www.example.org/a")
    assert (article.publisher, article.found["publisher"]) == ("example.org", "url host")


@pytest.mark.parametrize(
    ("fields", "top", "expected", "way"),
    [
        ({"published": "2021/03/04"}, "", "2021-03-04", "stated"),
        ({"published": "March 2021"}, "", "2021-03", "stated"),
        ({"url": "https://example.org/2021/03/04/lighthouse"}, "", "2021-03-04", "url path"),
        ({"title": "T"}, "March 4, 2021, 10:15 a.m. ET\n\n", "2021-03-04", "text: date line under the headline"),
        ({}, "A headline here\n\nPublished: March 4, 2021\n\n", "2021-03-04", "text: line “Published …”"),
        ({}, "", None, None),
        ({}, "Thursday, February 22, 2024\n\nA headline here\n\n", None, None),
        ({}, "A headline here\n\nThe lamp in Porto on March 4, 2021. (Photo by Herald)\n\n", None, None),
    ],
)
def test_the_day_is_found_by_a_named_rule_or_not_at_all(
    fields: dict[str, str], top: str, expected: str | None, way: str | None
) -> None:
    article = clean(f"{top}{FIRST}\n\n{SECOND}", TextFormat.PAGE, **fields)
    assert (article.published, article.found.get("published")) == (expected, way)


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("2131-01-01", "is not a possible date"),
        ("31/02/2020", "is not a possible date"),
        ("03/04/2020 10:15", "may be one of two days"),
    ],
)
def test_a_stated_day_that_is_not_taken_is_said_with_the_reason(stated: str, why: str) -> None:
    said: list[str] = []
    draft = RawArticle("/a", b"", FIRST, TextFormat.RECORD, {"published": stated}, {"published": "json date"})
    article = to_article(draft, today=TODAY, warn=said.append)
    assert article.published is None
    assert "published" not in article.found
    assert said == [f"/a: the date “{stated}” {why} and was not taken"]


@pytest.mark.parametrize("form", [TextFormat.PAGE, TextFormat.RECORD])
@pytest.mark.parametrize("line", ["12/11/2019 09:30", "Published: 12/11/2019"])
def test_a_date_line_that_tells_no_day_stays_text(form: TextFormat, line: str) -> None:
    article = clean(f"Lighthouse to rise again\n\n{line}\n\n{FIRST}", form)
    assert article.text == f"Lighthouse to rise again\n\n{line}\n\n{FIRST}"
    assert article.published is None


def test_html_goes_through_the_extractor_and_sheds_what_it_left_of_the_page() -> None:
    asked: list[str] = []

    def extractor(page: RawArticle) -> Extracted:
        asked.append(page.text)
        pieces = (
            Piece("Published: March 4, 2021"),
            Piece("Share this article"),
            Piece("The lamp. (Photo by Herald)"),
            Piece(FIRST),
        )
        return Extracted(pieces, {"title": "T"}, {"title": "h1"}, ("it was cut",))

    said: list[str] = []
    draft = RawArticle("/a.html", b"<html>", "<html>", TextFormat.HTML)
    article = to_article(draft, extractor=extractor, today=TODAY, warn=said.append)
    assert asked == ["<html>"]
    assert [block.kind for block in article.blocks] == [BlockKind.CAPTION, BlockKind.PARAGRAPH]
    assert (article.title, article.found["title"]) == ("T", "h1")
    assert (article.published, article.found["published"]) == ("2021-03-04", "text: line “Published …”")
    assert said == ["/a.html: it was cut"]


def test_repeated_lines_are_dropped_from_pages_and_rows_and_counted_there_only() -> None:
    draft = RawArticle("/a", b"", f"The Coast Today\n\n{FIRST}", TextFormat.RECORD)
    assert to_article(draft, short_lines(draft), today=TODAY).text == FIRST
    assert short_lines(RawArticle("/a", b"", "# Notes", TextFormat.MARKDOWN)) == set()


def test_assembled_pieces_are_parted_by_one_blank_line() -> None:
    text, blocks = assemble([Piece(" a "), Piece("\x00"), Piece("b", BlockKind.CAPTION)])
    assert text == "a\n\nb"
    assert [(block.start, block.end, block.kind) for block in blocks] == [
        (0, 1, BlockKind.PARAGRAPH),
        (3, 4, BlockKind.CAPTION),
    ]


SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
# By file: the headline's first and last word, publisher, day; words of lines that must go, of lines that must stay.
EXPECTED = {
    "000": (
        "Kremlin",
        "party",
        "Press TV",
        "2017-10-06",
        ["News /", "Roku", "SHARE", "www."],
        ["(Photo by AFP)", "al-Assad"],
    ),
    "001": (
        "‘Russia,",
        "deal’",
        "Press TV",
        None,
        ["News /", "Roku", "SHARE", "www."],
        ["S-500’\n\nSeparately", "a member"],
    ),
    "002": ("Putin", "deepen", None, None, ["Comments are"], ["In 2019", "CAATSA", "Reuters reported."]),
    "003": (
        *("“Russia-China", "Minister", None, None),
        ["26.9", "Port Louis", "February 22", "Download", "French", "Must Read", "dvertisement", "Articles", "enter"],
        ["no limits", "February 2022", "since 2018."],
    ),
    "004": (
        *("Kremlin:", "system", None, None),
        ["Untitled", "Share it"],
        ["not linked", "You know", "should be", "United States."],
    ),
}


def _read_seed(number: str) -> tuple[str, Article]:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    (draft,) = read_file(path, readers())
    assert isinstance(draft, RawArticle)
    return canonicalise(draft.text), to_article(draft, today=TODAY)


@pytest.mark.parametrize("number", EXPECTED)
@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not beside the checkout")
def test_the_real_pages_keep_their_article_and_lose_everything_else(number: str) -> None:
    first, last, publisher, published, gone, stays = EXPECTED[number]
    original, article = _read_seed(number)
    assert (article.title.split()[0], article.title.split()[-1]) == (first, last)
    assert article.text.startswith(article.title)
    assert (article.publisher, article.published) == (publisher, published)
    assert [words for words in gone if words in article.text or words not in original] == []
    assert [words for words in stays if words not in article.text] == []
    squashed = " ".join(original.split())
    assert all(" ".join(article.text[b.start : b.end].split()) in squashed for b in article.blocks)


def test_a_day_and_an_author_that_neighbours_share_are_no_furniture() -> None:
    text = f"Lighthouse to rise again\n\nBy Jane Roe\n\nMay 17, 2024\n\n{FIRST}\n"
    draft = RawArticle("/a", text.encode(), text, TextFormat.PAGE)
    assert short_lines(draft) == {"lighthouse to rise again"}


def test_every_stated_day_is_tried_and_the_languages_order_is_known() -> None:
    days = (("soon", "meta date"), ("2031-01-01", "meta x"), ("06/07/2022", "time"))
    spanish = (
        "El ayuntamiento ha decidido reconstruir el viejo faro, que fue dañado por una tormenta la primavera pasada."
    )
    found = Extracted((Piece(spanish),), {"language": "es"}, days=days)
    article = to_article(RawArticle("/a", b"x", "x", TextFormat.HTML), extractor=lambda _: found, today=TODAY)
    assert (article.published, article.found["published"]) == ("2022-07-06", "time")


def test_a_day_after_today_is_taken_where_nothing_tells_another_because_the_clock_may_be_wrong() -> None:
    found = Extracted((Piece(FIRST),), days=(("2022-07-06", "time"),))
    draft = RawArticle("/a", b"x", "x", TextFormat.HTML)
    for clock in (date(1970, 1, 1), date(2022, 7, 6), date(2090, 1, 1)):
        assert to_article(draft, extractor=lambda _: found, today=clock).published == "2022-07-06"
    stated = RawArticle("/a", b"x", FIRST, TextFormat.RECORD, {"published": "9999-12-31"}, {"published": "key"})
    assert to_article(stated, today=TODAY).published is None


def test_nothing_in_a_page_is_younger_than_the_page() -> None:
    found = Extracted((Piece(FIRST),), {"saved": "2021-03-04"}, {"saved": "x"}, days=(("2021-05-01", "meta date"),))
    article = to_article(RawArticle("/a", b"x", "x", TextFormat.HTML), extractor=lambda _: found, today=TODAY)
    assert article.published is None
    assert article.found["saved"] == "2021-03-04, x"


def test_a_page_that_sells_the_rest_is_marked_as_cut_off() -> None:
    warned: list[str] = []
    found = Extracted((Piece(FIRST),), cut_off=True)
    draft = RawArticle("/a", b"x", "x", TextFormat.HTML)
    article = to_article(draft, extractor=lambda _: found, today=TODAY, warn=warned.append)
    assert article.found["text"] == "cut off: the rest of the article is for subscribers"
    assert warned == ["/a: cut off: the rest of the article is for subscribers"]


def test_the_librarys_guess_is_taken_only_where_nothing_else_tells_the_day() -> None:
    guess = ("2022-02-02", "htmldate: the only day on the page")
    for days, expected in ((), "2022-02-02"), ((("2021-03-04", "time"),), "2021-03-04"):
        found = Extracted((Piece(FIRST),), days=days, guess=guess)
        draft = RawArticle("/a", b"x", "x", TextFormat.HTML)
        assert to_article(draft, extractor=lambda _, found=found: found, today=TODAY).published == expected


def test_a_template_that_states_another_language_than_its_text_is_not_believed() -> None:
    text = "Der Hafenrat hat beschlossen, den alten Leuchtturm wieder aufzubauen, den ein Sturm beschädigt hatte."
    article = clean(text, language="en-US")
    assert (article.language, article.found["language"]) == ("de", "text")
    assert clean(FIRST, language="en-GB").language == "en"
    assert clean(FIRST, language="en-GB").found["language"] == "stated"


def test_an_article_of_two_words_has_no_language_but_a_stated_one() -> None:
    assert "language" not in clean("Oslo fjord").found
    assert clean("Oslo fjord", language="nb").language == "nb"
