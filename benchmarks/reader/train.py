"""Training: late interaction and judged pairs in every step, from a seed, resumable from its last checkpoint."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from benchmarks.reader.data import Claim, Example, Judged, Text, Texts, plain
from benchmarks.reader.draw import Draw
from benchmarks.reader.network import SCALARS, Network
from qa.reader.layout import Layout, Paired

T = TypeVar("T")
ANSWERS, SUPPORTS = 0, 1
BARE = 0.5  # the loss of cosine and MaxSim alone
WORTH = {"relation": 1.0}  # what an altered copy counts; those told exactly count OTHERWISE
OTHERWISE = 0.3
SPANS = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: batches of questions, of which some are judged in pairs, and of claims."""

    epochs: float = 1.15
    questions: int = 10
    hard: float = 0.5
    pairs: int = 10
    rivals: int = 2
    claims: int = 16
    made: int = 8
    paragraphs: int = 6
    rate: float = 8e-5
    head_rate: float = 5e-4
    scalar_rate: float = 2e-2
    warm: int = 40
    seed: int = 13
    every: int = 60


@dataclass(frozen=True, slots=True)
class Data:
    """What is trained on."""

    archive: Texts
    examples: Sequence[Example]
    altered: Mapping[str, Sequence[tuple[str, str]]]
    claims: Sequence[Claim]
    paragraphs: Sequence[Judged]
    judged: Sequence[Judged]


@dataclass
class Losses:
    """Running means of the losses since the last line of the log."""

    sums: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, value: Tensor) -> Tensor:
        """Note a loss and return it."""
        self.sums[name] = self.sums.get(name, 0.0) + float(value.detach())
        self.counts[name] = self.counts.get(name, 0) + 1
        return value

    def line(self) -> str:
        """Return the means, and begin again."""
        said = "  ".join(f"{name} {self.sums[name] / self.counts[name]:.3f}" for name in self.sums)
        self.sums, self.counts = {}, {}
        return said


