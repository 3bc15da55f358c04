"""From a draft to the blocks and facts in it, for the kinds that must be taken apart. Run inside the worker."""

from __future__ import annotations

from qa.ingest import html
from qa.ingest.html import Extracted
from qa.ingest.raw import RawArticle, TextFormat


def extract(draft: RawArticle) -> Extracted:
    """Return the article in a page, a PDF or a Word document; raises Unreadable where there is none to be had."""
    match draft.form:
        case TextFormat.PDF:
            from qa.ingest.kinds import pdf

            return pdf.extract(draft.original)
        case TextFormat.DOCX:
            from qa.ingest.kinds import docx

            return docx.extract(draft.original)
    return html.extract(draft.text)
