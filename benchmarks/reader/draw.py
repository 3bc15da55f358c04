"""What a step of training draws by chance: altered copies of questions, and statements beside their altered copies."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.reader.alter import Exchange, Way, altered, name, opposite, plainer, roles
from benchmarks.reader.data import Claim, Example, Text

BY_HAND, BY_SCRIPT = 0.8, 0.4  # how often a copy written by hand, or by script, is taken where there is one
HALF, OTHER_SIDE = 0.3, 0.25  # how often half of the evidence is shown, and the evidence is altered instead
NEAR = 8  # sentences of the article that details and names are drawn from


@dataclass(slots=True)
class Statements:
    """Rows of statement, heading, evidence and label (1 borne out, 0 not), of which the first `by_hand` were written.

    `beside` has the places of each that is borne out and of its altered copy.
    """

    rows: list[tuple[str, str, str, float]] = field(default_factory=list)
    beside: list[tuple[int, int]] = field(default_factory=list)
    by_hand: int = 0

    def add(self, statement: str, heading: str, evidence: str, label: float) -> int:
        """Add a row and return its place."""
        self.rows.append((statement, heading, evidence, label))
        return len(self.rows) - 1


class Draw:
    """Draws by `chance`, which the trainer seeds for each step."""

    def __init__(
        self,
        chance: random.Random,
        texts: Sequence[Text],
        examples: Sequence[Example],
        copies: Mapping[str, Sequence[tuple[str, str]]],
    ) -> None:
        self._chance, self._texts, self._copies = chance, texts, copies
        exchange = Exchange([example.question for example in examples])
        self._ways: dict[str, Way] = {
            "exchange": exchange,
            "again": exchange,  # as likely as two of the others
            "opposite": opposite,
            "name": name,
            "roles": roles,
        }
        self._stories: dict[str, list[str]] = defaultdict(list)
        for text in texts:
            self._stories[text.heading].extend(text.sentences)

    def copy(self, example: Example, place: tuple[int, int]) -> str | None:
        """Return an altered copy of a question: one written by hand where there is one, else one made here."""
        copies = self._copies.get(example.id, ())
        by_hand = [question for question, kind in copies if kind == "relation"]
        if by_hand and self._chance.random() < BY_HAND:
            return self._chance.choice(by_hand)
        if copies and self._chance.random() < BY_SCRIPT:
            return self._chance.choice(copies)[0]
        around = " ".join(self._texts[place[0]].sentences)
        return altered(example.question, around, self._chance, self._ways)

    def statements(self, claims: Sequence[Claim], made: int) -> Statements:
        """Return claims, those that are borne out beside an altered copy, and `made` sentences of articles likewise."""
        drawn = Statements()
        for claim in claims:
            self._claim(claim, drawn)
        drawn.by_hand = len(drawn.rows)
        for statement, copy, heading, evidence in self._sentences(made):
            right = drawn.add(statement, heading, evidence, 1.0)
            drawn.beside.append((right, drawn.add(copy, heading, evidence, 0.0)))
        return drawn

    def _claim(self, claim: Claim, drawn: Statements) -> None:
        """Add a claim; one that is borne out also with half of its evidence, and its copy or its evidence's."""
        evidence = " ".join(claim.evidence)
        own = drawn.add(claim.statement, claim.heading, evidence, float(claim.supported))
        if not claim.supported:
            return
        if claim.kind == "merged" and len(claim.evidence) > 1 and self._chance.random() < HALF:
            drawn.add(claim.statement, claim.heading, self._chance.choice(claim.evidence), 0.0)
        around = " ".join([evidence, *self._near(claim.heading)])
        other_side = self._chance.random() < OTHER_SIDE
        if copy := altered(evidence if other_side else claim.statement, around, self._chance):
            pair = (claim.statement, copy) if other_side else (copy, evidence)
            drawn.beside.append((own, drawn.add(pair[0], claim.heading, pair[1], 0.0)))

    def _sentences(self, made: int) -> Iterator[tuple[str, str, str, str]]:
        """Yield sentences of articles: said more plainly, that altered, their heading, themselves."""
        for _ in range(made):
            text = self._chance.choice(self._texts)
            prose = [
                s for s, is_prose in zip(text.sentences, text.prose, strict=True) if is_prose and 50 < len(s) < 260
            ]
            if not prose:
                continue
            evidence = self._chance.choice(prose)
            statement = plainer(evidence, self._chance)
            copy = altered(statement, " ".join(s for s in text.sentences if s != evidence), self._chance)
            if copy and len(statement) > 25:
                yield statement, copy, text.heading, evidence

    def _near(self, heading: str) -> list[str]:
        sentences = self._stories.get(heading, [])
        start = self._chance.randrange(max(1, len(sentences) - NEAR))
        return sentences[start : start + NEAR]
