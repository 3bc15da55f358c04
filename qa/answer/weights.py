"""What benchmarks/fit.py fitted: of features.NAMES for ranking sentences, of abstain.SIGNALS for being sure."""

WEIGHTS = {
    "similarity": 4.80,
    "similarity_led": 6.75,
    "similarity_passage": 4.12,
    "passage_rank": 0.68,
    "coverage": 3.03,
    "coverage_around": 4.33,
    "offers": 0.18,
    "lacks": -0.35,
    "lacks_figure": -4.14,
    "heading": -3.85,
    "caption": -3.34,
}

CAUTION = 0.4  # confidence below which nothing is shown: benchmarks/fit.py prints what other values would do
CONFIDENCE_BIAS = -5.92
CONFIDENCE = {
    "score": 0.44,
    "lead": 0.17,
    "unsupported": -2.01,
    "deed_unsaid": -3.53,
}
