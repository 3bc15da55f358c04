"""All vectors at once, for the exact search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vectorstore import filters
from vectorstore.articles import Filter
from vectorstore.database import Database
from vectorstore.errors import StoreDamaged
from vectorstore.records import Matrix

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


def read(database: Database, chosen: Filter, revision: int, dimension: int) -> Matrix:
    """Return the vectors, float32, shape (passages, dimension), of what the filter lets through; see Ledger.vectors.

    Reads twice: whoever calls holds a snapshot, which `revision` and `dimension` are of.
    """
    import numpy as np  # 0.1 s

    condition, parameters = filters.where(chosen)
    cut = f"WHERE article IN (SELECT key FROM articles WHERE {condition})" if chosen else ""
    given = parameters if chosen else []
    pairs = np.array(
        database.rows(f"SELECT id, article FROM passages {cut} ORDER BY article, ord", given), np.int64
    ).reshape(-1, 2)
    vectors = np.empty((len(pairs), dimension), np.float32)
    blobs = database.each(f"SELECT data FROM vectors {cut} ORDER BY article", given)
    if not _filled(vectors.reshape(-1), (data for (data,) in blobs)):
        raise StoreDamaged("The ledger's vectors are not complete.", "Look into it with: qa doctor")
    return Matrix(pairs[:, 0].copy(), pairs[:, 1].copy(), vectors, revision)


def _filled(flat: Vectors, blobs: Iterable[bytes]) -> bool:
    """Copy the blobs one behind the other into `flat`; tell whether they fill it exactly."""
    import numpy as np  # 0.1 s

    filled, octets = 0, flat.view(np.uint8)
    # each straight into its place: joining them first takes twice the time and the memory
    for data in blobs:
        if filled + len(data) > len(octets):
            return False
        octets[filled : filled + len(data)] = np.frombuffer(data, np.uint8)
        filled += len(data)
    return filled == len(octets)
