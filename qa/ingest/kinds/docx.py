"""Word documents: mammoth makes a page of them, which is read as saved pages are."""

from __future__ import annotations

import html as markup
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

from qa.ingest import html
from qa.ingest.canonical import one_line
from qa.ingest.html import Extracted
from qa.ingest.kinds.document import library
from qa.ingest.kinds.packed import DAMAGE, UNPACKED, parsed, problem_of
from vectorstore.errors import Unreadable

_PROPERTIES = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "language": "{http://purl.org/dc/elements/1.1/}language",
}


def extract(data: bytes) -> Extracted:
    """Return the article in a document; raises Unreadable where it is damaged, too large or empty."""
    mammoth = library("mammoth", "Word")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as document:
            _check(document)
            stated = _properties(document)
        # pictures would come along as text, a third longer than they are
        body = mammoth.convert_to_html(io.BytesIO(data), convert_image=mammoth.images.img_element(lambda _: {})).value
    except DAMAGE as error:
        raise Unreadable(problem_of(error, "document")) from None
    if not body.strip():
        raise Unreadable("the document holds no text")
    page = f"<html><head><title>{markup.escape(stated.get('title', ''))}</title></head><body><article>{body}</article>"
    found = html.extract(page)
    ways = {name: f"docx {_PROPERTIES[name].rpartition('}')[2]}" for name in stated}
    return replace(found, fields={**found.fields, **stated}, found={**found.found, **ways})


def _check(document: zipfile.ZipFile) -> None:
    names = document.namelist()
    if "word/document.xml" not in names:
        raise Unreadable("the file is no Word document, whatever its name says")
    if sum(member.file_size for member in document.infolist()) > UNPACKED:
        raise Unreadable(f"the document unpacks to more than {UNPACKED // 2**20} MB")


def _properties(document: zipfile.ZipFile) -> Mapping[str, str]:
    """What the document says of itself; when it was made or saved is no day of an article."""
    if "docProps/core.xml" not in document.namelist():
        return {}
    tree = parsed(document.read("docProps/core.xml"))
    stated = {name: one_line(tree.findtext(key) or "") for name, key in _PROPERTIES.items()} if tree is not None else {}
    return {name: value for name, value in stated.items() if value}
