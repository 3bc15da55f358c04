"""What a sentence shares with a question in words: all that there is to go by where the reader knows no script."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from qa.words import keys


def shared(question: str, texts: Sequence[str]) -> list[float]:
    """Return for each text how much of the question's words it has, 0 … 1, rare ones among the texts counting more.

    A word weighs as in BM25 (Robertson and Zaragoza, FnTIR 2009, p. 347); what no text has does not count.
    """
    asked = keys(question)
    held = [keys(text) & asked for text in texts]
    counts = Counter(key for one in held for key in one)
    rare = {key: math.log(1 + (len(texts) - count + 0.5) / (count + 0.5)) for key, count in counts.items()}
    whole = sum(rare.values()) or 1.0
    return [sum(rare[key] for key in one) / whole for one in held]
