"""An archive that is copied to another place is the same there, however often the copy was broken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.vectorstore.build import IDENTITY, filled, many, record
from vectorstore.errors import AppError, EmbedderMismatch, UsageError
from vectorstore.moving import move
from vectorstore.places import Place
from vectorstore.postgres.shared import Shared
from vectorstore.store import Store

ODD = record("/odd\udcff.txt", "One\x00two.\n\nCafé \U0001f600 stays.", title="half \ud800", published="2019-02")


@pytest.fixture
def full(tmp_path: Path) -> Path:
    return filled(tmp_path / "full", *many(40), ODD)


def digest(place: Path | Place) -> tuple[str, tuple[int, int], list[float]]:
    with Store.open(place) as store:
        vectors = store.ledger.vectors().vectors
        return store.ledger.digest(), store.ledger.count(), sorted(vectors.sum(axis=1).tolist())


def test_there_and_back_again_nothing_is_changed(full: Path, shared: Shared, tmp_path: Path) -> None:
    steps = list(move(full, shared))
    assert [step for step in steps if step[0] == "copy"][-1] == ("copy", 41, 41)
    assert [step for step in steps if step[0] == "compare"][-1] == ("compare", 41, 41)
    list(move(shared, tmp_path / "back"))
    assert digest(full) == digest(shared) == digest(tmp_path / "back")


def test_a_copy_that_breaks_off_goes_on(full: Path, shared: Shared) -> None:
    begun = move(full, shared)
    assert next(begun) == ("copy", 32, 41)
    begun.close()
    assert next(move(full, shared)) == ("copy", 41, 41)
    assert next(move(full, shared))[0] == "compare"
    assert digest(full) == digest(shared)


def test_a_copy_takes_over_what_has_changed_in_the_archive_since(full: Path, tmp_path: Path) -> None:
    list(move(full, tmp_path / "copy"))
    with Store.writing(full) as writer:
        changed = replace(writer.ledger.article(ODD.entry.article.id), author="Ada", section="Harbour")
        writer.update_metadata(changed, b"with an author", "another hash")
    steps = list(move(full, tmp_path / "copy"))
    assert [step for step in steps if step[0] == "copy"] == [("copy", 41, 41)]
    with Store.open(tmp_path / "copy") as copied:
        assert copied.ledger.article(changed.id) == changed
    assert [step for step in move(full, tmp_path / "copy") if step[0] == "copy"] == []


def test_an_archive_with_other_articles_is_left_alone(full: Path, tmp_path: Path) -> None:
    other = filled(tmp_path / "other", record("/another", "It rained."))
    before = digest(other)
    with pytest.raises(UsageError, match="/another"):
        list(move(full, other))
    assert digest(other) == before


def test_vectors_made_otherwise_are_not_mixed(full: Path, tmp_path: Path) -> None:
    with Store.writing(tmp_path / "other", replace(IDENTITY, embedder="other")) as writer:
        writer.add([many(1)[0]])
    with pytest.raises(EmbedderMismatch):
        list(move(full, tmp_path / "other"))


def test_an_article_that_did_not_arrive_whole_is_named(full: Path, tmp_path: Path) -> None:
    list(move(full, tmp_path / "copy"))
    with Store.writing(tmp_path / "copy") as writer:
        writer.ledger.database.rows("UPDATE originals SET data = (SELECT data FROM originals LIMIT 1)")
    with pytest.raises(AppError, match="did not arrive"):
        list(move(full, tmp_path / "copy"))
