"""The log-odds weights of features.NAMES, fitted by benchmarks/fit.py."""

BIAS = -8.64
WEIGHTS = {
    "similarity": 5.75,
    "passage_rank": 2.58,
    "coverage": -0.09,
    "coverage_around": 2.58,
    "name_coverage": -0.07,
    "name_around": -0.34,
    "name_missing": -0.52,
    "word_coverage": 0.63,
    "worst_missing": 0.78,
    "offers": 0.73,
    "lacks": -0.38,
    "near": 0.2,
    "pairs": -0.14,
    "length": -0.02,
    "question_mark": -0.22,
}
