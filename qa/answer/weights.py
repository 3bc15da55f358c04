"""The log-odds weights of features.NAMES, fitted by benchmarks/fit.py."""

BIAS = -8.88
WEIGHTS = {
    "similarity": 1.99,
    "passage_similarity": 0.5,
    "coverage": 1.17,
    "coverage_around": 4.08,
    "name_coverage": 0.82,
    "name_around": -3.14,
    "name_missing": -3.50,
    "word_coverage": 1.73,
    "worst_missing": 1.47,
    "offers": 0.83,
    "lacks": -0.07,
    "near": -0.11,
    "pairs": 0.46,
    "length": 0.23,
    "question_mark": 0.12,
}
