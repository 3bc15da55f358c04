"""Processes are told by their medians and as shares of the last system's."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

from benchmarks.cold import Run, interleaved, timed
from benchmarks.performance import processes, written


def test_medians_stand_beside_their_share_of_the_last_system() -> None:
    ours = [Run(1.0, 100.0, 0.5), Run(9.0, 120.0, 0.6), Run(2.0, 110.0, 0.7)]
    first, last = processes("asking", {"ours": ours, "stock": [Run(8.0, 400.0, 2.4)]})
    assert (first["seconds"], first["of stock"], first["cpu"], first["of stock’s"]) == (2.0, 0.25, 0.6, 0.25)
    assert (first["MiB"], first["runs"], last["of stock"]) == (110, 3, 1.0)


def test_our_speed_is_told_as_a_share_of_the_encoders() -> None:
    runs = {name: [Run(seconds, 1.0, 1.0)] for name, seconds in (("ours", 10.0), ("encoder", 9.0), ("stock", 20.0))}
    assert [row["of limit"] for row in processes("ingest", runs)] == [0.9, None, None]


def test_the_first_articles_of_a_dump_become_text_files(tmp_path: Path) -> None:
    dump = tmp_path / "dump.jsonl.gz"
    with gzip.open(dump, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"title": f"T{n}", "text": f"Rain {n}."}) + "\n" for n in range(3))
    folder = written(dump, 2, tmp_path / "articles")
    assert [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())] == [
        "T0\n\nRain 0.\n",
        "T1\n\nRain 1.\n",
    ]


def test_commands_run_in_turn_and_a_warming_turn_is_not_counted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    say = {name: [sys.executable, "-c", f"open({str(log)!r}, 'a').write({name!r})"] for name in "ab"}
    assert {name: len(runs) for name, runs in interleaved(say, 1).items()} == {"a": 1, "b": 1}
    assert log.read_text() == "abab"


def test_a_command_keeps_its_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    timed([sys.executable, "-c", "import sys; sys.exit(sys.dont_write_bytecode)"])
