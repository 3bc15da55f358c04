import pytest

from qa.ingest.html import LARGEST_STRIPPED, extract

PARAGRAPH = (
    "The harbour council voted on {} to rebuild the old lighthouse, which a storm had damaged "
    "in the spring of last year, officials said after the meeting."
)
ARTICLE = f"""<figure><img src="x.jpg" alt="lamp">
<figcaption>The lighthouse in 2019. <b>(Photo by Joe Doe)</b></figcaption></figure>
<p>{PARAGRAPH.format("Monday")}</p><p>{PARAGRAPH.format("Tuesday")}</p><h2>A long wait</h2>
<p>{PARAGRAPH.format("Wednesday")}</p><ul><li>First item of the plan</li><li>Second item of the plan</li></ul>
<div class="wp-caption"><img src="y.jpg"><p class="wp-caption-text">The pier at dusk</p></div>
<blockquote><p>We are very glad, said the keeper.</p></blockquote>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2021</td><td>4 million</td></tr></table>
<p>One line<br>and another of the same paragraph.</p>"""
PAGE = f"""<!doctype html><html lang="en"><head>
<title>Lighthouse to rise again | Example Herald</title><style>p {{}}</style>
<meta property="og:site_name" content="Example Herald">
<meta property="article:published_time" content="2021-03-04T23:30:00-05:00">
</head><body><nav><a href="/">Home</a> <a href="/w">World</a></nav><article>{ARTICLE}</article>
<aside><h3>Related</h3><a href="/o">Other story of the day</a></aside><footer>© 2021 Example Herald</footer>
<script>track()</script></body></html>"""


def shown(page: str) -> list[tuple[str, str]]:
    return [(piece.kind.value, piece.text) for piece in extract(page).pieces]


def test_the_article_comes_out_in_order_with_headings_lists_and_tables() -> None:
    assert shown(PAGE) == [
        ("paragraph", PARAGRAPH.format("Monday")),
        ("paragraph", PARAGRAPH.format("Tuesday")),
        ("heading", "A long wait"),
        ("paragraph", PARAGRAPH.format("Wednesday")),
        ("paragraph", "- First item of the plan\n- Second item of the plan"),
        ("paragraph", "We are very glad, said the keeper."),
        ("paragraph", "Year | Cost\n2021 | 4 million"),
        ("paragraph", "One line and another of the same paragraph."),
    ]


def test_a_page_without_furniture_keeps_its_headings_and_lists() -> None:
    body = f"<p>{PARAGRAPH.format('Monday')}</p>\n<ul>\n<li>First item</li>\n<li>Second item</li>\n</ul>\n"
    page = f"<html><head><title>A letter</title></head><body>\n<h2>A long wait</h2>\n{body}</body></html>"
    assert shown(page) == [
        ("heading", "A long wait"),
        ("paragraph", PARAGRAPH.format("Monday")),
        ("paragraph", "- First item\n- Second item"),
    ]


def test_the_facts_come_with_the_way_they_were_found() -> None:
    extracted = extract(PAGE)
    assert extracted.days == (("2021-03-04T23:30:00-05:00", "meta article:published_time"),)
    assert extracted.fields["publisher"] == "Example Herald"


def test_an_xml_declaration_does_not_stop_the_parser() -> None:
    assert (
        "Hello"
        in shown('<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Hello there, friend</p></body></html>')[0][
            1
        ]
    )


def test_pages_without_text_have_no_pieces() -> None:
    for page in ("", " ", "<html></html>", "<html><body><script>x()</script></body></html>"):
        assert extract(page).pieces == ()


