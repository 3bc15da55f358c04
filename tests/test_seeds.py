"""The packaged digests and the questions on them belong together."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DIGESTS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "seeds").glob("*.md")}
ROWS = [json.loads(line) for line in (ROOT / "benchmarks/seeds_questions.jsonl").read_text("utf-8").splitlines()]


def test_the_folder_holds_five_digests_and_nothing_else() -> None:
    assert len(DIGESTS) == 5
    assert {path.stem for path in (ROOT / "seeds").iterdir() if path.name != "__pycache__"} == set(DIGESTS)


@pytest.mark.parametrize("stem", sorted(DIGESTS))
def test_a_digest_says_what_it_is_and_keeps_its_title_out_of_the_body(stem: str) -> None:
    _, front, body = DIGESTS[stem].split("---\n", 2)
    facts = yaml.safe_load(front)
    assert set(facts) == {"title", "publisher", "published", "note"}
    assert "digest" in facts["note"]
    assert facts["title"] not in body
    assert 150 <= len(body.split()) <= 300


def test_a_third_of_the_questions_has_no_answer() -> None:
    assert len(ROWS) >= 30
    assert len({row["id"] for row in ROWS}) == len({row["question"] for row in ROWS}) == len(ROWS)
    assert sum(not row["answerable"] for row in ROWS) * 3 >= len(ROWS)


@pytest.mark.parametrize("row", [row for row in ROWS if row["answerable"]], ids=lambda row: row["id"])
def test_every_expected_answer_stands_in_its_digests(row: dict[str, list[str]]) -> None:
    bodies = " ".join(DIGESTS[source].split("---\n", 2)[2] for source in row["sources"])
    assert row["gold"]
    assert all(re.search(gold, bodies, re.IGNORECASE) for gold in row["gold"])
