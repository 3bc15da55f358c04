import gzip
import hashlib
import io
import os
from pathlib import Path

import pytest

from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.read import read_file, read_stdin, takes
from qa.ingest.readers import readers
from qa.types import Failure
from tests.qa.ingest.kinds.build import docx, epub, pdf, zipped

KNOWN = readers()


def read(path: Path, data: bytes) -> list[RawArticle | Failure]:
    path.write_bytes(data)
    return list(read_file(path, KNOWN))


def draft(path: Path, data: bytes) -> RawArticle:
    (only,) = read(path, data)
    assert isinstance(only, RawArticle)
    return only


def failure(path: Path, data: bytes) -> Failure:
    (only,) = read(path, data)
    assert isinstance(only, Failure)
    return only


def piped(data: bytes) -> list[RawArticle | Failure]:
    return list(read_stdin(io.BytesIO(data), KNOWN))


def test_kinds_are_known_by_their_endings() -> None:
    names = ("a.txt", "a.TEXT", "a.md", "a.markdown", "a.html", "a.HTM", "a.xhtml", "a.jsonl.gz")
    names += (
        "a.pdf",
        "a.DOCX",
        "a.epub",
        "a.eml",
        "a.mbox",
        "a.warc",
        "a.warc.gz",
        "a.wacz",
        "a.zip",
        "a.rss",
        "a.atom",
    )
    assert all(takes(Path(name), KNOWN) for name in names)
    assert not any(takes(Path(name), KNOWN) for name in ("a.doc", "a.jpg", "README", "a.json"))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", TextFormat.PAGE),
        ("a.md", TextFormat.MARKDOWN),
        ("a.html", TextFormat.HTML),
        ("a.log", TextFormat.PAGE),
    ],
)
def test_a_file_is_one_draft_of_its_kind_with_its_bytes(tmp_path: Path, name: str, form: TextFormat) -> None:
    data = "Zürich – a text.\r\n".encode()
    only = draft(tmp_path / name, data)
    assert (only.source, only.original, only.form) == (str(tmp_path / name), data, form)
    assert only.text.rstrip() == "Zürich – a text."


def test_html_under_another_name_is_recognised(tmp_path: Path) -> None:
    assert draft(tmp_path / "a.txt", b"<!-- saved --><!DOCTYPE html><html><body>x").form is TextFormat.HTML
    assert draft(tmp_path / "b.txt", b"<p> is how a paragraph begins.").form is TextFormat.PAGE


def test_the_charset_of_a_page_is_honoured(tmp_path: Path) -> None:
    page = '<html><head><meta charset="koi8-r"></head><body>Старый маяк</body>'
    assert "Старый маяк" in draft(tmp_path / "a.html", page.encode("koi8-r")).text


def test_front_matter_becomes_fields(tmp_path: Path) -> None:
    data = (
        b"---\ntitle: 'A title: with colon'\ndate: 2021-03-04\nauthor: [Jane Roe, Joe Doe]\nodd: {a: b}\n---\nBody.\n"
    )
    for name in ("a.md", "a.txt"):
        only = draft(tmp_path / name, data)
        assert only.text == "Body.\n"
        assert only.fields == {"title": "A title: with colon", "published": "2021-03-04", "author": "Jane Roe, Joe Doe"}
        assert only.found["published"] == "front matter date"
        assert only.original == data


def test_a_day_that_does_not_exist_is_left_to_who_reads_days(tmp_path: Path) -> None:
    only = draft(tmp_path / "a.md", b"---\ntitle: Fine\npublished: 2024-02-30\nauthor: ~\n---\nBody.\n")
    assert only.text == "Body.\n"
    assert only.fields == {"title": "Fine", "published": "2024-02-30"}
    assert only.warnings == ()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("title: A title: with colon\npublisher:\t'Herald' ", {"title": "A title: with colon", "publisher": "Herald"}),
        ("title: [unclosed\n\n# a remark", {"title": "[unclosed"}),
        ("a: &x [*x\n\t- bad", {}),
        ('odd: "\\UFFFFFFFF"', {}),
    ],
)
def test_broken_front_matter_is_read_line_by_line_with_a_warning(
    tmp_path: Path, block: str, expected: dict[str, str]
) -> None:
    only = draft(tmp_path / "a.md", f"---\n{block}\n---\nBody.\n".encode())
    assert only.text == "Body.\n"
    assert only.fields == expected
    assert str(tmp_path / "a.md") in only.warnings[0]


