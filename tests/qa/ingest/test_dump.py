import gzip
import io
import json

from qa.ingest.dump import JsonlReader, looks_like_rows
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure

ROW = {"url": "https://example.org/a", "title": "A title", "text": "Some text.", "publish_date": "2021/03/04"}


def read(data: bytes, mapping: dict[str, str] | None = None) -> list[RawArticle | Failure]:
    return list(JsonlReader(mapping).read(io.BytesIO(data), "/d.jsonl"))


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_dumps_are_known_by_their_endings() -> None:
    names = ("a.jsonl", "a.NDJSON", "a.jsonl.gz", "a.ndjson.gz", "a.json", "a.gz", "jsonl")
    assert [JsonlReader().takes(name) for name in names] == [True, True, True, True, False, False, False]


def test_a_row_becomes_a_draft_that_keeps_its_bytes() -> None:
    (draft,) = read(lines(ROW))
    assert isinstance(draft, RawArticle)
    assert (draft.source, draft.form, draft.text) == ("https://example.org/a", TextFormat.RECORD, "Some text.")
    assert draft.original == json.dumps(ROW).encode()
    assert draft.fields["published"] == "2021/03/04"
    assert draft.found["published"] == "json publish_date"


def test_a_row_without_url_is_named_by_its_line_blank_lines_counted() -> None:
    drafts = read(lines({"text": "One."}) + b"\n  \n" + lines({"text": "Two."}))
    assert [draft.source for draft in drafts] == ["/d.jsonl#1", "/d.jsonl#4"]


def test_broken_rows_are_failures_that_name_their_line_and_the_rest_goes_on() -> None:
    data = b'{"text": "cut of\n' + lines([1], {"title": "no text"}, {"text": " "}) + b"[" * 100_000 + b"\n" + lines(ROW)
    *failed, draft = read(data)
    assert [failure.source for failure in failed] == [f"/d.jsonl#{n}" for n in range(1, 6)]
    assert all(isinstance(failure, Failure) for failure in failed)
    assert "not a JSON object" in failed[0].reason  # type: ignore[union-attr]
    assert failed[2].reason == "the row has no text"  # type: ignore[union-attr]
    assert isinstance(draft, RawArticle)


def test_the_mapping_says_where_a_dump_keeps_things() -> None:
    (draft,) = read(lines({"id": "u:1", "story": "Told.", "text": "no"}), {"url": "id", "text": "story"})
    assert isinstance(draft, RawArticle)
    assert (draft.source, draft.text) == ("u:1", "Told.")


def test_compressed_rows_are_read_whatever_the_name_says() -> None:
    (draft,) = read(gzip.compress(lines(ROW)))
    assert isinstance(draft, RawArticle)


def test_a_cut_archive_gives_its_rows_and_then_a_failure() -> None:
    rows = lines(*({**ROW, "url": f"https://example.org/{n}", "text": f"{n * 7919} text"} for n in range(2000)))
    packed = gzip.compress(rows)
    *drafts, failure = read(packed[: len(packed) // 2])
    assert len(drafts) > 100
    assert all(isinstance(draft, RawArticle) for draft in drafts)
    assert isinstance(failure, Failure)
    assert f"damaged after {len(drafts)} rows" in failure.reason


def test_a_flipped_byte_in_an_archive_ends_with_a_failure() -> None:
    packed = bytearray(gzip.compress(lines(*[ROW] * 500)))
    packed[len(packed) // 2] ^= 0xFF
    assert isinstance(read(bytes(packed))[-1], Failure)


def test_a_dump_without_rows_is_a_failure() -> None:
    assert read(b"\n\n") == [Failure("/d.jsonl", "the dump holds no rows")]
    assert read(gzip.compress(b"")) == [Failure("/d.jsonl", "the dump holds no rows")]


def test_rows_are_read_one_by_one() -> None:
    stream = io.BytesIO(lines(*[ROW] * 1000))
    next(iter(JsonlReader().read(stream, "/d.jsonl")))
    assert stream.tell() < len(lines(ROW)) * 2


def test_html_in_a_text_field_becomes_paragraphs() -> None:
    (draft,) = read(lines({"text": "<p>One &amp; <b>two</b>.</p><p>Three.</p><script>x()</script>"}))
    assert isinstance(draft, RawArticle)
    assert draft.text.split() == ["One", "&", "two.", "Three."]
    assert "two.\n\n" in draft.text


def test_a_less_than_sign_is_not_html() -> None:
    (draft,) = read(lines({"text": "For a < b and c > d, see <the table>."}))
    assert isinstance(draft, RawArticle)
    assert draft.text == "For a < b and c > d, see <the table>."


def test_rows_are_told_from_text() -> None:
    assert looks_like_rows('{"text": "x"}\n{"te')
    assert not looks_like_rows("{curly} beginnings of a text")
    assert not looks_like_rows("[1, 2]")
