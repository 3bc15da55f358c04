"""Chroma after a kill: it serves what the ledger holds, or it does not serve."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.build import EMBEDDER, filled, many, record
from vectorstore.chroma import ChromaIndex
from vectorstore.doctor import examine
from vectorstore.generations import Generations
from vectorstore.index import IndexUnusable
from vectorstore.store import Store

# each group is larger than what Chroma keeps out of its graph files, so that they are written every time
GROWING = """
import sys
from pathlib import Path
from tests.vectorstore.build import IDENTITY, record
from vectorstore.store import Store
with Store.writing(Path(sys.argv[1]), IDENTITY) as writer:
    for group in range(10_000):
        text = "\\n\\n".join(f"Group {group} has w{n * group}, x{n}." for n in range(1300))
        writer.add([record(f"/{group}", text)])
        for _ in writer.sync_index(0):
            pass
        print(group, flush=True)
"""


def killed(folder: Path, after: float) -> None:
    """Let a process fill the store, and kill it some time after its second group was in step."""
    command, root = [sys.executable, "-c", GROWING, str(folder)], Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["0\n", "1\n"]
        time.sleep(after)
        process.send_signal(signal.SIGKILL)


def assert_complete(folder: Path) -> None:
    """Compare ids and vectors with the ledger's, one by one.

    Searches would not tell: some passages can be reached by none, in a graph that nothing disturbed too (2 of 3,900, in
    one of five that were made of these passages, of which two thirds have the vector of another).
    """
    with Store.open(folder) as store:
        matrix = store.ledger.vectors()
    name = Generations(folder).current
    assert name
    index = ChromaIndex.open(Generations(folder).path(name), EMBEDDER.dimension)
    ids, stored = index.ids(), index.vectors(matrix.passages.tolist())
    index.close()
    assert sorted(ids) == sorted(matrix.passages.tolist())
    found = np.stack([stored[passage] for passage in matrix.passages.tolist()])
    np.testing.assert_allclose(found, matrix.vectors, rtol=0, atol=1e-6)  # Chroma makes them of unit length once more


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
@pytest.mark.parametrize("after", [0.0, 0.5])
def test_a_killed_sync_never_serves_half_an_index(tmp_path: Path, after: float) -> None:
    folder = tmp_path / "store"
    killed(folder, after)
    assert [check.name for check in examine(folder) if not check.ok] in ([], ["vector index"])
    with Store.open(folder, index="auto", threshold=0) as reader:
        serving = reader.serving
    if serving == "chroma":
        assert_complete(folder)
    with Store.writing(folder) as writer:
        list(writer.sync_index(0))
    assert_complete(folder)
    assert all(check.ok for check in examine(folder))
    generations = Generations(folder)
    assert [path.name for path in generations.folder.iterdir() if path.is_dir()] == [generations.current]


def test_chroma_is_filled_and_brought_up_to_date_in_runs_of_passages(tmp_path: Path) -> None:
    articles = [
        record(f"/{name}", "\n\n".join(f"Number {name} has w{n}, x{n * name}." for n in range(size)))
        for name, size in enumerate((1, 700, 500, 2_100, 3, 900))
    ]
    folder = filled(tmp_path / "store", *articles[:4])
    with Store.writing(folder) as writer:
        assert [*writer.sync_index(0)] == [(701, 3301), (1201, 3301), (3301, 3301)]
    assert_complete(folder)
    with Store.writing(folder) as writer:
        writer.remove([articles[1].entry.article.id])
        writer.add(articles[4:])
        assert [*writer.sync_index(0)] == [(700, 1603), (1603, 1603)]
    assert_complete(folder)


def test_chroma_that_cannot_be_written_is_said_and_leaves_exact_search(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", *many(3))
    (folder / "chroma").write_text("a file where the folder should be")
    with Store.writing(folder) as writer, pytest.raises(IndexUnusable):
        list(writer.sync_index(0))
    with Store.open(folder, index="auto", threshold=0) as store:
        assert store.serving == "exact"
        assert len(store.dense(EMBEDDER.embed_query("item"), 3)) == 3


def test_a_seal_that_cannot_be_written_is_said_and_leaves_exact_search(tmp_path: Path) -> None:
    folder = filled(tmp_path, *many(2))
    with Store.writing(folder) as writer:
        list(writer.sync_index(0))
        name = Generations(folder).current
        assert name
        (folder / "chroma" / f"{name}.open").unlink(missing_ok=True)
        (folder / "chroma" / f"{name}.open").symlink_to(folder / "chroma" / f"{name}.open")
        writer.remove([many(1)[0].entry.article.id])
        with pytest.raises(IndexUnusable, match=r"\.open cannot be written"):
            list(writer.sync_index(0))
    with Store.open(folder) as store:
        assert store.serving == "exact"
