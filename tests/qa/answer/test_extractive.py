"""The sentences that are quoted for a question of several parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qa.answer.extractive import Extractive, Judged
from qa.answer.spots import spots
from qa.retrieve.understand import Query
from tests.vectorstore.build import EMBEDDER, filled, record
from vectorstore.articles import Hit
from vectorstore.store import Store


class Choosing(Extractive):
    """Quotes for each part what it is told, by the places of the hits."""

    def __init__(self, store: Store, chosen: dict[str, Sequence[int]]) -> None:
        super().__init__(store, EMBEDDER)
        self._chosen = chosen

    def judged(self, text: str, query: Query, hits: Sequence[Hit]) -> Judged:  # noqa: ARG002
        """Return the told sentences."""
        found = spots(hits)
        return Judged(tuple(found[at] for at in self._chosen[text]), 1.0)


def test_a_sentence_that_two_parts_choose_is_cited_where_the_first_has_it(tmp_path: Path) -> None:
    folder = filled(tmp_path / "s", *(record(f"/{name}", f"It was {name}.") for name in ("ann", "bob", "cat")))
    with Store.open(folder) as store:
        hits = store.hits(store.ledger.passage_ids())
        answerer = Choosing(store, {"Who sold Ann ships?": (0, 2), "Who bought Bob trains?": (1, 0)})
        cited = answerer.citations(Query("Who sold Ann ships? Who bought Bob trains?"), hits)
    assert [citation.article.source for citation in cited] == ["/ann", "/cat", "/bob"]
