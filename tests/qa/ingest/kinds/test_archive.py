import io
import zipfile

import pytest

from qa.ingest.kinds import archive
from qa.ingest.raw import ArticleReader, RawArticle, TextFormat
from qa.ingest.readers import readers
from qa.types import Failure
from tests.qa.ingest.kinds.build import column, docx, drafts, epub, failure, pdf, read, zipped

TEXT = "The ferry left at seven in the morning, and forty passengers were on board of it."


@pytest.fixture
def reader() -> ArticleReader:
    return next(reader for reader in readers() if reader.takes("a.zip"))


def test_members_of_every_known_kind_are_read_and_named_by_archive_and_member(reader: ArticleReader) -> None:
    data = zipped(
        {
            "notes/b.txt": TEXT,
            "a.html": f"<html><body><p>{TEXT}",
            "c.pdf": pdf([column(50, 600, [TEXT])]),
            "d.docx": docx([TEXT]),
            "e.jsonl": '{"text": "' + TEXT + '"}',
            "f.eml": f"From: a@b.example\n\n{TEXT}",
            "g.epub": epub({"one.xhtml": f"<p>{TEXT}</p>"}),
            "photo.jpg": b"\xff\xd8",
            "__MACOSX/a.txt": "x",
            ".hidden/a.txt": "x",
        }
    )
    found = drafts(reader, data, "/x.zip")
    names = ["a.html", "c.pdf", "d.docx", "e.jsonl#1", "f.eml", "g.epub#1", "notes/b.txt"]
    assert [draft.source for draft in found] == [f"/x.zip!/{name}" for name in names]
    assert found[1].form is TextFormat.PDF


def test_archives_in_archives_are_read_but_not_for_ever(reader: ArticleReader) -> None:
    data = zipped({"a.txt": TEXT})
    for _ in range(2):
        data = zipped({"in.zip": data})
    assert drafts(reader, data, "/x.zip")[0].source == "/x.zip!/in.zip!/in.zip!/a.txt"
    assert "no file of a known kind" in failure(reader, zipped({"in.zip": data}))


@pytest.mark.parametrize("name", ["../../out.txt", "/etc/out.txt", "a/../../out.txt", "..\\..\\out.txt"])
def test_a_name_that_leads_out_of_the_archive_is_refused(reader: ArticleReader, name: str) -> None:
    bad, good = read(reader, zipped({name: TEXT, "z.txt": TEXT}))
    assert isinstance(bad, Failure)
    assert "out of the archive" in bad.reason
    assert isinstance(good, RawArticle)


def test_bombs_are_stopped_by_what_they_unpack_to(reader: ArticleReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST", 2**21)
    one, other = read(reader, zipped({"a.txt": bytes(2**22), "b.txt": TEXT}))
    assert isinstance(one, Failure)
    assert "unpacks to more than 2 MB" in one.reason
    assert isinstance(other, RawArticle)
    monkeypatch.setattr(archive, "UNPACKED", 2**21)
    inner = zipped({f"{n}.txt": "a" * 2**20 for n in range(4)})
    found = read(reader, zipped({f"{n}.zip": inner for n in range(4)}))
    assert isinstance(found[-1], Failure)
    assert "more than it may" in found[-1].reason
    assert len([one for one in found if isinstance(one, RawArticle)]) <= 2


def test_encrypted_damaged_empty_and_crowded_archives_say_why(
    reader: ArticleReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = zipped({"a.txt": TEXT * 99, "b.txt": TEXT})
    assert failure(reader, whole[:60]) == "the archive is damaged or was cut off"
    assert "no file of a known kind" in failure(reader, zipped({}))
    flipped = bytearray(whole)
    flipped[50] ^= 0xFF
    assert [type(one).__name__ for one in read(reader, bytes(flipped))] == ["Failure", "RawArticle"]
    assert failure(reader, zipped({"a.txt": b""})) == "the file is empty (0 bytes)"
    monkeypatch.setattr(archive, "MOST", 1)
    assert "2 files" in failure(reader, whole)


def test_a_member_with_a_password_is_a_failure_of_its_own(reader: ArticleReader) -> None:
    data = bytearray(zipped({"a.txt": TEXT}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as opened:
        start = opened.start_dir
    data[6] |= 1
    data[start + 8] |= 1
    assert failure(reader, bytes(data)) == "the file is encrypted"


def test_a_bomb_is_told_by_how_tightly_it_is_packed_and_nothing_more_is_unpacked(reader: ArticleReader) -> None:
    bomb = zipped({"0.txt": b"0" * (11 * 2**20), "1.txt": TEXT})
    assert failure(reader, bomb) == "0.txt is packed more than 200 times, as nothing to read is"
