"""What the features of a passage are worth, fitted by benchmarks/fit_ranking.py."""

WEIGHTS = {"cosine": 0.53, "bm25": 0.23, "article": 0.34, "names": 0.13, "pairs": 0.16}