class Trainer:
    """Trains a network by a plan; `folder` holds the checkpoint that a run goes on from."""

    def __init__(self, network: Network, layout: Layout, data: Data, plan: Plan, folder: Path) -> None:
        self.network, self.layout, self.data, self.plan, self.folder = network, layout, data, plan, folder
        self.random = random.Random(plan.seed)  # seeded for each step, so that a resumed run goes on alike
        self.steps = int(plan.epochs * len(data.examples) / plan.questions)
        parts = dict(network.named_parameters())
        scalars = [parts[name] for name in SCALARS]
        heads = [p for name, p in parts.items() if not name.startswith("encoder.") and name not in SCALARS]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": network.encoder.parameters(), "lr": plan.rate},
                {"params": heads, "lr": plan.head_rate},
                {"params": scalars, "lr": plan.scalar_rate, "weight_decay": 0.0},
            ],
            weight_decay=0.01,
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._slope)
        self.losses = Losses()
        self.draw = Draw(self.random, data.archive.texts, data.examples, data.altered)

    def run(self) -> None:
        """Train to the end, saving as it goes."""
        done = self._resumed()
        batches = self._batches()
        for _ in range(done):
            next(batches)
        self.network.train()
        began = time.perf_counter()
        for step in range(done + 1, self.steps + 1):
            self.random.seed(f"{self.plan.seed} {step}")
            self._step(*next(batches))
            if step % 10 == 0 or step == self.steps:
                pace = (time.perf_counter() - began) / (step - done)
                print(f"step {step}/{self.steps}  {pace:.2f} s  {self.losses.line()}", flush=True)
            if step % self.plan.every == 0 or step == self.steps:
                self._save(step)
                print(f"step {step}/{self.steps}  dev  {self.development()}", flush=True)

    def development(self) -> str:
        """Return the AUROC of the pairs' judgements on the development files, by their sort."""
        figures = []
        for sort in dict.fromkeys(one.sort for one in self.data.judged):
            ours = [one for one in self.data.judged if one.sort == sort]
            head = SUPPORTS if sort == "claims" else ANSWERS
            with torch.no_grad():
                said = [
                    float(logit)
                    for start in range(0, len(ours), 48)
                    for logit in self.network.judged([self._laid(one) for one in ours[start : start + 48]])[0][:, head]
                ]
            figures.append(f"{sort} {roc_auc_score([one.right for one in ours], said):.3f}")
        return "  ".join(figures)

    def _laid(self, one: Judged) -> Paired:
        return self.layout.pair(one.asked, one.heading, one.before, one.target)

    def _slope(self, step: int) -> float:
        return min((step + 1) / self.plan.warm, max(0.0, (self.steps - step) / max(1, self.steps - self.plan.warm)))

    def _batches(self) -> Iterator[tuple[list[Example], list[Claim], list[Judged]]]:
        order = random.Random(self.plan.seed)
        questions, statements = _endless(self.data.examples, order), _endless(self.data.claims, order)
        others = _endless(self.data.paragraphs, order)
        while True:
            yield (
                [next(questions) for _ in range(self.plan.questions)],
                [next(statements) for _ in range(self.plan.claims)],
                [next(others) for _ in range(self.plan.paragraphs)],
            )

    def _step(self, batch: Sequence[Example], claims: Sequence[Claim], others: Sequence[Judged]) -> None:
        self.optimizer.zero_grad()
        loss, rivals = self._late(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        self._pairs(batch, rivals).backward()  # type: ignore[no-untyped-call]
        (self._claims(claims) + self._paragraphs(others)).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()

    def _late(self, batch: Sequence[Example]) -> tuple[Tensor, list[list[tuple[int, int]]]]:
        """The loss of late interaction, and for each question the likeliest wrong sentences of the batch."""
        passages = list(dict.fromkeys(p for example in batch for p in self._drawn(example)))
        texts = [self.data.archive.texts[p] for p in passages]
        laid = [self.layout.passage(text.heading, text.sentences) for text in texts]
        places = [
            (p, at) for p, one in zip(passages, laid, strict=True) for at, (a, b) in enumerate(one.spans) if b > a
        ]
        copies = [
            (at, *self.random.choice(self.data.altered[e.id]))
            for at, e in enumerate(batch)
            if e.id in self.data.altered
        ]
        asked = [e.question for e in batch] + [question for _, question, _ in copies]
        vectors = self.network.encode([self.layout.question(text) for text in asked] + [one.ids for one in laid])
        cosine, late = self.network.interact(vectors[: len(asked)], vectors[len(asked) :], laid)
        gold = torch.tensor([[place in set(e.gold) for place in places] for e in batch])
        keep = gold.any(1)
        a, b = self.network.scale
        scores = a * cosine + b * late
        none = self.network.none.expand(len(asked), 1)
        everything = torch.cat([scores, none], 1).logsumexp(1)
        best = scores[: len(batch)].masked_fill(~gold, -math.inf).logsumexp(1)
        loss = self.losses.add("late", (everything[: len(batch)] - best)[keep].mean())
        for scale, alone in ((a, cosine), (b, late)):
            own = 1.5 * scale * alone[: len(batch)]
            loss = loss + BARE / 2 * (own.logsumexp(1) - own.masked_fill(~gold, -math.inf).logsumexp(1))[keep].mean()
        if copies:
            worth = torch.tensor([WORTH.get(kind, OTHERWISE) for _, _, kind in copies])
            of = torch.tensor([at for at, _, _ in copies])
            theirs = scores[len(batch) :].masked_fill(~gold[of], -math.inf).logsumexp(1)
            refused = everything[len(batch) :] - none[len(batch) :, 0]
            apart = nn.functional.softplus(theirs - best[of])
            there = keep[of]
            loss = loss + self.losses.add("none", (worth * (0.5 * refused + apart))[there].mean())
        top = scores[: len(batch)].detach().masked_fill(gold, -math.inf).topk(8, dim=1).indices.tolist()
        return loss, [[places[at] for at in row] for row in top]

    def _drawn(self, example: Example) -> list[int]:
        gold = self.random.choice(sorted({passage for passage, _ in example.gold}))
        hard = example.hard[:12]
        return [gold, self.random.choice(hard)] if hard and self.random.random() < self.plan.hard else [gold]

    def _pairs(self, batch: Sequence[Example], rivals: Sequence[Sequence[tuple[int, int]]]) -> Tensor:
        """The loss of judged pairs: the right sentence before its rivals, and above what an altered copy asks of it."""
        chosen = self.random.sample(range(len(batch)), self.plan.pairs)
        pairs: list[Paired] = []
        groups: list[tuple[int, list[int], int | None, tuple[int, int] | None]] = []
        for at in chosen:
            example, place = batch[at], self.random.choice(batch[at].gold)
            first = len(pairs)
            pairs.append(self._pair(example.question, place))
            wrong = [p for p in rivals[at] if not self._right(example, p)][: self.plan.rivals]
            pairs += [self._pair(example.question, p) for p in wrong]
            copy = None
            if question := self.draw.copy(example, place):
                copy = len(pairs)
                pairs.append(self._pair(question, place))
            marked_ = marked(pairs[first], self.data.archive.texts[place[0]].sentences[place[1]], example.answer)
            groups.append((first, list(range(first + 1, first + 1 + len(wrong))), copy, marked_))
        logits, spans = self.network.judged(pairs)
        answers, binary = logits[:, ANSWERS], nn.functional.binary_cross_entropy_with_logits
        ranking, telling, apart, marks = [], [], [], []
        for first, wrong_, copy, answer in groups:
            ranking.append(answers[[first, *wrong_]].logsumexp(0) - answers[first])
            telling.append(binary(answers[first], torch.tensor(1.0)))
            telling += [0.5 * binary(answers[w], torch.tensor(0.0)) for w in wrong_]
            if copy is not None:
                telling.append(binary(answers[copy], torch.tensor(0.0)))
                apart.append(nn.functional.softplus(answers[copy] - answers[first]))
            if answer:
                opening, closing = spans[first].unbind(1)
                marks.append(opening.logsumexp(0) - opening[answer[0]] + closing.logsumexp(0) - closing[answer[1]])
        loss = self.losses.add("rank", torch.stack(ranking).mean()) + self.losses.add(
            "tell", torch.stack(telling).mean()
        )
        if apart:
            loss = loss + self.losses.add("apart", torch.stack(apart).mean())
        if marks:
            loss = loss + SPANS * self.losses.add("span", torch.stack(marks).mean())
        return loss

    def _pair(self, question: str, place: tuple[int, int]) -> Paired:
        return pair(self.layout, question, self.data.archive.texts[place[0]], place[1])

    def _right(self, example: Example, place: tuple[int, int]) -> bool:
        sentence = plain(self.data.archive.texts[place[0]].sentences[place[1]])
        return bool(example.answer) and f" {plain(example.answer)} " in f" {sentence} "

    def _claims(self, claims: Sequence[Claim]) -> Tensor:
        """The loss of statements, and of those that are borne out beside their altered copies."""
        drawn = self.draw.statements(claims, self.plan.made)
        logits, _ = self.network.judged([self.layout.pair(said, head, "", text) for said, head, text, _ in drawn.rows])
        said, labels = logits[:, SUPPORTS], torch.tensor([label for *_, label in drawn.rows])
        losses = nn.functional.binary_cross_entropy_with_logits(said, labels, reduction="none")
        loss = 1.5 * self.losses.add("claims", losses[: drawn.by_hand].mean())
        if len(drawn.rows) > drawn.by_hand:
            loss = loss + 0.5 * self.losses.add("made", losses[drawn.by_hand :].mean())
        if drawn.beside:
            right, wrong = (torch.tensor(side) for side in zip(*drawn.beside, strict=True))
            loss = loss + 0.5 * self.losses.add("beside", nn.functional.softplus(said[wrong] - said[right]).mean())
        return loss

    def _paragraphs(self, others: Sequence[Judged]) -> Tensor:
        """The loss of questions with one sentence of a paragraph, about half of them without an answer there."""
        logits, _ = self.network.judged([self._laid(one) for one in others])
        labels = torch.tensor([float(one.right) for one in others])
        binary = nn.functional.binary_cross_entropy_with_logits
        return 0.5 * self.losses.add("squad2", binary(logits[:, ANSWERS], labels))

    def _save(self, step: int) -> None:
        draft = self.folder / "checkpoint.draft"
        state = {
            "step": step,
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
        }
        torch.save(state, draft)
        draft.rename(self.folder / "checkpoint.pt")

    def _resumed(self) -> int:
        path = self.folder / "checkpoint.pt"
        if not path.is_file():
            return 0
        state = torch.load(path, weights_only=False)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        return int(state["step"])


def pair(layout: Layout, question: str, text: Text, at: int) -> Paired:
    """Return a question with one sentence of a passage, the sentence before it in front."""
    return layout.pair(question, text.heading, text.sentences[at - 1] if at else "", text.sentences[at])


def marked(paired: Paired, target: str, answer: str) -> tuple[int, int] | None:
    """Return the first and the last target token of the answer's words, where the sentence has them."""
    at = target.lower().find(answer.lower()) if answer else -1
    inside = [n for n, (a, b) in enumerate(paired.offsets) if a < at + len(answer) and b > at] if at >= 0 else []
    return (inside[0], inside[-1]) if inside else None


def _endless(items: Sequence[T], chance: random.Random) -> Iterator[T]:
    while True:
        order = list(range(len(items)))
        chance.shuffle(order)
        yield from (items[at] for at in order)
