"""What benchmarks/fit.py fitted on 25 November 2026: of features.NAMES for ranking, of abstain.SIGNALS for being sure.

Data: benchmarks/press_questions.jsonl and seeds_questions.jsonl, the development questions on the seeds, clapnq (277),
squad2 (205), 114 questions on 4,000 news articles, 46 of them asked again without their articles, and 139 of clapnq's
asked of the news. In folds, the likeliest of 36 sentences is right for .77 of the press questions, .79 of the digests’,
.78 of clapnq's, .91 of squad2's, .43 of the news'; one of three for .93, .88, .96, .99 and .67. AUROC of the
confidence in folds: press .94, digests .94, clapnq .89, squad2 .65, news without their articles .81, clapnq's questions
of the news .90; at a tenth of false abstentions it refused .82, .75, .74, .22, .59 and .81 of the unanswerable ones.
The confidence's folds leave out its own fit only: the scores that it sees come from WEIGHTS, fitted on all sets. The
features, the signals and CAUTION were chosen by these same questions. Expect somewhat less elsewhere.
"""

WEIGHTS = {
    "similarity": 4.12,
    "similarity_led": 3.80,
    "similarity_passage": 1.63,
    "passage_rank": 1.32,
    "coverage": 3.12,
    "coverage_around": 3.30,
    "offers": 0.22,
    "lacks": -0.49,
    "lacks_figure": -3.37,
    "heading": -2.04,
    "caption": -3.76,
}

CAUTION = 0.42  # confidence below which nothing is shown: benchmarks/fit.py prints what other values would do
CONFIDENCE_BIAS = -4.84
CONFIDENCE = {
    "score": 0.22,
    "lead": 0.18,
    "nearest": 3.81,
    "unsupported": -0.96,
    "deed_unsaid": -1.70,
    "named": 0.00,
}
