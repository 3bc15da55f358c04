"""What benchmarks/fit.py fitted on 26 November 2026: of features.NAMES for ranking, of abstain.SIGNALS for being sure.

Data: benchmarks/press_questions.jsonl and seeds_questions.jsonl, the development questions on the seeds, clapnq (277),
squad2 (460), 114 questions on 4,000 news articles, 44 of them asked again without their articles, both once more with
their day, and clapnq's asked of the news. In folds, the likeliest of 36 sentences is right for .77 of the press
questions, .71 of the digests’, .76 of clapnq's, .87 of squad2's, .47 of the news'; one of three for .91, .83, .95, .98
and .76. AUROC of the confidence in folds: press .97, digests .93, clapnq .89, squad2 .64 (.66 over all 1,838), news
without their articles .86, .89 with the day, clapnq's questions of the news .94; at a tenth of false abstentions it
refused .88, .67, .74, .23, .73, .77 and .84 of the unanswerable ones.
The confidence's folds leave out its own fit only: the scores that it sees come from WEIGHTS, fitted on all sets. The
features, the signals and CAUTION were chosen by these same questions. Expect somewhat less elsewhere.
"""

WEIGHTS = {
    "similarity": 3.96,
    "similarity_led": 3.99,
    "similarity_passage": 0.57,
    "passage_rank": 1.74,
    "coverage": 3.11,
    "coverage_around": 3.06,
    "offers": 0.21,
    "lacks": -0.45,
    "lacks_figure": -3.61,
    "heading": -1.95,
    "caption": -4.02,
}

CAUTION = 0.42  # confidence below which nothing is shown: benchmarks/fit.py prints what other values would do
CONFIDENCE_BIAS = -5.79
CONFIDENCE = {
    "score": 0.23,
    "lead": 0.14,
    "nearest": 3.77,
    "unsupported": -0.65,
    "deed_unsaid": -1.55,
    "named": 0.72,
    "said": 0.26,
    "untimely": -1.37,
    "company": 1.11,
}
