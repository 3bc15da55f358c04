import sys

import pytest

from qa.ingest.clean import to_article
from qa.ingest.kinds import docx as reader
from qa.ingest.kinds.document import DOCX
from qa.ingest.kinds.docx import extract
from tests.qa.ingest.kinds.build import docx, drafts, failure, zipped
from vectorstore.errors import Unreadable

BODY = [
    "The ferry left at seven in the morning, and forty passengers were on board of it.",
    "Its captain said that he had never seen so many on a winter Monday before the storm.",
]


def reason_of(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        extract(data)
    return caught.value.message


def test_a_document_is_an_article_with_its_properties_but_no_day_of_saving() -> None:
    data = docx(BODY, title="Ferry news", author="Jane Roe", heading="Ferry is full")
    (draft,) = drafts(DOCX, data, "/a.docx")
    article = to_article(draft)
    assert (article.title, article.author, article.published) == ("Ferry news", "Jane Roe", None)
    assert article.found["title"] == "docx title"
    assert all(paragraph in article.text for paragraph in BODY)


def test_without_a_stated_title_the_heading_is_it() -> None:
    assert extract(docx(BODY, heading="Ferry is full")).fields["title"] == "Ferry is full"


def test_what_cannot_be_read_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = docx(BODY)
    assert "damaged" in reason_of(whole[: len(whole) // 2])
    assert "no Word document" in reason_of(zipped({"a.txt": "x"}))
    assert reason_of(docx([])) == "the document holds no text"
    assert "encrypted" in failure(DOCX, b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "damaged" in failure(DOCX, b"plain")
    monkeypatch.setattr(reader, "UNPACKED", 100)
    assert "unpacks to more" in reason_of(whole)


def test_without_the_library_the_way_to_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mammoth", None)
    assert 'pip install "footnote-qa[documents]"' in reason_of(docx(BODY))
