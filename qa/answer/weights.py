"""What `python -m benchmarks.reader measure` chose on the development questions: how sure an answer is, and must be.

LACKING is what it takes from a reading's score that a name or number of the question stands nowhere in the article: by
its last word (`whole`), by another (`part`), or only apart (`apart`); `nearby`: in the article, not in the passage.
CONFIDENCE weighs the score without that, the lead over other articles, and the same lacks.
"""

LACKING = {"whole": 1.2, "part": 0.3, "apart": 0.0, "nearby": 0.7}
CONFIDENCE = {"score": 0.3, "lead": 0.06, "whole": -2.0, "part": -1.1, "apart": 0.0, "nearby": 0.0, "untimely": -1.0}
BIAS = 0.0
MIN_CONFIDENCE = 0.5  # below it nothing is shown
