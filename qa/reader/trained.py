"""Which language the packaged reader was trained on: English. What it reads in another one it is less sure of."""

from __future__ import annotations

from qa.language.detect import WORD, language_of
from qa.language.en import ENGLISH

LANGUAGE, NAME = ENGLISH, "English"
CEILING = 0.7  # the most that a confidence in another language may be
LONG = 20  # words from which a text of English must show English
SHARE = 0.12  # of a long text's words that are stop words, at least


def trained_on(text: str) -> bool:
    """Tell whether a text may be in the reader's language; of a few words that belong to no language it may.

    Script and small words tell, of a long text also that it has enough of English: not every language is listed.
    """
    words = WORD.findall(text.lower())
    shown = sum(word in LANGUAGE.stopwords for word in words) >= SHARE * len(words)
    return language_of(text) is LANGUAGE and (len(words) < LONG or shown)
