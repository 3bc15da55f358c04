"""What benchmarks/fit.py fitted on 25 November 2026: of features.NAMES for ranking, of abstain.SIGNALS for being sure.

Data: benchmarks/press_questions.jsonl and seeds_questions.jsonl, the development questions on the seeds, clapnq (277),
squad2 (460), 114 questions on 4,000 news articles, 44 of them asked again without their articles, and clapnq's asked
of the news. In folds, the likeliest of 36 sentences is right for .77 of the press questions, .71 of the digests’, .76
of clapnq's, .87 of squad2's, .46 of the news'; one of three for .91, .83, .95, .98 and .74. AUROC of the confidence in
folds: press .96, digests .94, clapnq .89, squad2 .64 (.66 over all 1,838), news without their articles .84, clapnq's
questions of the news .93; at a tenth of false abstentions it refused .88, .67, .77, .23, .55 and .82 of the
unanswerable ones. At CAUTION a tenth of the answerable are refused, of the news, of clapnq's and of squad2's alike.
The confidence's folds leave out its own fit only: the scores that it sees come from WEIGHTS, fitted on all sets. The
features, the signals and CAUTION were chosen by these same questions. Expect somewhat less elsewhere.
"""

WEIGHTS = {
    "similarity": 3.97,
    "similarity_led": 4.06,
    "similarity_passage": 0.73,
    "passage_rank": 1.68,
    "coverage": 3.09,
    "coverage_around": 3.02,
    "offers": 0.21,
    "lacks": -0.45,
    "lacks_figure": -3.59,
    "heading": -1.97,
    "caption": -4.01,
}

CAUTION = 0.42  # confidence below which nothing is shown: benchmarks/fit.py prints what other values would do
CONFIDENCE_BIAS = -5.61
CONFIDENCE = {
    "score": 0.22,
    "lead": 0.13,
    "nearest": 3.78,
    "unsupported": -0.67,
    "deed_unsaid": -1.65,
    "named": 0.62,
    "said": 0.26,
}
