"""A model that lies: forged markers, altered quotes, swapped sources, one number changed, in ten thousand answers."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from qa.types import Verdict
from qa.verify.verifier import Verifier
from tests.fakes import FakeReader
from vectorstore.articles import Hit, Reference, Sentence

ANSWERS = 10_000
PEOPLE = "Ada Brook;Ilya Verne;Mara Quist;Tomas Reyle;Nadia Holt;Pavel Stroud;Greta Lund;Omar Dace".split(";")
PLACES = "Harrow Bay;Sorrel Point;Lindvale;Corran;Westmere;Tarn Hill;Oxley;Port Annis".split(";")
SUBJECTS = "ferry;lighthouse;harbour;orchard;library;bridge;quarry;museum".split(";")
SHAPES = (
    "{person} said the {subject} in {place} would cost {n} million euros and open in {year}.",
    "The council of {place} voted {n} to {m} for the {subject} on {n} March {year}.",
    "“We counted {n} visitors at the {subject} this week,” {person} told reporters in {place}.",
    "Workers in {place} found {n} coins under the {subject} in {year}, according to {person}.",
    "{person} did not say when the {subject} of {place} would reopen after {n} months of repairs.",
)
FORGED = ("[0]", "[99]", "[-1]", "[1, 2]", "[7][8]", "[²]")


@dataclass(frozen=True, slots=True)
class Lie:
    """A sentence of an answer: what was done to it, and whether it is still true."""

    kind: str
    text: str
    true: bool


@cache
def passages() -> tuple[Hit, ...]:
    """Forty invented passages of four sentences each."""
    chance = random.Random(7)
    return tuple(_passage(number, chance) for number in range(40))


def _passage(number: int, chance: random.Random) -> Hit:
    place, text, sentences = chance.choice(PLACES), "", []
    for shape in chance.sample(SHAPES, 4):
        filled = shape.format(
            person=chance.choice(PEOPLE),
            place=place,
            subject=chance.choice(SUBJECTS),
            n=chance.randrange(13, 31),
            m=chance.randrange(2, 12),
            year=chance.randrange(1990, 2026),
        )
        start = len(text) + bool(text)
        text = f"{text} {filled}".strip()
        sentences.append(Sentence(start, start + len(filled), 0))
    article = Reference(f"{number:016x}", f"/{number}.txt", title=f"News of {place}", published="2026-03-01")
    return Hit(number, article, 0, len(text), text, tuple(sentences))


def sentence(hit: Hit, chance: random.Random) -> str:
    one = chance.choice(hit.sentences)
    return hit.text[one.start : one.end]


def lies(hits: list[Hit], chance: random.Random) -> Iterator[Lie]:
    """An answer: a true sentence, and one of each of two kinds of others."""
    at = chance.randrange(len(hits))
    own = sentence(hits[at], chance)
    yield Lie("true", f"{own[:-1]} [{at + 1}].", True)
    kind = chance.choice(("forged marker", "swapped source", "number", "quote", "invented"))
    other = sentence(hits[at - 1], chance)
    if kind == "forged marker":
        yield Lie(kind, f"{other} {chance.choice(FORGED)}", True)
    elif kind == "swapped source":
        yield Lie(kind, f"{other} [{at + 1}]", True)
    elif kind == "number":
        figures = list(re.finditer(r"\d+", own))
        found = chance.choice(figures)
        yield Lie(
            kind,
            f"{own[: found.start()]}{int(found[0]) + chance.choice((1, 5, 40))}{own[found.end() :]} [{at + 1}]",
            False,
        )
    elif kind == "quote" and "“" in own:
        yield Lie(kind, own.replace("visitors", "angry strangers") + f" [{at + 1}]", False)
    else:
        yield Lie(
            "invented", f"{chance.choice(PEOPLE)} resigned after a quarrel about whales in Lisbon. [{at + 1}]", False
        )


@pytest.mark.timeout(600)
def test_of_ten_thousand_lying_answers_none_shows_an_invention_and_one_number_in_a_hundred_passes_at_most() -> None:
    chance, reader = random.Random(11), FakeReader()
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for _ in range(ANSWERS):
        hits = chance.sample(passages(), 4)
        verifier = Verifier(hits, reader)
        for lie in lies(hits, chance):
            checked = verifier.check(lie.text)
            seen[lie.kind] += 1
            right[lie.kind] += (checked.verdict is not Verdict.UNSUPPORTED) is lie.true
            assert all(span.hit in hits for span in checked.spans)  # nothing dangles
            assert all(span.text and span.text in span.hit.text for span in checked.spans)  # word for word
            assert bool(checked.spans) is (checked.verdict is not Verdict.UNSUPPORTED)
            assert not re.search(r"\[-?\d", checked.text)  # no marker of the model's own is left
            if lie.kind == "swapped source" and checked.spans:
                assert lie.text.startswith(checked.spans[0].text)
    assert min(seen.values()) > 200
    assert {kind: seen[kind] - right[kind] for kind in seen if kind != "number"} == dict.fromkeys(
        seen.keys() - {"number"}, 0
    )
    assert right["number"] / seen["number"] >= 0.99  # one may be the difference of two that the passage has
