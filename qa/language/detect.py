"""Which language a text is written in, by its script and its small words, and whether the packaged reader knows it."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.language.base import NEUTRAL, Language
from qa.language.en import ENGLISH

# function words of German, French, Spanish, Italian, Portuguese, Dutch, Turkish and Polish that English has not, and
# that do not stand in names (von der Leyen, Los Angeles)
ELSEWHERE = frozenset(
    """das den dem des und ist sind wurde wurden warum wer wie wann wo wieviele welche welcher welches nicht womit wofür
    mit er sie wir ich für eine einen bei zum zur une est sont était qui que quoi quel quelle quels pourquoi quand où
    combien dans avec pour sur cette es son fue qué quién quiénes cuándo cuánto cuántos cómo dónde por con gli che è chi
    quando perché dove quanto quanti nel della di o os uma foi quem onde porque het een wat waarom wie wanneer hoe
    hoeveel waar niet ve bir bu ne neden niçin kim kime kimden nerede nereye nereden nasıl kaç kadar hangi hangisi için
    ile mi mı jest kto dlaczego kiedy gdzie jak co nie die qu""".split()
)
SHARED = frozenset(
    "was in on an a so am do will no me her hers him is or he most of over to my may as i will t s d".split()
)
OTHER_LETTER = re.compile(r"[^\W\d_a-zA-ZÀ-ɏḀ-ỿ]")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")


def other_script(text: str) -> bool:
    """Tell whether most letters of a text are of another script than Latin, of which the reader knows no word."""
    return 2 * len(OTHER_LETTER.findall(text)) > len(LETTER.findall(text))


@lru_cache(maxsize=1024)
def language_of(text: str) -> Language:
    """Return the language that a question is written in: English unless its script or its small words say otherwise."""
    if other_script(text):
        return NEUTRAL
    words = [word.lower() for word in WORD.findall(text)]
    english = sum(word in ENGLISH.stopwords and word not in SHARED for word in words)
    return NEUTRAL if sum(word in ELSEWHERE for word in words) > english else ENGLISH


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
