"""Saved pages as they are read, beside trafilatura and htmldate: body, title, author and day.

    python -m benchmarks.pages [PAGES.jsonl.gz] [--faults] [--json]

A page has an id, its bytes (`html`, base64), and what is known to be right of `body`, `title`, `author` and `date`.
Precision and recall of the body are over sequences of four words, a mean over the pages.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.tables import Row, show
from qa.ingest.clean import to_article
from qa.ingest.raw import RawArticle
from qa.ingest.read import HtmlReader
from vectorstore.errors import Unreadable

Page = dict[str, Any]
Reading = dict[str, str | None]
FACTS = ("title", "author", "date")
GRAM = 4  # words


def ours(page: Page) -> Reading:
    """Return what this program reads of a page."""
    (draft,) = HtmlReader().read(io.BytesIO(base64.b64decode(page["html"])), page["id"])
    if not isinstance(draft, RawArticle):
        return {}
    try:
        article = to_article(draft)
    except Unreadable:
        return {}
    return {"body": article.text, "title": article.title, "author": article.author, "date": article.published}


def trafilatura(page: Page) -> Reading:
    """Return what trafilatura, and of the day htmldate, read of it."""
    import htmldate
    import trafilatura

    data = base64.b64decode(page["html"])
    facts = trafilatura.extract_metadata(data)
    body = trafilatura.extract(data, include_comments=False)
    day = htmldate.find_date(data, original_date=True, outputformat="%Y-%m-%d")
    title, author = (facts.title, facts.author) if facts else (None, None)
    return {"body": body, "title": title, "author": author, "date": day}


def verdict(name: str, known: str, got: str | None) -> str:
    """Tell whether a fact is right, wrong or missing; days are compared as they are, names by their words."""
    plain = str if name == "date" else lambda text: " ".join(words(text))
    return "missing" if not got else "right" if plain(got) == plain(known) else "wrong"


def overlap(known: str, got: str) -> tuple[float, float]:
    """Return precision and recall of a text's sequences of four words."""
    right, read = grams(known), grams(got)
    same = (right & read).total()
    return same / max(1, read.total()), same / max(1, right.total())


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Count the sequences of four words."""
    found = words(text)
    return Counter(tuple(found[at : at + GRAM]) for at in range(max(1, len(found) - GRAM + 1)))


def words(text: str | None) -> list[str]:
    """Return a text's words without case."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text or "").lower())


def measured(name: str, read: Callable[[Page], Reading], pages: list[Page], *, faults: bool) -> Iterator[Row]:
    """Yield the rows of one reader; a fact that is not known (NaN in some collections) is not asked for."""
    readings = [read(page) for page in pages]
    pairs = list(zip(pages, readings, strict=True))
    bodies = [overlap(page["body"], got.get("body") or "") for page, got in pairs if page.get("body")]
    for label, at in (("body precision", 0), ("body recall", 1)):
        share = sum(both[at] for both in bodies) / max(1, len(bodies))
        yield {"reader": name, "what": label, "pages": len(bodies), "right": share, "wrong": None, "missing": None}
    for fact in FACTS:
        known = [(page, got.get(fact)) for page, got in pairs if isinstance(page.get(fact), str)]
        told = Counter(verdict(fact, page[fact], got) for page, got in known)
        shares = {key: told[key] / max(1, len(known)) for key in ("right", "wrong", "missing")}
        yield {"reader": name, "what": fact, "pages": len(known), **shares}
        for page, got in known if faults else ():
            if verdict(fact, page[fact], got) != "right":
                print(f"{name} {page['id']}: {fact} {got!r}, not {page[fact]!r}")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="?", default=Path("../shared/data/pages/pages_dev.jsonl.gz"))
    parser.add_argument("--faults", action="store_true", help="list what is not right")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with gzip.open(args.pages, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    readers = {"ours": ours, "trafilatura, htmldate": trafilatura}
    rows = [row for name, read in readers.items() for row in measured(name, read, pages, faults=args.faults)]
    show(rows, as_json=args.json)


if __name__ == "__main__":
    main()
