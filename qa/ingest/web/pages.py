"""What was fetched, to drafts: a page with its address and the time of fetching, or what else stood there."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.ingest import encoding
from qa.ingest.kinds.beginnings import ending_of
from qa.ingest.raw import ArticleReader, RawArticle, TextFormat
from qa.ingest.web.fetched import Fetched, Missed
from qa.ingest.web.walls import wall
from qa.types import Failure

_PAGES = {"text/html", "application/xhtml+xml"}
_ENDINGS = {"text/plain": ".txt", "text/markdown": ".md", "application/x-ndjson": ".jsonl", "message/rfc822": ".eml"}


def drafts_of(page: Fetched | Missed, known: Sequence[ArticleReader]) -> Iterator[RawArticle | Failure]:
    """Yield the articles at an address: the page, or those in a file that `known` readers read."""
    if isinstance(page, Missed):
        yield Failure(page.address, page.reason)
        return
    kind = page.kind.partition(";")[0].strip().lower()
    ending = ending_of(page.data[:4096]) or _ENDINGS.get(kind, "")
    reader = next((reader for reader in known if ending and reader.takes(ending)), None)
    if reader is not None:
        yield from (_marked(draft, page) for draft in reader.read(io.BytesIO(page.data), page.address))
    elif kind in _PAGES or (not kind and not encoding.is_binary(page.data)):
        yield _page(page)
    else:
        yield Failure(page.address, f"there is no article at the address, but {kind or 'something unknown'}")


def _page(page: Fetched) -> RawArticle | Failure:
    charset = encoding.charset_of(page.kind) or encoding.declared(page.data)
    text = encoding.decode(page.data, charset).text
    if reason := wall(text, page.found_at):
        return Failure(page.address, reason)
    return _marked(RawArticle(page.address, page.data, text, TextFormat.HTML), page)


def _marked(draft: RawArticle | Failure, page: Fetched) -> RawArticle | Failure:
    """State where a draft was found, and when it was fetched."""
    if isinstance(draft, Failure):
        return draft
    fields = {"url": page.found_at, **draft.fields}
    found = {"url": f"fetched {page.time}", **draft.found}
    if page.published and "published" not in fields:
        fields, found = {**fields, "published": page.published}, {**found, "published": "feed published"}
    return replace(draft, fields=fields, found=found)
