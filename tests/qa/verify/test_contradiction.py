from __future__ import annotations

import pytest

from qa.verify.contradiction import contradicting
from qa.verify.verifier import Verifier
from tests.fakes import FakeReader
from tests.qa.answer.build import hit

TOLD = "The council of Oxley voted 12 to 7 for the ferry in 1998."


def quote(said: str, told: str = TOLD) -> str | None:
    verifier = Verifier([hit(told)], FakeReader())
    basis = contradicting(said, verifier.judged(said), FakeReader())
    return basis.text if basis else None


@pytest.mark.parametrize(
    "said",
    [
        "The council of Oxley voted 15 to 7 for the ferry in 1998.",
        "The council of Oxley voted 12 to 7 for the ferry in 1999.",
        "The council of Corran voted 12 to 7 for the ferry in 1998.",
    ],
)
def test_one_fact_exchanged_in_an_otherwise_equal_sentence_is_a_contradiction(said: str) -> None:
    assert quote(said) == TOLD


@pytest.mark.parametrize(
    "said",
    [
        TOLD,
        "The council of Corran voted 15 to 3 for the ferry in 2004.",
        "A storm damaged 15 houses of Oxley in 1998.",
    ],
)
def test_what_differs_in_more_is_none(said: str) -> None:
    assert quote(said) is None


def test_a_sentence_that_denies_what_is_stated_is_a_contradiction() -> None:
    told = "The council of Oxley did not vote for the ferry."

    class Exact(FakeReader):
        def supports(self, statement, evidence):  # type: ignore[no-untyped-def]
            return [float("not" in statement) if "not" in one.text else 0.9 for one in evidence]

    verifier = Verifier([hit(told)], Exact())
    said = "The council of Oxley voted for the ferry."
    assert contradicting(said, verifier.judged(said), Exact()) is not None
