import io
from pathlib import Path

import pytest

from qa.ingest.mhtml import MhtmlReader, looks_like_mhtml
from qa.ingest.raw import RawArticle, TextFormat
from qa.ingest.read import takes
from qa.ingest.readers import readers
from qa.types import Failure

HEAD = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://herald.example/light\r\nSubject: Light\r\n"
    b"Date: Mon, 1 Jul 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    b'\ttype="text/html";\r\n\tboundary="----B1"\r\n\r\n'
)
FRAME = b"------B1\r\nContent-Type: text/css\r\n\r\np {}\r\n"
PAGE = (
    b"------B1\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"Content-Location: https://herald.example/light\r\n\r\n<html><body><p>The caf=E9 by the light"
    b" is open.</p></body></html>\r\n"
)


def read(data: bytes) -> RawArticle | Failure:
    return next(MhtmlReader().read(io.BytesIO(data), "light.mhtml"))


def test_the_page_is_read_with_its_address_and_the_day_it_was_saved() -> None:
    draft = read(HEAD + FRAME + PAGE + b"------B1--\r\n")
    assert isinstance(draft, RawArticle)
    assert draft.form is TextFormat.HTML
    assert "The café by the light is open." in draft.text
    assert draft.fields == {"url": "https://herald.example/light", "saved": "Mon, 01 Jul 2024 10:00:00 -0000"}


def test_a_file_without_a_page_is_a_failure() -> None:
    for data in (HEAD + FRAME + b"------B1--", b"", b"\x00\xff"):
        assert read(data) == Failure("light.mhtml", "no HTML page is in the MHTML file")


def test_mhtml_is_known_by_its_ending_and_its_beginning() -> None:
    assert takes(Path("a.MHT"), readers())
    assert looks_like_mhtml(HEAD)
    assert not looks_like_mhtml(b"From: the coast\n\nIt rained.")


@pytest.mark.parametrize("day", [b"Mon, 1 Jul 99999999999 10:00:00", b"1 Jul 2024 10:00 +9999999999999999", b"\xff"])
def test_a_header_that_no_parser_takes_costs_no_page(day: bytes) -> None:
    draft = read(HEAD.replace(b"Mon, 1 Jul 2024 10:00:00 -0000", day) + FRAME + PAGE + b"------B1--\r\n")
    assert isinstance(draft, RawArticle)
    assert draft.fields["url"] == "https://herald.example/light"


@pytest.mark.timeout(20)
def test_a_header_without_end_costs_no_page_and_no_time() -> None:
    draft = read(HEAD.replace(b"----B1", b"----B1" + b";a=b/" * 100_000) + FRAME + PAGE + b"------B1--\r\n")
    assert isinstance(draft, Failure)
    draft = read(
        HEAD.replace(b"Subject: Light", b"Content-ID: " + b"a.b@[ " * 100_000) + FRAME + PAGE + b"------B1--\r\n"
    )
    assert isinstance(draft, RawArticle)
