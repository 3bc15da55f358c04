"""All vectors at once, for exact search."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING

from vectorstore import filters
from vectorstore.articles import Filter, Matrix
from vectorstore.database import Database
from vectorstore.errors import StoreDamaged

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


def read(database: Database, chosen: Filter, revision: int, dimension: int) -> Matrix:
    """Return the vectors that pass the filter, float32, shape (passages, dimension); see Ledger.vectors.

    This reads twice, so the caller must hold the snapshot that `revision` and `dimension` come from.
    """
    import numpy as np  # 0.1 s

    condition, parameters = filters.where(chosen, database.names)
    cut = f"WHERE article IN (SELECT key FROM articles WHERE {condition})" if chosen else ""
    given = parameters if chosen else []
    pairs = np.array(
        database.rows(f"SELECT id, article FROM passages {cut} ORDER BY article, ord", given), np.int64
    ).reshape(-1, 2)
    vectors = np.empty((len(pairs), dimension), np.float32)
    blobs = database.each(f"SELECT data FROM vectors {cut} ORDER BY article", given)
    with closing(blobs):
        filled = _filled(vectors.reshape(-1), (data for (data,) in blobs))
    if not filled:
        raise StoreDamaged("Some vectors are missing from the ledger.", "Check the archive with: qa doctor")
    return Matrix(pairs[:, 0].copy(), pairs[:, 1].copy(), vectors, revision)


def _filled(flat: Vectors, blobs: Iterable[bytes]) -> bool:
    """Copy the blobs one after another into `flat`; return whether they fill it exactly."""
    import numpy as np  # 0.1 s

    filled, octets = 0, flat.view(np.uint8)
    # joining them first would take twice the time and memory
    for data in blobs:
        if filled + len(data) > len(octets):
            return False
        octets[filled : filled + len(data)] = np.frombuffer(data, np.uint8)
        filled += len(data)
    return filled == len(octets)
