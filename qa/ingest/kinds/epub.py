"""Books (EPUB): a chapter is an article, read as saved pages are."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from qa.ingest import encoding
from qa.ingest.canonical import one_line
from qa.ingest.kinds.packed import DAMAGE, UNPACKED, UnpackBudget, parsed, problem_of
from qa.ingest.raw import RawArticle, TextFormat
from qa.types import Failure
from vectorstore.errors import Unreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 50 * 2**20  # bytes of a chapter
SHORTEST = 60  # letters; a cover or a half-title has fewer
_DC = "{http://purl.org/dc/elements/1.1/}"
_FACTS = {"publisher": "publisher", "author": "creator", "language": "language", "published": "date"}
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # which are veiled, not encrypted


@dataclass(frozen=True, slots=True)
class _Book:
    """A book's title and facts, its chapters as names in the archive, and what its contents call them."""

    title: str
    facts: Mapping[str, str]
    chapters: tuple[str, ...]
    labels: Mapping[str, str]


class EpubReader:
    """Reads books; a chapter's source is that of the book and its number."""

    def takes(self, name: str) -> bool:
        """Tell by a file's name whether this reader reads it."""
        return name.lower().endswith(".epub")

    def read(self, stream: BinaryIO, source: str) -> Iterator[RawArticle | Failure]:
        """Yield the chapters in reading order; covers and the table of contents are left out."""
        count = 0
        try:
            with zipfile.ZipFile(stream) as archive:
                for chapter in _Opened(archive).chapters(source):
                    count += 1
                    yield chapter
        except Unreadable as error:
            yield Failure(source, error.message)
        except DAMAGE as error:
            yield Failure(source, problem_of(error, "book"))
        else:
            if not count:
                yield Failure(source, "the book holds no text (pictures of pages?)")


class _Opened:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._budget = archive, UnpackBudget(UNPACKED)

    def chapters(self, source: str) -> Iterator[RawArticle]:
        book = self._book()
        for number, name in enumerate(book.chapters, 1):
            data = self._bytes(name)
            text = encoding.decode(data, encoding.declared(data)).text
            if sum(map(str.isalpha, re.sub(r"<[^<>]*>", " ", text.partition("<body")[2]))) < SHORTEST:
                continue
            fields = {**book.facts, "title": f"{book.title}: {book.labels.get(name) or _heading(text) or number}"}
            found = {**{field: f"epub {_FACTS[field]}" for field in book.facts}, "title": "epub title and contents"}
            yield RawArticle(f"{source}#{number}", data, text, TextFormat.HTML, fields, found)

    def _book(self) -> _Book:
        self._check_encryption()
        place = _find(self._tree("META-INF/container.xml"), "rootfile").get("full-path", "")
        package = self._tree(place)
        folder = posixpath.dirname(place)
        items = {item.get("id"): item for item in package.iter("{*}item")}
        spine = [item for ref in package.iter("{*}itemref") if (item := items.get(ref.get("idref"))) is not None]
        names = [_joined(folder, item.get("href", "")) for item in spine if _is_chapter(item)]
        texts = {field: one_line(package.findtext(f".//{_DC}{key}") or "") for field, key in _FACTS.items()}
        title = one_line(package.findtext(f".//{_DC}title") or "") or "Untitled"
        facts = {field: value for field, value in texts.items() if value}
        return _Book(title, facts, tuple(names), self._labels(package, folder))

    def _labels(self, package: _Element, folder: str) -> Mapping[str, str]:
        """What the table of contents calls the files: of EPUB 3 (nav) or EPUB 2 (ncx)."""
        labels: dict[str, str] = {}
        for item in package.iter("{*}item"):
            is_nav = "nav" in (item.get("properties") or "").split()
            if not is_nav and item.get("media-type") != "application/x-dtbncx+xml":
                continue
            place = _joined(folder, item.get("href", ""))
            tree = self._tree(place)
            points = [(link.get("href", ""), "".join(link.itertext())) for link in tree.iter("{*}a")]
            points += [
                (_find(point, "content").get("src", ""), point.findtext(".//{*}text") or "")
                for point in tree.iter("{*}navPoint")
            ]
            for href, label in points:
                labels.setdefault(_joined(posixpath.dirname(place), href.partition("#")[0]), one_line(label))
        return labels

    def _check_encryption(self) -> None:
        if "META-INF/encryption.xml" in self._archive.namelist():
            methods = {
                one.get("Algorithm") for one in self._tree("META-INF/encryption.xml").iter("{*}EncryptionMethod")
            }
            if methods - set(_FONTS):
                raise Unreadable("the book is encrypted (DRM)")

    def _tree(self, name: str) -> _Element:
        tree = parsed(self._bytes(name))
        if tree is None:
            raise Unreadable(f"the book is damaged: {name} is no XML")
        return tree

    def _bytes(self, name: str) -> bytes:
        into = io.BytesIO()
        self._budget.unpack(self._archive, self._archive.getinfo(name), into, LARGEST)
        return into.getvalue()


def _find(tree: _Element, name: str) -> _Element:
    found = tree.find(f".//{{*}}{name}")
    if found is None:
        raise Unreadable(f"the book is damaged: it names no {name}")
    return found


def _is_chapter(item: _Element) -> bool:
    is_page = item.get("media-type") in {"application/xhtml+xml", "text/html"}
    return is_page and "nav" not in (item.get("properties") or "").split()


def _joined(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _heading(text: str) -> str:
    match = re.search(r"<h[1-3][^<>]*>(.{1,500}?)</h[1-3]>", text, re.S)
    return one_line(re.sub(r"<[^<>]*>", " ", match[1])) if match else ""
