"""The reader's network: one encoder for late interaction and for pairs, with small heads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from qa.reader.layout import Laid, Paired

WIDTH = 384
CHUNK = 12  # sequences encoded at once, of about one length
HEADS = ("answers", "supports")
SOFT = 0.05  # the temperature of the minimum over a question's tokens
SCALARS = ("scale", "none", "mix", "offset")  # parameters that are few and learn fast


class Network(nn.Module):
    """MiniLM with what late interaction and the judging of pairs need beside it.

    A sentence's score is a · cosine + b · MaxSim (Khattab and Zaharia, SIGIR 2020, p. 41), each token of the question
    weighed by a softmax of its own; `none` is a constant: nothing leads from the question alone to no answer.
    """

    def __init__(self, model: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        # eager: trains a quarter faster on processors than the others, and is exported without a mask
        self.encoder: Any = AutoModel.from_pretrained(str(model), attn_implementation="eager", add_pooling_layer=False)
        for part in self.encoder.modules():
            if isinstance(part, nn.Dropout):
                part.p = 0.0
        self.scale = nn.Parameter(torch.tensor([14.0, 14.0]))
        self.none = nn.Parameter(torch.tensor(10.0))
        self.weigh = nn.Linear(WIDTH, 1, bias=False)
        self.pool, self.judge, self.span = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, len(HEADS)), nn.Linear(WIDTH, 2)
        self.weigh_pair = nn.Linear(WIDTH, 1, bias=False)
        self.mix = nn.Parameter(torch.tensor([[8.0, 8.0, 4.0]] * len(HEADS)))
        self.offset = nn.Parameter(torch.full((len(HEADS),), -9.0))
        for layer in (self.weigh, self.weigh_pair, self.judge):
            nn.init.zeros_(layer.weight)
        nn.init.normal_(self.span.weight, std=0.02)

    def encode(self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None) -> list[Tensor]:
        """Return the token vectors of each sequence, those of about one length run together."""
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        out: list[Any] = [None] * len(ids)
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            width = max(len(ids[at]) for at in chunk)
            batch = torch.zeros((3, len(chunk), width), dtype=torch.long)
            for row, at in enumerate(chunk):
                n = len(ids[at])
                batch[0, row, :n] = torch.tensor(ids[at])
                batch[1, row, :n] = 1
                if types is not None:
                    batch[2, row, :n] = torch.tensor(types[at])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = self.encoder(batch[0], attention_mask=batch[1], token_type_ids=batch[2]).last_hidden_state
            for row, at in enumerate(chunk):
                out[at] = hidden[row, : len(ids[at])].float()
        return out

    def interact(
        self, questions: Sequence[Tensor], passages: Sequence[Tensor], laid: Sequence[Laid]
    ) -> tuple[Tensor, Tensor]:
        """Return cosine and MaxSim of each question with each sentence, both (questions, sentences), in order."""
        unit = nn.functional.normalize
        words = [q[1:-1] for q in questions]
        means = unit(torch.stack([w.mean(0) for w in words]), dim=-1)
        inside = [p[a:b] for p, one in zip(passages, laid, strict=True) for a, b in one.spans if b > a]
        sentences = unit(torch.stack([s.mean(0) for s in inside]), dim=-1)
        tokens, sizes = unit(torch.cat(inside), dim=-1), torch.tensor([len(s) for s in inside])
        owner = torch.repeat_interleave(torch.arange(len(inside)), sizes)
        late = []
        for one in words:
            alike = unit(one, dim=-1) @ tokens.T
            best = torch.full((len(one), len(inside)), -1.0).scatter_reduce(
                1, owner.expand(len(one), -1), alike, "amax"
            )
            late.append(torch.softmax(self.weigh(one).squeeze(-1), 0) @ best)
        return means @ sentences.T, torch.stack(late)

    def judged(self, pairs: Sequence[Paired]) -> tuple[Tensor, list[Tensor]]:
        """Return each pair's logits, (pairs, HEADS), and for each target token its logits of opening and closing."""
        vectors = self.encode([p.ids for p in pairs], [p.types for p in pairs])
        first = torch.stack([v[0] for v in vectors])
        spans = [self.span(v[p.at : p.at + len(p.offsets)]) for v, p in zip(vectors, pairs, strict=True)]
        alike = torch.stack([self._alike(v, p) for v, p in zip(vectors, pairs, strict=True)])
        return alike @ self.mix.T + self.offset + self.judge(torch.tanh(self.pool(first))), spans

    def _alike(self, vectors: Tensor, pair: Paired) -> Tensor:
        """Cosine and MaxSim of question and target, and the softest minimum over the question's tokens: what is least
        borne out by anything that it was read with."""
        unit = nn.functional.normalize
        asked = vectors[1 : 1 + max(1, pair.asked)]
        target, around = vectors[pair.at : pair.at + max(1, len(pair.offsets))], vectors[2 + pair.asked :]
        cosine = unit(asked.mean(0), dim=0) @ unit(target.mean(0), dim=0)
        words = unit(asked, dim=-1)
        late = torch.softmax(self.weigh_pair(asked).squeeze(-1), 0) @ (words @ unit(target, dim=-1).T).amax(1)
        nearest = (words @ unit(around, dim=-1).T).amax(1)
        least = -SOFT * (torch.logsumexp(-nearest / SOFT, 0) - math.log(len(nearest)))
        return torch.stack([cosine, late, least])
