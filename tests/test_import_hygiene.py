"""No waiting at the door: what a process loads before it answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"torch", "sentence_transformers", "chromadb", "llama_index", "textual", "onnxruntime", "numpy"}
HEAVY |= {"fastapi", "mcp", "prometheus_client", "starlette", "uvicorn"}
ASKING = {
    "torch",
    "sentence_transformers",
    "transformers",
    "huggingface_hub",
    "chromadb",
    "llama_index",
    "textual",
    "trafilatura",
    "nltk",
    "py3langid",
}


def loaded(code: str, *arguments: object) -> set[str]:
    """The top packages that a fresh interpreter has loaded after the code."""
    tail = "\nimport sys\nprint('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    ran = subprocess.run(
        [sys.executable, "-c", code + tail, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.rpartition("LOADED ")[2].split())


RUN = "import sys\nfrom qa.cli import run\ncode = run(sys.argv[1:])\nassert code == 0, code"


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    modules = loaded("import qa.cli")
    assert "typer" in modules
    assert modules & HEAVY == set()


@pytest.mark.parametrize("command", [[], ["ask"], ["batch"], ["ingest"], ["doctor"], ["serve"], ["mcp"]])
def test_help_loads_nothing_heavy(command: list[str]) -> None:
    assert loaded(RUN, *command, "--help") & HEAVY == set()


def test_the_version_and_the_configuration_load_nothing_heavy() -> None:
    assert loaded(RUN, "--version") & HEAVY == set()
    assert loaded(RUN, "config", "show") & HEAVY == set()


def test_listing_articles_loads_no_model(seeds_store: Path) -> None:
    assert loaded(RUN, "--store", seeds_store, "articles") & (HEAVY - {"numpy"}) == set()


@pytest.mark.model
def test_a_question_loads_neither_torch_nor_llama_index_nor_chroma(seeds_store: Path) -> None:
    modules = loaded(RUN, "--store", seeds_store, "ask", "How far away can the S-400 hit a target?")
    assert "onnxruntime" in modules
    assert modules & ASKING == set()


LIGHT = "qa.types qa.config qa.dates qa.batch_input vectorstore.errors vectorstore.models vectorstore.cross_encoder"
LIGHT += " qa.reader.external"


@pytest.mark.parametrize("module", LIGHT.split())
def test_light_modules_load_no_numpy(module: str) -> None:
    assert loaded(f"import {module}") & HEAVY == set()


def test_importing_packages_alone_loads_next_to_nothing() -> None:
    assert loaded("import qa, vectorstore, tui") & (HEAVY | {"pydantic", "typer", "rich"}) == set()
