"""Who does what to whom."""

from __future__ import annotations

import pytest

from qa.answer.deeds import deed, exchanged
from tests.qa.answer.build import asked, spot

SOLD = "How many ships did Belarus sell Russia?"


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (SOLD, "Russia sold Belarus 12 ships.", True),
        (SOLD, "Russia sold 12 ships to Belarus.", True),
        (SOLD, "Belarus sold Russia 12 ships.", False),
        (SOLD, "Russia was sold 12 ships in Belarus.", False),
        (SOLD, "Russia sold, it was said by Belarus, 12 ships.", False),
        (SOLD, "Russia and Belarus sold 12 ships to Belarus.", False),
        (SOLD, "Russia gave Belarus 12 ships.", False),
        (SOLD, "Russia sold 12 ships.", False),
        ("What did Ella Berg give Strand?", "Strand gave Berg a horse.", True),
        ("What did Ella Berg give Strand?", "Berg gave Strand a horse.", False),
        ("What did the mayor give Strand?", "Strand gave the mayor a horse.", False),
        ("Who gave Strand a horse?", "Strand gave Berg a horse.", False),
        ("What did Berg give?", "Strand gave Berg a horse.", False),
    ],
)
def test_a_sentence_tells_of_the_other_way_round(question: str, text: str, expected: bool) -> None:
    assert exchanged(deed(asked(question)), spot(text)) is expected
