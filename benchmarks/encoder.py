"""The limit of an ingest: the encoder alone, over the passages of an archive, those of one length together.

python -m benchmarks.encoder STORE
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from qa.config import load
from qa.ingest.records import headed
from qa.wiring import Wiring
from vectorstore.ledger import Ledger


def texts(ledger: Ledger) -> Iterator[str]:
    """Yield the passages as they are embedded."""
    for listing in ledger.articles():
        article = ledger.article(listing.article.id)
        yield from (headed(article, passage) for _, passage in ledger.passages(article.id))


def main(folder: Path) -> None:
    """Embed them all, and keep nothing."""
    wiring = Wiring(load(), folder)
    with wiring.store() as store:
        found = sorted(texts(store.ledger), key=len)
    wiring.embedder().embed_passages(found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
