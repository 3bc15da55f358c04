"""What `python -m benchmarks.reader fit` fitted on the development questions: how sure an answer is, and must be."""

VETO = 4.0  # what a name or number that stands nowhere in the article takes from a reading's score
CONFIDENCE = {"score": 1.0, "lead": 0.0, "whole": -2.0, "part": -1.0, "apart": -1.0, "passage": 0.0, "untimely": -1.0}
BIAS = 0.0
MIN_CONFIDENCE = 0.5  # below it nothing is shown
