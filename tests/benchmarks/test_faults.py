"""The fast part of `python -m benchmarks.faults`: what it breaks is answered rightly or named."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from benchmarks.faults import damage
from vectorstore.generations import Generations

KINDS = dict(damage.kinds())
QUICK = ("ask", "show")  # the benchmark runs them all, on every kind


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return damage.made(tmp_path_factory.mktemp("sound"))


def broken(sound: tuple[Path, Path], folder: Path, kind: str, seed: int = 1) -> Path:
    archive = shutil.copytree(sound[0], folder / "archive")
    if "current" not in kind:
        shutil.rmtree(archive / "chroma")
    KINDS[kind](archive, random.Random(seed))
    return archive


@pytest.mark.parametrize("start", range(3))
def test_no_kind_of_damage_ends_in_a_traceback_or_a_wrong_quote(
    sound: tuple[Path, Path], tmp_path: Path, start: int
) -> None:
    found = []
    for number, kind in enumerate(list(KINDS)[start::15]):
        folder = tmp_path / str(number)
        folder.mkdir()
        archive = broken(sound, folder, kind, seed=start)
        for arguments in damage.commands(archive, sound[1], folder):
            if arguments[3] in QUICK:
                wrong = damage.trouble(arguments, *damage.tried(arguments))
                found += [f"{kind}: {wrong}"] if wrong else []
    assert found == []


@pytest.mark.parametrize(
    ("kind", "command", "names"),
    [
        ("meta.schema_version = 'two'", "ask", "ledger.sqlite3"),
        ("meta.identity = '[]'", "ask", "ledger.sqlite3"),
        ("without passages", "ask", "ledger.sqlite3"),
        ("articles.text = x'ff'", "rebuild", "ledger.sqlite3"),
        ("rebuild is words", "rebuild", "/rebuild is a file"),
        ("chroma/current is a folder", "rebuild", "chroma/current cannot be written"),
    ],
)
def test_damage_is_one_sentence_that_names_the_file_and_what_to_do(
    sound: tuple[Path, Path], tmp_path: Path, kind: str, command: str, names: str
) -> None:
    archive = broken(sound, tmp_path, kind)
    question = [damage.QUESTION] if command == "ask" else []
    _, _, err = damage.tried(["--store", str(archive), command, *question])
    assert names in err
    assert any(way in err for way in ("qa doctor", "run the command again"))


def test_a_name_that_is_too_long_for_a_generation_is_as_none_and_found_by_the_doctor(
    sound: tuple[Path, Path], tmp_path: Path
) -> None:
    archive = broken(sound, tmp_path, f"chroma/current says {'x' * 12!r}")
    assert Generations(archive).current is None
    assert Generations(archive).pointer.exists()


@pytest.mark.parametrize("kind", ["meta.schema_version = 'two'", "meta.revision = 'x'"])
def test_repair_makes_nonsense_in_the_meta_table_good(sound: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    archive = broken(sound, tmp_path, kind)
    ask = ["--quiet", "--store", str(archive), "ask", damage.QUESTION]
    assert damage.tried(ask)[0] == 1
    assert damage.tried(["--quiet", "--store", str(archive), "doctor", "--repair"])[0] == 0
    assert damage.tried(ask)[0] == 0


@pytest.mark.parametrize(
    ("kind", "saved", "lost"),
    [
        ("articles.text = x'ff'", 7, 1),
        ("without vectors", 8, 0),
        ("without sentences", 8, 0),
        ("originals.data = 7", 8, 0),
        ("half articles", 4, 4),
    ],
)
def test_what_can_be_read_is_saved_article_by_article_and_the_counts_are_said(
    sound: tuple[Path, Path], tmp_path: Path, kind: str, saved: int, lost: int
) -> None:
    archive, new = broken(sound, tmp_path, kind), tmp_path / "new"
    code, out, err = damage.tried(["--store", str(archive), "doctor", "--salvage", str(new)])
    assert (code, f"{saved} articles saved, {lost} lost" in out) == (bool(lost), True), err
    assert ("original is lost" in err) == ("originals" in kind)
    code, out, _ = damage.tried(["--store", str(new), "articles"])
    assert (code, out.count("\n")) == (0, saved)
    assert damage.tried(["--store", str(archive), "doctor", "--salvage", str(new)])[0] == 2
