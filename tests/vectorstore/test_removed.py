"""A removed article is put back whole from its copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.vectorstore.build import IDENTITY, filled, record
from vectorstore.removed import copies
from vectorstore.store import Store

TEXT = "Rain fell on Sorrel Point. It was cold.\n\nThe keeper lit the lamp."


def test_an_article_is_put_back_with_its_original_passages_and_vectors(tmp_path: Path) -> None:
    one, other = record("/rain.txt", TEXT, title="Rain"), record("/sun.txt", "Sun shone.")
    folder = filled(tmp_path / "store", one, other)
    key = one.entry.article.id
    with Store.writing(folder) as writer:
        kept = copies(writer.ledger, [key])
        writer.remove([key])
        assert writer.ledger.count() == (1, 1)
        writer.add(kept.records)
        assert writer.ledger.count() == (2, 3)
        (back,) = copies(writer.ledger, [key]).records
    assert kept.identity == IDENTITY
    assert back.entry == one.entry
    assert back.original_hash == one.original_hash
    np.testing.assert_array_equal(back.vectors, one.vectors)


def test_what_an_older_version_has_cleaned_is_read_again_by_the_next_ingest(tmp_path: Path) -> None:
    one = record("/rain.txt", TEXT)
    folder = filled(tmp_path / "store", one)
    with Store.writing(folder) as writer:
        writer.ledger.database.rows("UPDATE articles SET cleaning = 'older'")
        (copy,) = copies(writer.ledger, [one.entry.article.id]).records
    assert copy.original_hash == ""
