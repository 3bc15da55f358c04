"""What is quoted for a question of several parts."""

from __future__ import annotations

from pathlib import Path

from qa.answer.examine import Examined
from qa.answer.extractive import Extractive
from tests.qa.answer.build import readings
from tests.vectorstore.build import filled, record
from vectorstore.store import Store


def test_a_sentence_that_two_parts_choose_is_cited_where_the_first_has_it(tmp_path: Path) -> None:
    names = ("ann", "bob", "cat")
    folder = filled(tmp_path / "s", *(record(f"/{name}", f"It was {name * 4}.") for name in names))
    with Store.open(folder) as store:
        ann, bob, cat = (readings(hit)[0] for hit in store.hits(store.ledger.passage_ids()))
        parts = (Examined("Who sold?", (ann, cat), 1.0), Examined("Who bought?", (bob, ann), 1.0))
        cited = Extractive(store).citations(parts)
    assert [citation.article.source for citation in cited] == ["/ann", "/cat", "/bob"]


def test_a_part_that_is_not_sure_enough_is_not_quoted(tmp_path: Path) -> None:
    with Store.open(filled(tmp_path / "s", record("/ann"), record("/bob", "Snow fell in Oslo."))) as store:
        rain, snow = (readings(hit)[0] for hit in store.hits(store.ledger.passage_ids()))
        parts = (Examined("Did rain fall?", (rain,), 0.3), Examined("Did snow fall?", (snow,), 0.7))
        cited = Extractive(store, 0.5).citations(parts)
    assert [citation.quote for citation in cited] == ["Snow fell in Oslo."]
