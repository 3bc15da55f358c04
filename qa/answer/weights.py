"""The log-odds weights of features.NAMES, fitted by benchmarks/fit.py."""

BIAS = -8.18
WEIGHTS = {
    "similarity": 6.81,
    "passage_rank": 1.92,
    "coverage": 0.28,
    "coverage_around": 3.24,
    "name_coverage": 0.08,
    "name_around": -0.67,
    "name_missing": -0.62,
    "word_coverage": 0.58,
    "worst_missing": 0.92,
    "offers": 0.16,
    "lacks": -1.07,
    "near": 0.19,
    "pairs": -0.52,
    "length": -0.17,
    "question_mark": -0.14,
}

CAUTION = 0.3  # confidence below which nothing is shown: benchmarks/fit.py prints what other values would do
CONFIDENCE_BIAS = 0.5
CONFIDENCE = {"likeliest": 1.1, "unknown_name": -1.1, "unsupported": -1.1}  # of abstain.signals