def test_a_huge_page_is_cut_with_a_warning() -> None:
    many = "".join(f"<p>{number}: {PARAGRAPH.format('Monday')}</p>" for number in range(LARGEST_STRIPPED // 150))
    extracted = extract(f"<html><body><article>{many}</article></body></html>")
    assert extracted.warnings == ("the page is larger than 2 MB without its scripts and was cut",)
    assert len(extracted.pieces) > 1000


def test_inline_pictures_and_scripts_do_not_count_as_size() -> None:
    page = PAGE.replace("track()", "x" * (LARGEST_STRIPPED + 1))
    assert extract(page).warnings == ()
    assert shown(page) == shown(PAGE)


def test_captions_are_no_part_of_the_text_and_are_kept_beside_it() -> None:
    assert extract(PAGE).captions == ("The lighthouse in 2019. (Photo by Joe Doe)", "The pier at dusk")


def page(body: str, head: str = "<title>Lighthouse to rise again</title>") -> str:
    return f"<html lang='en'><head>{head}</head><body><main><article>{body}</article></main></body></html>"


LONG = "".join(f"<p>{PARAGRAPH.format(day)}</p>" for day in ("Monday", "Tuesday", "Wednesday"))


def test_bare_text_behind_an_element_is_kept() -> None:
    bare = PARAGRAPH.format("Friday")
    shown_texts = [text for _, text in shown(page(f"<h1>Lighthouse to rise again</h1>{bare}<br><br>{LONG}"))]
    assert bare in shown_texts


def test_a_caption_inside_a_paragraph_leaves_the_paragraph() -> None:
    pieces = shown(
        page(f"{LONG}<p><span class='caption'>The pier at dusk</span>The ferry sails as ever, it said.</p>{LONG}")
    )
    assert ("paragraph", "The ferry sails as ever, it said.") in pieces
    assert ("caption", "The pier at dusk") in pieces


def test_words_of_neighbouring_blocks_are_parted_in_items_and_cells() -> None:
    items = "<ul><li><h3>The pier</h3><p>Open again.</p></li><li>Lamp<br>room <ul><li>Upper floor</li></ul></li></ul>"
    cells = "<table><tr><td>Stone<br>work</td><td><p>4</p><p>million</p></td></tr></table>"
    texts = [text for _, text in shown(page(LONG + items + LONG + cells))]
    assert "- The pier Open again.\n- Lamp room\n- Upper floor" in texts
    assert "Stone work | 4 million" in texts


def test_a_list_in_a_cell_is_kept() -> None:
    table = "<table><tr><td>Friday</td><td><ul><li>05:30 first boat</li><li>09:00 last boat</li></ul></td></tr></table>"
    assert ("paragraph", "Friday | 05:30 first boat 09:00 last boat") in shown(page(LONG + table))


@pytest.mark.parametrize(
    "markup",
    [
        "<time datetime=''></time>",
        "<time itemprop='datePublished' datetime=''>",
        "<meta itemprop='datePublished' content=''>",
    ],
)
def test_no_empty_attribute_costs_the_article(markup: str) -> None:
    assert extract(page(markup + LONG)).pieces


def test_of_two_articles_the_one_that_the_page_is_named_after_is_taken() -> None:
    other = LONG.replace("lighthouse", "brewery")
    body = f"<h1>Lighthouse to rise again</h1>{LONG}</article><article><h1>Brewery shuts</h1><p>By Jane Roe</p>{other}"
    extracted = extract(page(body))
    assert not any("brewery" in piece.text for piece in extracted.pieces)
    assert "author" not in extracted.fields
    assert extracted.warnings == ("the page holds 2 articles; only “Lighthouse to rise again” was taken",)


def test_a_paywalls_box_is_cut_and_noted() -> None:
    box = "<div class='paywall'><h2>Herald Plus</h2><p>Already a subscriber? Log in and read the rest.</p></div>"
    extracted = extract(page(LONG + box))
    assert extracted.cut_off
    assert not any("subscriber" in piece.text for piece in extracted.pieces)


def test_bare_text_before_and_behind_a_figure_is_parted() -> None:
    texts = [
        text
        for _, text in shown(
            page(f"{LONG}<h2>Money</h2>It costs four million.<figure><img></figure>Nobody paid.{LONG}")
        )
    ]
    assert "It costs four million." in texts
    assert "Nobody paid." in texts


@pytest.mark.parametrize("control", ["\x01", "&#1;", "&#x1f;", "\ufffe", "&#xffff;"])
def test_characters_that_no_page_may_hold_cost_nothing_but_themselves(control: str) -> None:
    one, two, three = (PARAGRAPH.format(day) for day in ("Monday", "Tuesday", "Wednesday"))
    page = f"<body>{control}{one}{control}<p>{control}{two}</p>{control}<p>{three}</p></body>"
    assert [text for _, text in shown(page)] == [one, two, three]
