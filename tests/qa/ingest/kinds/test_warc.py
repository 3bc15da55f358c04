import gzip
from collections.abc import Mapping

import pytest

from qa.ingest.clean import to_article
from qa.ingest.kinds import warc
from qa.ingest.kinds.warc import WaczReader, WarcReader
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from tests.qa.ingest.kinds.build import column, drafts, failure, pdf, read, zipped

TEXT = "The ferry left at seven in the morning, and forty passengers were on board of it."
PAGE = (
    f"<html><head><title>Ferry</title></head><body><article><p>{TEXT}</p><p>{TEXT}</p></article></body></html>".encode()
)
URL = "https://quay.example/ferry"


def record(url: str, body: bytes, status: str, headers: Mapping[str, str]) -> bytes:
    given = {"Content-Type": "text/html; charset=utf-8", **headers}
    http = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in given.items()) + "\r\n"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-03-04T05:06:07Z\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http) + len(body)}\r\n\r\n"
    return head.encode() + http.encode() + body + b"\r\n\r\n"


def archive(*answers: tuple[str, bytes, str, Mapping[str, str]], packed: bool = True) -> bytes:
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 5\r\n\r\na: b\n\r\n\r\n"
    records = [info, *(record(*answer) for answer in answers)]
    return b"".join(gzip.compress(one) if packed else one for one in records)


@pytest.mark.parametrize("packed", [True, False])
def test_the_pages_that_were_answered_well_are_articles_at_their_addresses(packed: bool) -> None:
    data = archive(
        (URL + "#top", PAGE, "200 OK", {}),
        ("https://quay.example/gone", PAGE, "404 Not Found", {}),
        ("https://quay.example/a.css", b"p {}", "200 OK", {"Content-Type": "text/css"}),
        ("https://quay.example/a.pdf", pdf([column(50, 600, [TEXT])]), "200 OK", {"Content-Type": "application/pdf"}),
        packed=packed,
    )
    page, document = drafts(WarcReader(), data, "/x.warc.gz")
    article = to_article(page)
    assert (page.source, article.url, page.original) == (URL, URL + "#top", PAGE)
    assert article.found["url"] == "WARC-Target-URI, fetched 2021-03-04T05:06:07Z"
    assert (document.form, document.source) == (TextFormat.PDF, "https://quay.example/a.pdf")


def test_packed_and_chunked_answers_are_unpacked_and_a_declared_charset_is_honoured() -> None:
    cyrillic = "<html><body><p>Паром ушёл в семь утра.</p>".encode("koi8-r")
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    data = archive(
        (URL + "/1", gzip.compress(PAGE), "200 OK", {"Content-Encoding": "gzip"}),
        (URL + "/2", cyrillic, "200 OK", {"Content-Type": "text/html; charset=koi8-r"}),
        (URL + "/3", chunked, "200 OK", {"Transfer-Encoding": "chunked"}),
    )
    one, two, three = drafts(WarcReader(), data)
    assert (one.original, three.original) == (PAGE, PAGE)
    assert "Паром ушёл" in two.text


def test_bombs_and_unknown_packings_are_failures_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LARGEST", 100_000)
    data = archive(
        (URL + "/1", gzip.compress(bytes(10**6)), "200 OK", {"Content-Encoding": "gzip"}),
        (URL + "/2", PAGE, "200 OK", {"Content-Encoding": "zstd-of-another-world"}),
        (URL + "/3", PAGE, "200 OK", {}),
    )
    bomb, packing, page = read(WarcReader(), data, "/x.warc")
    assert isinstance(bomb, Failure)
    assert "larger" in bomb.reason
    assert isinstance(packing, Failure)
    assert "not known here" in packing.reason
    assert isinstance(page, RawArticle)


def test_damaged_and_empty_archives_say_why() -> None:
    assert failure(WarcReader(), archive()) == "the web archive holds no page"
    assert isinstance(read(WarcReader(), b"no web archive at all, whatever its name says\n" * 9)[0], Failure)
    whole = archive((URL, PAGE, "200 OK", {}), packed=False)
    (cut, *_) = read(WarcReader(), whole[:-50])
    assert isinstance(cut, Failure)
    assert cut.reason == "the web archive breaks off within the page"


def test_an_archive_that_breaks_off_in_what_is_no_page_says_so_too() -> None:
    whole = archive((URL, PAGE, "200 OK", {}), (URL + "/2", PAGE, "404 Not Found", {}), packed=False)
    page, cut = read(WarcReader(), whole[:-50])
    assert isinstance(page, RawArticle)
    assert isinstance(cut, Failure)
    assert cut.reason == "the web archive breaks off after 1 page"
    page, cut = read(WarcReader(), whole[: whole.index(b"WARC-Target-URI", whole.index(b"/2") - 99) + 3])
    assert isinstance(cut, Failure)


def test_a_wacz_is_read_through_the_archives_in_it() -> None:
    data = archive((URL, PAGE, "200 OK", {}))
    (page,) = drafts(WaczReader(), zipped({"archive/data.warc.gz": data, "datapackage.json": "{}"}), "/x.wacz")
    assert page.source == URL
    assert page.place == "/x.wacz!/archive/data.warc.gz#2"
    assert failure(WaczReader(), zipped({"datapackage.json": "{}"})) == "the web archive holds no WARC file"
    assert "damaged" in failure(WaczReader(), b"PK\x03\x04")
