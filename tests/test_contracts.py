"""The house's walls: import contracts, settings described once, two commands that do everything."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

HEAVY = (
    "chromadb",
    "onnxruntime",
    "sentence_transformers",
    "torch",
    "llama_index",
    "trafilatura",
    "textual",
    "fastapi",
    "mcp",
)


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("lint-imports"), "--config", config, "--no-cache"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def contracts() -> list[dict[str, list[str]]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]  # type: ignore[no-any-return]


def test_every_import_contract_is_kept() -> None:
    ran = lint(ROOT / "pyproject.toml")
    assert ran.returncode == 0, ran.stdout
    assert "0 broken" in ran.stdout


def test_a_deferred_import_outside_its_home_breaks_the_contract(tmp_path: Path) -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    without = tmp_path / "pyproject.toml"
    without.write_text("".join(row for row in text.splitlines(True) if "vectorstore.chroma -> chromadb" not in row))
    ran = lint(without)
    assert ran.returncode == 1
    assert "vectorstore.chroma -> chromadb" in ran.stdout


def imports() -> dict[str, set[str]]:
    """Each module of the three packages with those that it imports, deferred imports included."""
    paths = [path for package in ("qa", "tui", "vectorstore") for path in (ROOT / package).rglob("*.py")]
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths}
    known = set(names.values())
    found: dict[str, set[str]] = {}
    for path, name in names.items():
        nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        named = {f"{node.module}.{one.name}" for node in nodes for one in node.names} | {str(n.module) for n in nodes}
        found[name] = {one for one in named & known if "." in one}
    return found


def test_no_module_imports_itself_through_others() -> None:
    found = imports()
    assert set(TopologicalSorter(found).static_order()) >= set(found)  # raises CycleError, which names the cycle


@pytest.mark.parametrize("library", HEAVY)
def test_each_big_library_has_a_contract(library: str) -> None:
    assert any(library in contract.get("forbidden_modules", ()) for contract in contracts())


def test_each_exception_of_a_contract_carries_its_reason() -> None:
    rows = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    exceptions = [row for row in rows if " -> " in row and row.strip().startswith(('"', "ignore_imports"))]
    assert exceptions
    assert [row for row in exceptions if "  # " not in row] == []


def test_the_makefile_demo_keeps_to_a_store_of_its_own() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    demo = text.split("\ndemo:")[1].split("\n\n")[0].splitlines()[1:]
    assert [line.split()[:3] for line in demo] == [["$(QA)", "--store", ".demo"]] * len(demo)
    assert "ingest seeds" in demo[0]
    assert " ask " in demo[1]


@pytest.mark.parametrize("target", ["demo", "test", "check", "lint"])
def test_the_makefile_has_the_promised_targets_as_phony(target: str) -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    assert f"\n{target}:" in text
    assert target in text.split(".PHONY:")[1].split("\n")[0].split()


def test_no_two_classes_share_a_name() -> None:
    files = [path for top in ("qa", "tui", "vectorstore") for path in (ROOT / top).rglob("*.py")]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = Counter(node.name for node in nodes if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    }
    rows = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {row.split("==")[0].strip().lower() for row in rows if "==" in row}
    assert {re.split(r"[\[<>=]", name.lower())[0] for name in wanted} - pinned == set()


def test_every_package_is_installed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    there = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for top in ("qa", "tui", "vectorstore")
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert there - set(listed) == set()
