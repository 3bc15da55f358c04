"""Which language the packaged reader was trained on: English. What it reads in another one it is less sure of."""

from __future__ import annotations

import re

LANGUAGE = "English"
CEILING = 0.7  # the most that a confidence in another language may be
LONG = 20  # words from which a text of English must show English
SHARE = 0.12  # of a long text's words, at least
LATIN = "\u0250"  # the first character beyond Latin letters
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")

OWN = frozenset(
    """the of and to is that with from who what when where which how why did does has have had were are this by it its
    be been not for at would could their his her he she they but after about into than""".split()
)
OTHERS = frozenset(  # none that stand in names: de, la, van, der
    """die das dem den und ist nicht ein eine einen einem einer wie wer wo wann warum wieso welche welcher welches womit
    wofür von zu zum zur mit für auf wurde wurden sind bei nach aus über sich wird
    est et une un que qui quel quelle quels quelles où dans pour sur avec pas comment pourquoi combien quand aux cette
    sont qu por para es qué quién quiénes cuándo cuántos cuánto cómo dónde una lo gli che è non nel chi cosa quanto
    perché não em um uma quem onde como foi het een niet dat zijn wat wie waar wanneer waarom hoe voor
    ve bir bu için ne kim kimden nasıl neden niçin hangi kaç nerede nereye kadar mi mı ile
    na nie się jest kto co gdzie kiedy dlaczego czy jak och att det som är på av vad vem vem när varför hur inte ett og
    hvem hvad hvor hvornår és egy az hogy nem ki hol mikor miért kuka mikä missä milloin miksi cine unde când
    și""".split()
)


def trained_on(text: str) -> bool:
    """Tell whether a text may be in the reader's language; of a few words that belong to no language it may.

    A script of its own tells, then the little words: a long text must have enough of English, a short one (a question)
    as many of English as of others.
    """
    letters = LETTER.findall(text)
    if 2 * sum(letter >= LATIN for letter in letters) > len(letters):
        return False
    words = WORD.findall(text.lower())
    own = sum(word in OWN for word in words)
    if len(words) >= LONG:
        return own >= SHARE * len(words)
    return own >= sum(word in OTHERS for word in words)
