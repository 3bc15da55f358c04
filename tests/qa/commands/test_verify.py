from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import CommandLine, Ran
from tests.fakes import FakeReader

Qa = Callable[..., Ran]
pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
def _reader(qa: CommandLine) -> None:
    qa.parts["reader"] = lambda _: FakeReader()


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.md"
    path.write_text("# Missiles\n\nKing Salman of Saudi Arabia visited Moscow. The moon is made of 17 cheeses.\n")
    return path


def test_a_draft_is_printed_with_marks_and_sources(qa: Qa, seeds_store: Path, draft: Path) -> None:
    ran = qa("--store", seeds_store, "verify", draft)
    assert ran.code == 0
    assert "The moon is made of 17 cheeses. ○" in ran.out
    assert "2 statements:" in ran.out


def test_an_output_is_jsonl_and_goes_on_where_it_stopped(
    qa: Qa, seeds_store: Path, draft: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    command = ("--store", seeds_store, "verify", draft, "-o", out)
    assert qa(*command).code == 0
    before = out.read_bytes()
    rows = [json.loads(line) for line in before.splitlines()]
    assert [row["id"] for row in rows] == [1, 2]
    assert rows[1]["verdict"] == "not_found"
    assert qa(*command).code == 0
    assert out.read_bytes() == before


@pytest.mark.parametrize(("ending", "begins"), [("md", "# draft"), ("html", "<!DOCTYPE html>")])
def test_it_is_exported_by_the_files_ending_or_by_an_option(
    qa: Qa, seeds_store: Path, draft: Path, tmp_path: Path, ending: str, begins: str
) -> None:
    out = tmp_path / f"out.{ending}"
    assert qa("--store", seeds_store, "verify", draft, "-o", out).code == 0
    assert out.read_text("utf-8").startswith(begins)
    assert qa("--store", seeds_store, "verify", draft, "--export", ending).out == out.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("gone.txt", None, "gone.txt cannot be read"),
        ("image.txt", b"\xff\xd8\xff\xe0", "is not UTF-8"),
        ("nul.txt", b"It rained.\0\0", "is not a text file"),
        ("empty.txt", b"", "states nothing"),
        ("rows.jsonl", b'{"id": 1}\n', "has no text"),
    ],
)
def test_bad_input_is_one_sentence_and_a_way_out(
    qa: Qa, seeds_store: Path, tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    ran = qa("--store", seeds_store, "verify", tmp_path / name)
    assert ran.code in {1, 2}
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) <= 2
