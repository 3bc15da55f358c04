"""Which language an article is in: its text tells it, and what its source states stands where the text allows it.

Templates say `en` of pages in any language, so that a statement alone is worth little. Parts of a text are told each by
itself, English by its small words and everything else by py3langid (Lui and Baldwin, ACL 2012 Demo, p. 25); parts that
differ make a mixed text, which has no language.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.language.detect import SHARED, WORD
from qa.language.en import STOPWORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

PARTS, PART, SHORTEST = 4, 800, 200  # parts of a text, their characters at most and, where there are several, at least
SURE = 0.95  # how likely a part's language must be
MOST = 0.7  # of the parts that are sure, those that must agree
SMALL = STOPWORDS - SHARED
SHARE, WORDS = 0.2, 30  # of small words by which English is told, among so many words
# languages that the model has no separate name for, or takes for one another
KIN = dict(pair.split(":") for pair in "yue:zh wuu:zh nb:no nn:no sh:hr bs:hr sr:hr ms:id fil:tl ary:ar arz:ar".split())
NO_LANGUAGE = "zxx"


def settle(stated: str, text: str) -> tuple[str, bool]:
    """Return an article's language, and whether that is what its source states; "" where nobody can tell.

    Of a text that is too short to tell what is stated stands; of a mixed one nothing does.
    """
    code = re.split(r"[_-]", stated.strip().lower())[0]
    shown = languages(text)
    best, count = shown.most_common(1)[0] if shown else ("", 0)
    if count < MOST * shown.total():
        return "", False
    if code and _kin(code) == _kin(best or code) and _known(code):
        return code, True
    return best, False


def languages(text: str) -> Counter[str]:
    """Return how many parts of a text are in which language; a part that nobody can tell is in none."""
    told = (_language(part) for part in parts(text))
    return Counter(language for language in told if language)


def parts(text: str) -> list[str]:
    """Return parts of a text from its beginning to its end, of a short one the whole."""
    count = min(PARTS, max(1, len(text) // SHORTEST))
    step = len(text) // count
    return [text[n * step : n * step + min(PART, step)] for n in range(count)]


def _language(part: str) -> str:
    words = WORD.findall(part.lower())
    if len(words) >= WORDS and sum(word in SMALL for word in words) >= SHARE * len(words):
        return "en"
    if not words:
        return ""
    likely: Counter[str] = Counter()
    for language, share in _identifier().rank(part):
        likely[_kin(language)] += share
    ((best, share),) = likely.most_common(1)
    return best if share >= SURE and best != NO_LANGUAGE else ""


def _kin(code: str) -> str:
    return KIN.get(code, code)


def _known(code: str) -> bool:
    return _kin(code) in _identifier().labels


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """The model: loaded when the first text is not plainly English, in 0.6 s and 117 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
