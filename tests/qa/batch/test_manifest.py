from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.batch.budget import Price
from qa.batch.manifest import SUFFIX, Manifest, Provenance, counted, versions
from qa.config import answered_by
from qa.settings import Config
from qa.types import Usage
from tests.vectorstore.build import filled, record
from vectorstore.errors import AppError, UsageError
from vectorstore.store import Store

ROWS = {"answered": 3, "abstained": 1, "failed": 0, "left": 2}
Make = Callable[..., Manifest]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make the manifest of out.jsonl over an archive of these articles."""

    def manifest(*texts: str, answerer: str = "extractive", price: Price | None = None, **changed: Any) -> Manifest:
        archive = filled(tmp_path / "-".join(["store", *texts]), *(record(f"/{text}.txt", text) for text in texts))
        with Store.open(archive) as store:
            basis = Provenance.of(store, answerer, Config.model_validate(changed))
        return Manifest(tmp_path / "out.jsonl", basis, counted("Who?", Path("/home/me/q.txt"), 1), price)

    return manifest


def read(manifest: Manifest) -> dict[str, Any]:
    return json.loads(manifest.path.read_text("utf-8"))  # type: ignore[no-any-return]


def test_it_stands_beside_the_output_with_all_that_the_answers_depend_on(make: Make, tmp_path: Path) -> None:
    made = make("rain", answerer="openai: x", search={"per_article": 3})
    made.begin(continued=False)
    facts = read(made)
    assert made.path == tmp_path / "out.jsonl.manifest.json"
    assert list(facts) == ["output", "questions", "archive", "answerer", "config", "runs", "rows", "usage", "cost"]
    assert facts["questions"] == {
        "file": "q.txt",
        "sha256": "d991a24e8e04231cbae0f2b1372ebefd45b169c3855830d33b17fb3e98a68c96",
        "count": 1,
    }
    assert (facts["archive"]["articles"], facts["answerer"]) == (1, "openai: x")
    assert facts["config"]["search.per_article"] == 3
    assert facts["runs"][0]["finished"] is None
    assert facts["runs"][0]["versions"] == versions()
    assert (facts["rows"], facts["usage"], facts["cost"]) == (None, None, None)


def test_the_end_adds_rows_usage_and_cost(make: Make) -> None:
    made = make("rain", price=Price(1.0, 2.0))
    made.begin(continued=False)
    made.end(ROWS, Usage(1_000_000, 500_000, 7))
    facts = read(made)
    assert (facts["rows"], facts["cost"]) == (ROWS, 2.0)
    assert facts["usage"] == {"prompt": 1_000_000, "completion": 500_000, "cached": 7}
    assert facts["runs"][0]["finished"] >= facts["runs"][0]["started"]


def test_where_keys_are_is_left_out(make: Make) -> None:
    made = make("rain", answer={"openai": {"api_key_env": "CANARY"}})
    made.begin(continued=False)
    assert "CANARY" not in made.path.read_text("utf-8")
    assert "api_key" not in made.path.read_text("utf-8")


def test_a_continued_output_gains_a_run(make: Make) -> None:
    for _ in range(2):
        made = make("rain")
        made.begin(continued=True)
        made.end(ROWS, Usage())
    assert len(read(made)["runs"]) == 2
    made.begin(continued=False)
    assert len(read(made)["runs"]) == 1


@pytest.mark.parametrize(
    ("texts", "changed", "said"),
    [
        (("snow",), {}, "The archive has changed since"),
        (("rain", "snow"), {}, "The archive has changed since"),
        (("rain",), {"answerer": "openai: y"}, "answerer = extractive, not openai: y"),
        (("rain",), {"search": {"per_article": 3}}, "search.per_article = 5, not 3"),
        (("rain",), {"answer": {"fallback": "extractive"}}, "answer.fallback = abstain, not extractive"),
    ],
)
def test_an_output_that_was_begun_otherwise_is_refused_and_what_differs_is_said(
    make: Make, texts: tuple[str, ...], changed: dict[str, Any], said: str
) -> None:
    first = make("rain")
    first.begin(continued=False)
    before = first.path.read_bytes()
    with pytest.raises(UsageError, match="was started") as caught:
        make(*texts, **changed).begin(continued=True)
    assert said in caught.value.message
    assert "-o" in caught.value.hint
    assert first.path.read_bytes() == before


def test_settings_that_change_no_answer_may_change(make: Make) -> None:
    make("rain").begin(continued=False)
    prices = {"prices": {"x": [1, 2]}, "deadline": 9.0, "openai": {"model": "y"}}
    make("rain", answer=prices, screen={"theme": "nord"}).begin(continued=True)


def test_an_output_without_answers_may_be_begun_otherwise(make: Make) -> None:
    make("rain").begin(continued=False)
    make("snow").begin(continued=False)


def test_an_output_from_before_there_were_manifests_gets_one(make: Make) -> None:
    made = make("rain")
    made.begin(continued=True)
    assert len(read(made)["runs"]) == 1


@pytest.mark.parametrize("content", [b"", b"notes", b"{}", b"[1]", b"\xff", b'{"runs": []}'])
@pytest.mark.parametrize("continued", [True, False])
def test_another_file_in_its_place_is_refused_and_left_alone(make: Make, content: bytes, continued: bool) -> None:
    made = make("rain")
    made.path.write_bytes(content)
    with pytest.raises(UsageError, match="not a batch manifest"):
        made.begin(continued=continued)
    assert made.path.read_bytes() == content


def test_a_manifest_that_cannot_be_written_is_named(make: Make) -> None:
    made = make("rain")
    made.output = made.output.parent / "missing" / "out.jsonl"
    with pytest.raises(AppError, match="cannot be written") as caught:
        made.begin(continued=False)
    assert f"out.jsonl{SUFFIX}" in caught.value.message


def test_nothing_is_left_beside_it(make: Make, tmp_path: Path) -> None:
    made = make("rain")
    made.begin(continued=False)
    made.end(ROWS, Usage())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl.manifest.json", "store-rain"]


def test_the_chosen_model_is_decisive(tmp_path: Path) -> None:
    with Store.open(filled(tmp_path / "store", record("/rain.txt"))) as store:
        basis = Provenance.of(store, "ollama: x", answered_by(Config(), "ollama"))
    assert "answer.ollama.model" in basis.decisive
    assert "answer.openai.model" not in basis.decisive
