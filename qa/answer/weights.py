"""What benchmarks/fit.py fitted on 26 November 2026: of features.NAMES for ranking, of abstain.SIGNALS for being sure.

Data: benchmarks/press_questions.jsonl and seeds_questions.jsonl, the development questions on the seeds, clapnq (277),
squad2 (460), 114 questions on 4,000 news articles, 44 of them asked again without their articles, both once more with
their day, and clapnq's asked of the news. In folds, the likeliest of 36 sentences is right for .74 of the press
questions, .71 of the digests’, .76 of clapnq's, .87 of squad2's, .48 of the news'; one of three for .91, .88, .95, .98
and .73. AUROC of the confidence in folds: press .96, digests .94, clapnq .89, squad2 .64, news without their articles
.86, .89 with the day, clapnq's questions of the news .94; at a tenth of false abstentions it refused .88, .67, .77,
.26, .68, .75 and .85 of the unanswerable ones.
The confidence's folds leave out its own fit only: the scores that it sees come from WEIGHTS, fitted on all sets. The
features, the signals and CAUTION were chosen by these same questions. Expect somewhat less elsewhere.
"""

WEIGHTS = {
    "similarity": 4.01,
    "similarity_led": 4.01,
    "similarity_passage": 1.29,
    "passage_rank": 1.58,
    "coverage": 3.17,
    "coverage_around": 3.10,
    "offers": 0.22,
    "lacks": -0.46,
    "lacks_figure": -3.43,
    "heading": -1.99,
    "caption": -3.99,
}

CAUTION = 0.42  # confidence below which nothing is shown: benchmarks/fit.py prints what other values would do
CONFIDENCE_BIAS = -5.63
CONFIDENCE = {
    "score": 0.22,
    "lead": 0.13,
    "nearest": 3.66,
    "unsupported": -0.71,
    "deed_unsaid": -1.56,
    "named": 0.63,
    "said": 0.27,
    "untimely": -1.40,
    "company": 3.42,
}