@pytest.mark.parametrize("block", ["\t- bad", "title: [unclosed\n\nIt rained.", "a: b\n" * 9 + "a" * 50_000])
def test_broken_front_matter_with_lines_that_can_only_be_text_stays_text(tmp_path: Path, block: str) -> None:
    only = draft(tmp_path / "a.md", f"---\n{block}\n---\nBody.\n".encode())
    assert block in only.text
    assert only.fields == {}
    assert str(tmp_path / "a.md") in only.warnings[0]


def test_a_rule_at_the_top_is_not_front_matter(tmp_path: Path) -> None:
    assert draft(tmp_path / "a.md", b"---\nA line.\n---\nBody.\n").text.startswith("---\nA line.")


def test_an_alias_bomb_in_front_matter_is_harmless(tmp_path: Path) -> None:
    levels = "\n".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    only = draft(tmp_path / "a.md", f"---\na: &a [lol]\n{levels}\ntitle: Fine\nauthor: *i\n---\nBody.\n".encode())
    assert only.fields == {"title": "Fine"}


def test_replaced_bytes_are_a_warning_that_names_the_file(tmp_path: Path) -> None:
    only = draft(tmp_path / "a.txt", "Zürich, Köln".encode() + b"\xff" + " und Überall".encode())
    assert "\ufffd" in only.text
    assert str(tmp_path / "a.txt") in only.warnings[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b" \n\t\r\n", "the file is empty (only white space)"),
        ("\u2003\n".encode(), "the file is empty (only white space)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "the file is binary, not text"),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.bin"])
def test_a_file_without_text_is_a_failure_that_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    assert failure(tmp_path / name, data) == Failure(str(tmp_path / name), reason)


def test_an_empty_dump_is_a_failure(tmp_path: Path) -> None:
    assert failure(tmp_path / "a.jsonl", b"").reason == "the file is empty (0 bytes)"
    assert failure(tmp_path / "a.jsonl.gz", gzip.compress(b"")).reason == "the dump holds no rows"


def test_a_file_that_is_gone_is_a_failure(tmp_path: Path) -> None:
    assert list(read_file(tmp_path / "gone.txt", KNOWN)) == [
        Failure(str(tmp_path / "gone.txt"), "no such file or directory")
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_file_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    assert list(read_file(tmp_path / "a.txt", KNOWN)) == [Failure(str(tmp_path / "a.txt"), "permission denied")]


def test_an_oversized_file_is_a_failure_that_names_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.ingest.read.LARGEST", 10)
    assert "as a dump (.jsonl)" in failure(tmp_path / "a.txt", b"eleven bytes").reason


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"Just a text.", TextFormat.PAGE),
        (b"\n<html><body><p>x</p></body></html>", TextFormat.HTML),
        (b'{"text": "A row.", "url": "https://example.org/a"}\n', TextFormat.RECORD),
        (gzip.compress(b'{"text": "A row."}\n', mtime=0), TextFormat.RECORD),
        (b"---\ntitle: T\n---\nBody.", TextFormat.PAGE),
    ],
)
def test_standard_input_is_told_by_its_beginning(data: bytes, form: TextFormat) -> None:
    (only,) = piped(data)
    assert isinstance(only, RawArticle)
    assert only.form is form


def test_kinds_are_told_by_their_beginning_where_the_name_does_not_tell(tmp_path: Path) -> None:
    text = "The ferry left at seven in the morning, and forty passengers were on board of it."
    feed = f"<rss version='2.0'><channel><item><description>{text}</description></item></channel></rss>"
    assert draft(tmp_path / "report", pdf([[]])).form is TextFormat.PDF
    assert draft(tmp_path / "report.bin", docx([text])).form is TextFormat.DOCX
    assert draft(tmp_path / "book", epub({"one.xhtml": f"<p>{text}</p>"})).source.endswith("book#1")
    assert draft(tmp_path / "packed", zipped({"a.txt": text})).source.endswith("packed!/a.txt")
    assert draft(tmp_path / "feed.xml", feed.encode()).text == text
    (only,) = piped(pdf([[]]))
    assert isinstance(only, RawArticle)
    assert only.form is TextFormat.PDF


def test_standard_input_is_named_by_its_bytes() -> None:
    (text,) = piped(b"Just a text.")
    (row,) = piped(b'{"text": "A row."}\n')
    assert text.source == "stdin:" + hashlib.sha256(b"Just a text.").hexdigest()[:12]
    assert row.source.startswith("stdin:")
    assert row.source.endswith("#1")


def test_empty_and_binary_input_are_failures() -> None:
    assert piped(b" \n") == [Failure("stdin", "standard input is empty")]
    (only,) = piped(b"\x89PNG\x00")
    assert isinstance(only, Failure)
