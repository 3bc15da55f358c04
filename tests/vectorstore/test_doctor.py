"""The doctor finds what is broken, survives what crashes Chroma, and repairs without an embedder."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.build import EMBEDDER, IDENTITY, filled, many, record
from vectorstore.checks import Check
from vectorstore.chroma import ChromaIndex
from vectorstore.doctor import examine, repair, treat
from vectorstore.errors import StoreMissing
from vectorstore.fulltext import anyof
from vectorstore.generations import GRAPH, Generations
from vectorstore.index_check import Findings
from vectorstore.salvage import Saved, mend, readable
from vectorstore.sqlite import FILE
from vectorstore.store import Store


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Chroma writes its graph to files of its own from 1,000 rows on
    folder = filled(tmp_path_factory.mktemp("doctor") / "store", *many(400))
    with Store.writing(folder) as writer:
        list(writer.sync_index(0))
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return filled(tmp_path / "small", record("/a", "A stork flew.\n\nA crane slept."), record("/b", "Three herons."))


def failed(folder: Path) -> dict[str, Check]:
    return {check.name: check for check in examine(folder) if not check.ok}


def generation(folder: Path) -> Path:
    generations = Generations(folder)
    assert generations.current is not None
    return generations.path(generations.current)


def segment(folder: Path) -> Path:
    return next(path for path in generation(folder).iterdir() if path.is_dir())


def test_a_sound_store_passes_every_check(folder: Path) -> None:
    checks = list(examine(folder))
    assert [check.name for check in checks] == [
        "ledger",
        "embedder",
        "passages",
        "dates",
        "full-text index",
        "vectors",
        "vector index",
        "writer",
    ]
    assert all(check.ok for check in checks), checks


def test_an_undamaged_store_stays_well_however_often_it_is_examined(small: Path) -> None:
    with Store.writing(small) as writer:
        writer.ledger.database.rows("DELETE FROM passages_fts WHERE rowid = 2")
    assert all(check.ok for check in treat(small))  # builds a Chroma index too, too small for a graph of its own
    for _ in range(8):
        assert not failed(small)


def test_opening_chroma_changes_nothing_that_is_sealed(folder: Path) -> None:
    generations, name = Generations(folder), generation(folder).name
    assert (segment(folder) / GRAPH).is_file()
    for _ in range(8):
        index = ChromaIndex.open(generation(folder), EMBEDDER.dimension)
        assert index.search(EMBEDDER.embed_query("item 7"), 3)
        index.close()
        assert generations.intact(name)


def test_where_there_is_no_store_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        list(examine(tmp_path / "none"))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for position in random.Random(5).sample(range(len(data)), len(data) // 20):
        data[position] ^= 0xFF
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])


DAMAGES: dict[str, Callable[[Path], None]] = {
    "vectors flipped": lambda folder: flip(segment(folder) / "data_level0.bin"),
    "vectors cut": lambda folder: truncate(segment(folder) / "data_level0.bin"),
    "graph flipped": lambda folder: flip(segment(folder) / "link_lists.bin"),
    "header flipped": lambda folder: flip(segment(folder) / "header.bin"),
    "names flipped": lambda folder: flip(segment(folder) / "index_metadata.pickle"),
    "segment gone": lambda folder: shutil.rmtree(segment(folder)),
    "database flipped": lambda folder: flip(generation(folder) / "chroma.sqlite3"),
    "database cut": lambda folder: truncate(generation(folder) / "chroma.sqlite3"),
    "database gone": lambda folder: (generation(folder) / "chroma.sqlite3").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_chroma_is_found_and_built_again_from_the_ledger(folder: Path, damage: str) -> None:
    DAMAGES[damage](folder)
    broken = failed(folder)
    assert list(broken) == ["vector index"]
    assert "doctor" in broken["vector index"].hint
    assert list(repair(folder))[-1] == (1200, 1200)
    assert not failed(folder)
    with Store.open(folder, index="auto", threshold=0) as store:
        assert store.serving == "chroma"
        assert store.hits([store.dense(EMBEDDER.embed_query("Item 7 part 1 w50 x7y1."), 1)[0][0]])


@pytest.mark.parametrize("word", ["E\u0301cole", "E\u0332cole", "snake_case", "हिन्दी"])
def test_a_word_of_letters_and_marks_is_no_damage(tmp_path: Path, word: str) -> None:
    assert not failed(filled(tmp_path / "store", record("/a", f"{word} was there.")))


def test_an_index_that_a_writer_left_dirty_is_named_and_repaired(folder: Path) -> None:
    with Store.writing(folder) as writer:
        writer.ledger.set_meta("index_dirty", "1")
    assert "stopped" in failed(folder)["vector index"].detail
    list(repair(folder))
    assert not failed(folder)


def test_an_index_that_is_behind_or_in_use_is_no_failure(folder: Path) -> None:
    with Store.open(folder, index="auto", threshold=0) as store:
        assert store.serving == "chroma"
        assert "another process" in {check.name: check.detail for check in examine(folder)}["vector index"]
    with Store.writing(folder, IDENTITY) as writer:
        writer.add([record("/new")])
    assert "behind" in {check.name: check.detail for check in examine(folder)}["vector index"]
    assert not failed(folder)


def test_whoever_is_writing_is_shown(small: Path) -> None:
    with Store.writing(small):
        (check,) = (check for check in examine(small) if check.name == "writer")
    assert check.ok
    assert "process " in check.detail


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE articles SET text = replace(text, 'stork', 'goose')", "passages"),
        ("UPDATE passages SET stop = stop + 1", "passages"),
        ("UPDATE passages SET last = 99", "passages"),
        ("DELETE FROM sentences", "passages"),
        ("UPDATE sentences SET stop = 999", "passages"),
        ("UPDATE articles SET title = 'Another'", "passages"),
        ("UPDATE originals SET data = x'00'", "passages"),
        ("DELETE FROM originals", "passages"),
        ("DELETE FROM passages_fts WHERE rowid = 2", "full-text index"),
        ("INSERT INTO passages_fts (rowid, body) VALUES (77, 'stray')", "full-text index"),
        ("DELETE FROM passages_fts_data WHERE id > 10", "full-text index"),
        ("DELETE FROM articles_fts_data WHERE id > 10", "full-text index"),
        ("DELETE FROM articles_fts_docsize WHERE id = 1", "full-text index"),
        ("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')", "full-text index"),
        ("DELETE FROM vectors WHERE article = 1", "vectors"),
        ("UPDATE vectors SET data = zeroblob(length(data))", "vectors"),
        ("DELETE FROM meta WHERE key = 'identity'", "embedder"),
    ],
)
def test_what_is_wrong_in_the_ledger_is_found(small: Path, statement: str, name: str) -> None:
    with Store.writing(small) as writer:
        writer.ledger.database.rows(statement)
    broken = failed(small)
    assert name in broken
    assert broken[name].hint


def test_days_after_today_are_named_and_no_damage(tmp_path: Path) -> None:
    folder = filled(tmp_path / "store", record("/a", published="2098-05"), record("/b", published="2019-01-01"))
    (check,) = (check for check in examine(folder) if check.name == "dates")
    assert check.ok
    assert "1 article dated after today" in check.detail
    assert "first /a (2098-05)" in check.detail


def test_vectors_with_a_nan_are_found(small: Path) -> None:
    with Store.writing(small) as writer:
        nan = np.full(EMBEDDER.dimension * 2, np.nan, np.float32).tobytes()
        writer.ledger.database.rows("UPDATE vectors SET data = ? WHERE article = 1", (nan,))
    assert "2 of 3" in failed(small)["vectors"].detail


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM passages_fts WHERE rowid = 2",
        "DELETE FROM passages_fts_data WHERE id > 10",
        "DELETE FROM articles_fts_data WHERE id > 10",
        "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')",
    ],
)
def test_a_broken_full_text_index_is_repaired(small: Path, statement: str) -> None:
    with Store.writing(small) as writer:
        writer.ledger.database.rows(statement)
    list(repair(small))
    assert not failed(small)
    with Store.open(small) as store:
        assert [hit.text for hit in store.hits([store.lexical(anyof(["crane"]), 1)[0][0]])] == ["A crane slept."]
        assert len(store.ledger.ranked_articles(["crane"], 9)) == 1


@pytest.mark.parametrize("seed", range(12))
def test_random_damage_to_the_ledger_never_escapes_as_an_exception(small: Path, seed: int) -> None:
    path = small / "ledger.sqlite3"
    data, chance = bytearray(path.read_bytes()), random.Random(seed)
    written = [at for at in range(100, len(data)) if data[at]]
    for at in chance.sample(written, 40):
        data[at] ^= 0xFF
    path.write_bytes(data)
    checks = list(examine(small))
    assert any(not check.ok for check in checks)


def test_treating_mends_what_can_be_made_again_and_says_so(folder: Path) -> None:
    shutil.rmtree(segment(folder))
    with Store.writing(folder) as writer:
        writer.ledger.database.rows("DELETE FROM passages_fts WHERE rowid = 2")
    checks = {check.name: check for check in treat(folder)}
    assert all(check.ok for check in checks.values())
    for name in ("full-text index", "vector index"):
        assert "rebuilt" in checks[name].detail
    assert "rebuilt" not in checks["ledger"].detail
    assert not failed(folder)


def test_treating_leaves_alone_what_it_cannot_mend(small: Path) -> None:
    with Store.writing(small) as writer:
        writer.ledger.database.rows("UPDATE vectors SET data = zeroblob(length(data))")
        writer.ledger.database.rows("DELETE FROM passages_fts WHERE rowid = 2")
    before = list(examine(small))
    assert list(treat(small)) == before


def test_treating_while_somebody_writes_says_that_it_could_not_mend(small: Path) -> None:
    with Store.writing(small) as writer:
        writer.ledger.database.rows("DELETE FROM passages_fts WHERE rowid = 2")
        (check,) = (check for check in treat(small) if not check.ok)
    assert "not repaired" in check.detail
    assert "process " in check.detail
    assert "qa doctor" not in check.hint


def test_what_is_ill_after_it_was_made_again_names_another_way_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.folder.probe", lambda *_: Findings(wrong=1, asked=1))
    (check,) = (check for check in treat(folder) if not check.ok)
    assert "qa rebuild" in check.hint


def test_a_key_that_is_damaged_itself_is_not_counted_up_to(small: Path) -> None:
    with closing(sqlite3.connect(small / FILE)) as database, database:
        database.execute("UPDATE articles SET key = 1 << 20 WHERE source = '/b'")
        database.execute("DROP TABLE originals")
    found = list(readable(small))
    assert [one.article.source for one in found if isinstance(one, Saved)] == ["/a", "/b"]
    assert len(found) < 10_000


def test_mending_where_there_is_no_archive_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        mend(tmp_path / "typo")
    assert not (tmp_path / "typo").exists()
