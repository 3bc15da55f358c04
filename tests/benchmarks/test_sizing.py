"""From fixed costs to machines, hours and gigabytes, by the formulas that are printed."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from benchmarks.costs import Costs, made_up, read, tables
from benchmarks.grown import Texts
from benchmarks.sizing import ARCHIVE, READING, Assumed, archive, main, reading
from tests.vectorstore.build import filled, many
from vectorstore.sqlite import FILE

COSTS = Costs(
    articles=1_000,
    passages=8_000,
    dimension=384,
    ingest_seconds=0.36,
    ledger_bytes=20_000,
    vector_bytes=12_000,
    text_bytes=18_000,
    chroma_bytes=24_000,
    memory_bytes=2_500,
    retrieval_seconds=0.02,
    retrieval_growth=1.5,
    answer_seconds=0.58,
    serve_bytes=800e6,
)


def test_an_archive_of_a_million_articles_takes_what_the_formulas_say() -> None:
    row = archive(COSTS, Assumed(), 1_000_000)
    assert (row["ingest CPU h"], row["ingest machines"], row["ingest h"]) == (100.0, 1, 10.0)
    assert (row["PostgreSQL GB"], row["Chroma GB"]) == (75.0, 24.0)
    assert (row["Chroma memory GB"], row["Chroma machines"]) == (20.0, 1)  # 8 million × 2,500 bytes


def test_a_hundred_times_as_many_need_several_machines_each_with_its_shard() -> None:
    row = archive(COSTS, Assumed(), 100_000_000)
    assert (row["ingest CPU h"], row["ingest machines"]) == (10_000.0, 7)
    assert (row["Chroma memory GB"], row["Chroma machines"]) == (2_000.0, 53)


def test_readers_take_processors_by_their_busiest_hour() -> None:
    row = reading(COSTS, Assumed(), 10_000, 10_000)
    assert (row["questions/s"], row["CPU s a question"]) == (11.0, 0.61)  # 0.58 + 0.02 × 1.5
    assert (row["serve machines"], row["machines"]) == (1, 3)
    assert reading(COSTS, Assumed(cores=4), 10_000, 10_000)["serve machines"] == 3
    assert reading(COSTS, Assumed(), 100, 1)["CPU s a question"] == 0.6  # fewer articles than measured: no less


def ran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    monkeypatch.setattr(sys, "argv", ["sizing", *map(str, arguments)])
    main()
    return capsys.readouterr().out


@pytest.fixture
def costs(tmp_path: Path) -> Path:
    path = tmp_path / "costs.json"
    path.write_text(json.dumps({"measured": asdict(COSTS)}), "utf-8")
    return path


def test_json_tells_measured_assumed_and_worked_out_apart_and_can_be_read_again(
    costs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(ran(monkeypatch, capsys, "--costs", costs, "--json", "--cores", 8))
    assert found["measured"] == asdict(COSTS)
    assert found["assumed"] == asdict(Assumed(cores=8))
    assert [len(found[name]) for name in ("archives", "readings")] == [3, 9]
    assert set(found["working"]) == {*found["archives"][0], *found["readings"][0]} - {"articles", "readers"}
    (tmp_path / "again.json").write_text(json.dumps(found), "utf-8")
    assert read(tmp_path / "again.json") == COSTS


def test_text_shows_the_working_above_the_tables(
    costs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ran(monkeypatch, capsys, "--costs", costs, "--articles", 1_000_000, "--readers", 100)
    lines = out.splitlines()
    order = [
        lines.index(line) for line in lines if line.startswith(("Measured", "Assumed", "Worked out", "articles  "))
    ]
    assert order == sorted(order)
    assert len(order) == 5
    for name in (*(field.name for field in fields(Costs)), *ARCHIVE, *READING):
        assert f"  {name} = " in out
    assert "1,000,000" in lines[-1]


@pytest.mark.parametrize("text", ["", "{}", '{"measured": {"articles": 1}}'])
def test_a_file_without_costs_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "costs.json").write_text(text, "utf-8")
    with pytest.raises(SystemExit, match="holds no costs"):
        read(tmp_path / "costs.json")


def test_the_bytes_of_a_ledger_are_told_by_what_they_hold(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "store", *many(20)) / FILE
    sizes = tables(ledger)
    assert min(sizes.values()) > 0
    assert sum(sizes.values()) <= sum(path.stat().st_size for path in ledger.parent.glob(f"{FILE}*"))


def test_made_up_articles_are_all_different(tmp_path: Path) -> None:
    folder = made_up(Texts(), 3, tmp_path / "articles")
    assert len({path.read_text("utf-8") for path in folder.iterdir()}) == 3
