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


def test_the_article_comes_out_in_order_with_captions_headings_lists_and_tables() -> None:
    assert shown(PAGE) == [
        ("caption", "The lighthouse in 2019. (Photo by Joe Doe)"),
        ("paragraph", PARAGRAPH.format("Monday")),
        ("paragraph", PARAGRAPH.format("Tuesday")),
        ("heading", "A long wait"),
        ("paragraph", PARAGRAPH.format("Wednesday")),
        ("paragraph", "- First item of the plan\n- Second item of the plan"),
        ("caption", "The pier at dusk"),
        ("paragraph", "We are very glad, said the keeper."),
        ("paragraph", "Year | Cost\n2021 | 4 million"),
        ("paragraph", "One line and another of the same paragraph."),
    ]


def test_the_facts_come_with_the_way_they_were_found() -> None:
    extracted = extract(PAGE)
    assert extracted.fields["published"] == "2021-03-04T23:30:00-05:00"
    assert extracted.found["published"] == "meta article:published_time"
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
