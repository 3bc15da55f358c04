"""The probe compares Chroma with the ledger in a process that may crash or hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vectorstore.build import EMBEDDER, IDENTITY, filled, many, record
from vectorstore.chroma import ChromaIndex
from vectorstore.generations import Generations
from vectorstore.index_check import Findings, examine, probe
from vectorstore.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = filled(tmp_path / "store", *many(10))
    with Store.writing(made, IDENTITY) as writer:
        list(writer.sync_index(0))
    return made


def current(folder: Path) -> str:
    name = Generations(folder).current
    assert name is not None
    return name


def test_an_index_in_step_is_sound(folder: Path) -> None:
    findings = probe(folder, current(folder))
    assert findings == Findings(asked=30)
    assert findings.sound


def test_missing_extra_and_changed_passages_are_counted(folder: Path) -> None:
    index = ChromaIndex.open(Generations(folder).path(current(folder)), EMBEDDER.dimension)
    other = EMBEDDER.embed_passages(["something else", "else again"])
    list(index.delete([1, 2, 3]))
    list(index.add([3, 900], other))
    index.close()
    findings = probe(folder, current(folder))
    assert (findings.missing, findings.extra, findings.changed) == (2, 1, 1)
    assert not findings.sound


def test_an_index_of_many_equal_passages_is_sound(tmp_path: Path) -> None:
    text = "\n\n".join(["The ferry sank."] * 1000 + [f"Item w{n * 7} x{n}." for n in range(1000)])
    folder = filled(tmp_path / "equal", record("/news/1.txt", text))
    with Store.writing(folder, IDENTITY) as writer:
        list(writer.sync_index(0))
    assert examine(folder, current(folder)).sound


@pytest.mark.parametrize("found", [[(1, 1.0)], [(1, 1.0), (2, 0.9)], [(1, 1.0), (9, 0.0)]])
def test_a_search_that_finds_too_little_or_something_else_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, found: list[tuple[int, float]]
) -> None:
    monkeypatch.setattr("vectorstore.index_check.NEIGHBOURS", 2)
    monkeypatch.setattr(ChromaIndex, "search", lambda *_: found)
    findings = examine(folder, current(folder))
    assert (findings.wrong, findings.asked) == (30, 30)
    assert not findings.sound


def test_a_probe_that_hangs_is_a_finding(folder: Path) -> None:
    findings = probe(folder, current(folder), seconds=0.02)
    assert "no answer" in str(findings)
    assert not findings.sound


def test_a_probe_that_cannot_begin_is_a_finding(folder: Path, tmp_path: Path) -> None:
    assert "no archive" in str(probe(tmp_path / "none", "x"))
    assert "no index" in str(probe(folder, "x"))
