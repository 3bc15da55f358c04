from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.baselines import stock
from benchmarks.bench import digest, place
from benchmarks.quality import aimed
from benchmarks.reading import Text
from benchmarks.suites import unanswerable
from benchmarks.vectors import Remembering
from tests.fakes import FakeEmbedder
from tests.qa.evaluate.build import case, outcome

if TYPE_CHECKING:
    from vectorstore.embedding import Vectors


@dataclass
class Counting:
    """The fake embedder, which notes what it embeds."""

    name: str = "counting"
    dimension: int = 32
    seen: list[str] = field(default_factory=list)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return FakeEmbedder().embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        return FakeEmbedder().embed_query(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return FakeEmbedder().count_tokens(texts)


def test_a_text_is_embedded_once_and_vectors_come_in_the_order_asked() -> None:
    counting = Counting()
    warm = Remembering(counting)
    warm.embed_passages(["rain", "snow", "rain"])
    found = warm.embed_passages(["snow", "hail", "rain"])
    assert counting.seen == ["rain", "snow", "hail"]
    assert (found == FakeEmbedder().embed_passages(["snow", "hail", "rain"])).all()
    assert warm.embed_passages([]).shape == (0, 32)


def test_a_ranking_is_judged_by_any_name_of_any_expected_article() -> None:
    expected = case(articles=[["a", "copy of a"], "b"]).expected
    assert place(expected, ["c", "copy of a", "b"]) == 2
    assert place(expected, ["c"]) is None


def test_a_digest_tells_other_answers_but_not_other_times() -> None:
    made = outcome(case(answer="rain"), ("a", "Rain fell."), found="ab", confidence=0.7)
    assert made.answer is not None
    assert digest([made]) == digest([replace(made, answer=replace(made.answer, seconds=9.0))])
    for other in ({"confidence": 0.6}, {"text": "Snow."}, {"passages": made.answer.passages[::-1]}):
        assert digest([made]) != digest([replace(made, answer=replace(made.answer, **other))])


def test_questions_without_an_answer_keep_their_words_and_day_and_nothing_else() -> None:
    (made,) = unanswerable([case("Who?", id="q", answer="x", articles="a", asked="2020")])
    assert made.expected.answerable is False
    assert (made.expected.answers, made.expected.articles, made.row.text) == ((), (), "Who?")
    assert made.row.question().asked is not None


@pytest.mark.parametrize(
    ("measure", "value", "reached"),
    [("scorer: score", 0.95, "yes"), ("scorer: score", 0.85, "no"), ("scorer: citations", 2.4, "yes"),
     ("scorer: citations", 2.6, "no"), ("hits@1", 0.1, None)],
)  # fmt: skip
def test_a_line_says_whether_it_reaches_what_was_to_be_reached(measure: str, value: float, reached: str | None) -> None:
    row = aimed({"set": "seeds_dev", "system": "ours", "measure": measure, "value": value})
    assert row["reached"] == reached


@pytest.mark.parametrize("run", [1, 2])
def test_the_stock_baseline_of_a_set_knows_no_texts_of_another(run: int) -> None:
    pytest.importorskip("llama_index.vector_stores.chroma", reason="needs the extra bench")
    texts = [Text(f"https://x.invalid/{run}/{n}", "Rain", f"Rain fell {n} times.") for n in range(3)]
    found = stock(texts, FakeEmbedder(), None)("How often did rain fall?")
    assert sorted(found) == [text.url for text in texts]
