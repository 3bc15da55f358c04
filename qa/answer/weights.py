"""The log-odds weights of features.NAMES, fitted by benchmarks/fit.py."""

BIAS = -8.17
WEIGHTS = {
    "similarity": 5.98,
    "passage_rank": 3.01,
    "coverage": 0.08,
    "coverage_around": 2.93,
    "name_coverage": -0.02,
    "name_around": -1.01,
    "name_missing": -0.79,
    "word_coverage": 0.63,
    "worst_missing": 0.74,
    "offers": 0.27,
    "lacks": -0.93,
    "near": -0.05,
    "pairs": -0.38,
    "length": -0.17,
    "question_mark": -0.09,
}
