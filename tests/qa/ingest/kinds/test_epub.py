import pytest

from qa.ingest.clean import to_article
from qa.ingest.kinds.archive import ZipReader
from qa.ingest.kinds.docx import extract
from qa.ingest.kinds.epub import EpubReader
from qa.ingest.kinds.warc import WaczReader
from qa.ingest.raw import ArticleReader
from qa.ingest.readers import readers
from tests.qa.ingest.kinds.build import docx, drafts, epub, failure, zipped
from vectorstore.errors import Unreadable

FERRY = "The ferry left at seven in the morning, and forty passengers were on board of it."
BAKER = "The baker had opened early, because the ferry brings him half his trade in winter."
CHAPTERS = {
    "cover.xhtml": "<p>Harbour Tales</p>",
    "one.xhtml": f"<h1>Chapter one</h1><p>{FERRY}</p><p>{BAKER}</p>",
    "two.xhtml": f"<h2>Of <i>bakers</i></h2><p>{BAKER}</p><p>{FERRY}</p>",
}
SEALED = '<encryption><EncryptionMethod Algorithm="{}"/></encryption>'


def test_a_chapter_is_an_article_with_the_book_s_facts() -> None:
    first, second = drafts(EpubReader(), epub(CHAPTERS, {"one.xhtml": "The ferry"}), "/b.epub")
    assert (first.source, second.source) == ("/b.epub#2", "/b.epub#3")
    article = to_article(first)
    assert (article.title, article.publisher, article.author) == ("Harbour Tales: The ferry", "Quay Press", "Jane Roe")
    assert (article.published, article.language) == ("2020-05-06", "en")
    assert FERRY in article.text
    assert second.fields["title"] == "Harbour Tales: Of bakers"


def test_a_book_with_veiled_fonts_is_read_and_an_encrypted_one_is_named() -> None:
    fonts = epub(CHAPTERS, **{"META-INF__encryption_xml": SEALED.format("http://www.idpf.org/2008/embedding")})
    assert len(drafts(EpubReader(), fonts)) == 2
    sealed = epub(
        CHAPTERS, **{"META-INF__encryption_xml": SEALED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    )
    assert failure(EpubReader(), sealed) == "the book is encrypted (DRM)"


def test_what_cannot_be_read_says_why() -> None:
    whole = epub(CHAPTERS)
    assert "damaged" in failure(EpubReader(), whole[: len(whole) // 2])
    assert "damaged" in failure(EpubReader(), zipped({"a.txt": "x"}))
    assert "damaged" in failure(EpubReader(), zipped({"META-INF/container.xml": "<container/>"}))
    assert "no text" in failure(EpubReader(), epub({"cover.xhtml": "<img src='a.png'/>"}))


def test_entities_of_a_book_are_not_opened() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><container>&a;&b;</container>'
    assert "damaged" in failure(EpubReader(), zipped({"META-INF/container.xml": bomb}))


@pytest.mark.parametrize(
    ("reader", "name"),
    [(EpubReader(), "META-INF/container.xml"), (WaczReader(), "a.warc"), (ZipReader(readers()), "a.txt")],
)
def test_bytes_that_do_not_unpack_and_places_that_are_none_are_damage(reader: ArticleReader, name: str) -> None:
    whole = zipped({name: "x" * 500})
    at = whole.index(name.encode()) + len(name)
    assert "damaged" in failure(reader, whole[:at] + b"\xff\xfe\x07" + whole[at + 3 :])
    place = whole.rindex(b"PK\x05\x06") + 16  # where the end says that the list of members begins
    assert "damaged" in failure(reader, whole[:place] + b"\xff\x07" + whole[place + 2 :])


def test_a_word_document_whose_bytes_do_not_unpack_is_damaged() -> None:
    whole = docx(["It rained on Monday."])
    at = whole.index(b"word/document.xml") + len(b"word/document.xml")
    with pytest.raises(Unreadable, match="damaged"):
        extract(whole[:at] + b"\xff\xfe\x07" + whole[at + 3 :])
