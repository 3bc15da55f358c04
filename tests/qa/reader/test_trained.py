"""Which texts may be in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.language.detect import trained_on

OWN = Path(__file__).parents[3] / "benchmarks" / "languages"
SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.mark.parametrize(
    "text",
    [
        "Who is Ursula von der Leyen?",
        "What did Los Angeles pay Le Monde?",
        "Putin Saudi Arabia S-400 deal",
        "Why did John die?",
        "São Paulo mayor 2020",
        "1.240",
        "",
    ],
)
def test_english_and_mere_names_may_be(text: str) -> None:
    assert trained_on(text)


def test_articles_of_ours_in_english_are() -> None:
    assert all(trained_on(path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.md"))


@pytest.mark.parametrize("language", ["de", "fr", "tr", "ru", "zh"])
def test_articles_and_questions_in_other_languages_are_not(language: str) -> None:
    articles = [path.read_text(encoding="utf-8").partition("\n---\n")[2] for path in (OWN / language).glob("*.md")]
    lines = (OWN / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assert articles
    assert [text for text in (*articles, *questions) if trained_on(text)] == []
