import pytest

from qa.ingest.fields import take


def test_the_usual_names_are_known_however_they_are_spelled() -> None:
    row = {
        "Headline": "A title",
        "link": "https://example.org/a",
        "Body": "Text.",
        "site_name": "Herald",
        "publishDate": "2021/03/04",
        "authors": ["Jane Roe", {"name": "Joe Doe"}],
        "LANG": "en",
        "categories": ["Coast", "Storms"],
    }
    assert {name: value for name, (value, _) in take(row, "json").items()} == {
        "title": "A title",
        "url": "https://example.org/a",
        "text": "Text.",
        "publisher": "Herald",
        "published": "2021/03/04",
        "author": "Jane Roe, Joe Doe",
        "language": "en",
        "section": "Coast, Storms",
    }


def test_each_field_says_where_it_was_found() -> None:
    assert take({"Headline": "A title"}, "json")["title"] == ("A title", "json Headline")


def test_a_configured_key_wins_over_the_usual_ones_and_gives_way_where_a_row_lacks_it() -> None:
    mapping = {"text": "story"}
    assert take({"text": "abstract", "story": "all of it"}, "json", mapping)["text"][0] == "all of it"
    assert take({"text": "abstract"}, "json", mapping)["text"][0] == "abstract"


def test_an_empty_value_gives_way_to_the_next_synonym() -> None:
    assert take({"title": " ", "headline": "A title"}, "json")["title"][0] == "A title"


def test_paragraphs_in_a_list_become_paragraphs_of_text() -> None:
    assert take({"text": ["One.", "Two."]}, "json")["text"][0] == "One.\n\nTwo."


def test_numbers_are_spelled_out() -> None:
    assert take({"date": 1614850000}, "json")["published"][0] == "1614850000"


@pytest.mark.parametrize("value", [None, True, "null", "N/A", "", {"id": 3}, "x" * 3000])
def test_what_states_nothing_is_not_taken(value: object) -> None:
    assert take({"author": value}, "json") == {}


def test_lists_are_joined_at_any_depth() -> None:
    nested: object = "One."
    for _ in range(5_000):
        nested = [nested]
    assert take({"text": [nested, ["Two.", {"name": ["Three."]}]]}, "json")["text"][0] == "One.\n\nTwo.\n\nThree."


def test_a_list_that_holds_itself_states_nothing() -> None:
    endless: list[object] = ["Jane Roe"]
    endless += [endless, endless]
    assert take({"author": endless}, "front matter") == {}


def test_a_link_in_the_publishers_place_is_no_publisher_and_a_host_loses_its_www() -> None:
    assert "publisher" not in take({"source": "https://example.org/feed"}, "json")
    assert take({"source": "www.example.org"}, "json")["publisher"][0] == "example.org"


def test_titles_are_one_clean_line() -> None:
    assert take({"title": "Bread &amp;\n\u202ebutter\x1b[31m\ud800"}, "json")["title"][0] == "Bread & butter[31m\ufffd"


def test_a_web_clippers_source_is_an_address_and_its_links_are_words() -> None:
    front = {
        "source": "https://herald.example/tug",
        "author": ["[[Jane Roe]]", "[[people/joe|Joe Doe]]"],
        "created": "2025-12-23",
    }
    taken = {name: value for name, (value, _) in take(front, "front matter").items()}
    assert taken == {"url": "https://herald.example/tug", "author": "Jane Roe, Joe Doe"}
    assert take({"source": "Herald"}, "json") == {"publisher": ("Herald", "json source")}


@pytest.mark.parametrize("hostile", ["[[" * 50_000, "[a" * 50_000, "[a](http://b " * 20_000, "[[a|" * 40_000])
@pytest.mark.timeout(20)
def test_a_fact_that_looks_like_links_without_end_is_none(hostile: str) -> None:
    assert take({"title": hostile}, "json") == {}
