"""All vectors at once, for exact search."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, Any

from vectorstore import filters
from vectorstore.articles import Filter, Matrix
from vectorstore.database import Database
from vectorstore.errors import StoreDamaged

if TYPE_CHECKING:
    from vectorstore.articles import Ids
    from vectorstore.embedding import Vectors


def read(database: Database, chosen: Filter, revision: int, dimension: int) -> Matrix:
    """Return the vectors that pass the filter, float32, shape (passages, dimension); see Ledger.vectors.

    This reads twice, so the caller must hold the snapshot that `revision` and `dimension` come from.
    """
    if not chosen:
        return _read(database, "", [], revision, dimension)
    condition, parameters = filters.where(chosen, database.names)
    cut = f"WHERE article IN (SELECT key FROM articles WHERE {condition})"
    return _read(database, cut, parameters, revision, dimension)


def of_articles(database: Database, keys: Sequence[int], revision: int, dimension: int) -> Matrix:
    """Return the vectors of articles, which are given by their keys, as `read` does."""
    return _read(database, f"WHERE article IN {database.numbers}", [json.dumps(keys)], revision, dimension)


def _read(database: Database, cut: str, given: Sequence[Any], revision: int, dimension: int) -> Matrix:
    import numpy as np  # 0.1 s

    pairs = keys(database, cut, given)
    vectors = np.empty((len(pairs), dimension), np.float32)
    blobs = database.each(f"SELECT data FROM vectors {cut} ORDER BY article", given)
    with closing(blobs):
        filled = _filled(vectors.reshape(-1), (data for (data,) in blobs))
    if not filled:
        raise StoreDamaged("Some vectors are missing from the ledger.", "Check the archive with: qa doctor")
    return Matrix(pairs[:, 0].copy(), pairs[:, 1].copy(), vectors, revision)


def keys(database: Database, cut: str = "", given: Sequence[Any] = ()) -> Ids:
    """Return each passage's id and the key of its article, int64, shape (passages, 2), in the order of both."""
    import numpy as np  # 0.1 s

    rows = database.each(f"SELECT id, article FROM passages {cut} ORDER BY article, ord", given)
    with closing(rows):
        # a list of all rows would take eight times the memory
        return np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 2)


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
