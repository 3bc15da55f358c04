"""A verified sentence takes its part of the draft away, however its marks and markers were changed."""

from __future__ import annotations

import pytest

from tui.widgets.unverified import rest


@pytest.mark.parametrize(
    ("pending", "sentence", "left"),
    [
        ("The lamp was lit in 1911 [1]. The le", "The lamp was lit in 1911 [1].", "The le"),
        ("The lamp was lit in 1911 [4]. The le", "The lamp was lit in 1911 →[2].", "The le"),
        ("The lamp was lit in 1911. [1] “The le", "The lamp was lit in 1911 [1].", "“The le"),
        ("The lamp was lit in 1911 [1, 2][^3]. Th", "The lamp was lit in 1911.", "Th"),
        ("THE LAMP  was\nlit in 1911 [1].\n\n- The", "The lamp was lit in 1911 [1].", "- The"),
        ("Well. The lamp was lit [1]. Th", "The lamp was lit [1].", "Th"),
        ("The lamp was lit [1].", "The lamp was lit [1].", ""),
        ("He said: “It burned.” [1] Then", "He said: “It burned.” [1]", "Then"),
        ("Something else altogether", "The lamp was lit [1].", ""),
        ("anything", "[1]", ""),
        ("", "The lamp was lit [1].", ""),
    ],
)
def test_what_is_pending_up_to_the_end_of_the_sentence_goes(pending: str, sentence: str, left: str) -> None:
    assert rest(pending, sentence) == left
