"""Files of each kind, made by hand, so that a test knows all that is in them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.ingest.raw import ArticleReader, RawArticle
from qa.types import Failure


@dataclass(frozen=True, slots=True)
class Words:
    """Text at a place of a page (points from its lower left), in Helvetica of a size."""

    x: float
    y: float
    text: str
    size: float = 10


def column(x: float, y: float, lines: Sequence[str], size: float = 10, step: float = 12) -> list[Words]:
    """Lines one below the other."""
    return [Words(x, y - step * at, line, size) for at, line in enumerate(lines)]


def pdf(pages: Sequence[Sequence[Words]], info: Mapping[str, str] | None = None, trailer: str = "") -> bytes:
    """A PDF whose pages show these words."""
    drawn = ["".join(f"BT /F1 {w.size} Tf {w.x} {w.y} Td ({_escaped(w.text)}) Tj ET\n" for w in page) for page in pages]
    return _pdf([page.encode("cp1252") for page in drawn], info or {}, trailer)


def scan() -> bytes:
    """A PDF with a picture on its one page."""
    picture = b"q 400 0 0 400 50 50 cm BI /W 2 /H 2 /CS /G /BPC 8 ID \x00\xff\xff\x00 EI Q"
    return _pdf([picture], {}, "")


def _pdf(contents: Sequence[bytes], info: Mapping[str, str], trailer: str) -> bytes:
    first = 5  # objects before those of the pages
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ("<< " + " ".join(f"/{key} ({_escaped(value)})" for key, value in info.items()) + " >>").encode("cp1252"),
    ]
    for at, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {first + 2 * at + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        packed = zlib.compress(content)
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {trailer} >>\nstartxref\n{start}\n%%EOF".encode()
    )
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = """<cp:coreProperties xmlns:cp="{package}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>
<dcterms:created>2019-01-01T00:00:00Z</dcterms:created></cp:coreProperties>"""


def docx(paragraphs: Sequence[str], title: str = "", author: str = "", heading: str = "") -> bytes:
    """A Word document of these paragraphs, below a heading if there is one."""
    styled = f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{heading}</w:t></w:r></w:p>' if heading else ""
    body = styled + "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    content_types = f"""<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
    relations = f"""<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1"
Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""
    return zipped(
        {
            "[Content_Types].xml": content_types,
            "_rels/.rels": relations,
            "docProps/core.xml": _CORE.format(package=_PACKAGE, title=title, author=author),
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        }
    )


_CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


def epub(chapters: Mapping[str, str], labels: Mapping[str, str] | None = None, **more: str | bytes) -> bytes:
    """A book of these chapters (file → body); `labels` are what its contents call them, `more` other files."""
    items = "".join(
        f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    package = f"""<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Harbour Tales</dc:title><dc:creator>Jane Roe</dc:creator>
<dc:publisher>Quay Press</dc:publisher><dc:language>en</dc:language><dc:date>2020-05-06</dc:date></metadata><manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{items}</manifest>
<spine><itemref idref="nav"/>{spine}</spine></package>"""
    links = "".join(f'<li><a href="{name}#top">{label}</a></li>' for name, label in (labels or {}).items())
    html = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Harbour Tales</title></head><body>'
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "OEBPS/content.opf": package,
            "OEBPS/nav.xhtml": f"{html}<nav><ol>{links}</ol></nav></body></html>",
            **{f"OEBPS/{name}": f"{html}{body}</body></html>" for name, body in chapters.items()},
            **{name.replace("__", "/").replace("_", "."): data for name, data in more.items()},
        }
    )


def read(reader: ArticleReader, data: bytes, source: str = "/a") -> list[RawArticle | Failure]:
    """What a reader makes of a file."""
    return list(reader.read(io.BytesIO(data), source))


def drafts(reader: ArticleReader, data: bytes, source: str = "/a") -> list[RawArticle]:
    """What a reader makes of a file in which all is right."""
    found = read(reader, data, source)
    assert all(isinstance(one, RawArticle) for one in found), found
    return [one for one in found if isinstance(one, RawArticle)]


def failure(reader: ArticleReader, data: bytes) -> str:
    """Why a reader makes nothing of a file."""
    (only,) = read(reader, data)
    assert isinstance(only, Failure)
    return only.reason
