"""The articles and questions in other languages, and how an answer to one is counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.languages import HERE, LANGUAGES, Asked, items, mean, row
from benchmarks.reading import Item, squashed
from qa.types import Answer, Citation
from vectorstore.articles import Hit, Reference

ARTICLE = Reference("id", "/x/karte.md")
ANSWER = Answer(
    "Wo?", True, "Im Ofenrohr.", "extractive", (Citation(1, ARTICLE, 0, 12, "Im Ofenrohr."),),
    (Hit(1, ARTICLE, 0, 12, "Im Ofenrohr.", ()),), 0.6,
)  # fmt: skip
ITEM = Item("Wo?", "karte", ("Ofenrohr",))


@pytest.mark.parametrize("language", LANGUAGES)
def test_eight_of_ten_questions_are_answered_by_one_sentence_of_their_article(language: str) -> None:
    asked = items(language)
    assert (len(asked), sum(item.url is None for item in asked)) == (10, 2)
    for item in asked:
        if item.url:
            text = squashed((HERE / language / f"{item.url}.md").read_text(encoding="utf-8"))
            assert any(answer in text for answer in item.answers), item.question


def test_an_answer_counts_where_its_first_quote_has_it_and_it_is_sure_enough_to_be_shown() -> None:
    unanswerable = Asked(Item("Wann?", None, ()), replace(ANSWER, confidence=0.4))
    done = [Asked(ITEM, ANSWER), Asked(replace(ITEM, url="wein"), ANSWER), unanswerable]
    assert row("de", "ours", 0.5, done, 0.5) == {
        "language": "de", "system": "ours", "search": 0.5, "article": 0.5, "first": 0.5, "any": 0.5, "shown": 0.5,
        "refused": 1.0, "questions": 3,
    }  # fmt: skip
    assert row("de", "ours", 0.5, done, 0.7)["shown"] == 0.0


def test_each_language_counts_alike_in_the_mean() -> None:
    done = [Asked(ITEM, ANSWER), Asked(Item("Wann?", None, ()), ANSWER)]
    lines = [row("de", "ours", 0.5, done, 0.5), row("fr", "ours", 0.5, done, 0.7)]
    assert mean(lines, "ours")["shown"] == 0.5
    assert mean(lines, "ours")["questions"] == 4
