"""Altered copies of statements and questions: one word exchanged, so that the evidence no longer bears it out.

Written for training alone. Each way gives the altered text, or None where it finds nothing to alter; `altered` draws
one.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

Way = Callable[[str, str, random.Random], "str | None"]

OPPOSITES = """
increase/decrease increased/decreased increasing/decreasing increases/decreases rise/fall rose/fell rises/falls
rising/falling risen/fallen grew/shrank growing/shrinking grow/shrink up/down higher/lower highest/lowest high/low
more/fewer more/less most/least larger/smaller largest/smallest bigger/smaller biggest/smallest older/younger
oldest/youngest longer/shorter longest/shortest faster/slower fastest/slowest stronger/weaker strongest/weakest
better/worse best/worst early/late earlier/later before/after until/since during/after above/below over/under
inside/outside into/from with/without for/against won/lost win/lose wins/loses winning/losing beat/lost-to
victory/defeat first/last first/second second/third top/bottom start/end started/ended starts/ends began/stopped
begin/stop opened/closed opens/closes open/closed opening/closing bought/sold buy/sell buys/sells buying/selling
joined/left join/leave hired/fired appointed/dismissed promoted/demoted elected/defeated supported/opposed
support/oppose supports/opposes supporting/opposing backed/rejected approved/rejected approve/reject accepted/refused
accept/refuse allowed/banned allow/ban allows/bans legal/illegal guilty/innocent convicted/acquitted arrested/released
sued/praised praised/criticized praise/criticize criticized/defended confirmed/denied confirm/deny confirms/denies
admitted/denied agreed/refused agree/disagree agreed/disagreed passed/blocked passed/failed succeeded/failed
success/failure likely/unlikely possible/impossible known/unknown able/unable same/different safe/dangerous
true/false public/private domestic/foreign local/national male/female men/women man/woman boys/girls boy/girl
son/daughter sons/daughters father/mother brother/sister husband/wife king/queen he/she his/her parents/children
north/south northern/southern east/west eastern/western Northern/Southern North/South East/West left/right
Democrats/Republicans Democratic/Republican Democrat/Republican liberal/conservative majority/minority
morning/evening night/day winter/summer spring/autumn yesterday/tomorrow past/future former/current former/future
new/old past/next last/next previous/next gained/lost gain/lose added/removed add/remove included/excluded
including/excluding raised/cut raise/cut raises/cuts expanded/reduced expand/reduce strengthened/weakened
improved/worsened caused/prevented cause/prevent causes/prevents started/prevented helped/hurt help/hurt
sent/received send/receive gave/took give/take gives/takes paid/received pay/receive arrived/left arrive/leave
entered/left returned/left found/lost survived/died survive/die alive/dead born/died killed/injured killed/wounded
deaths/injuries attacked/defended attack/defend destroyed/rebuilt built/demolished build/demolish married/divorced
founded/closed launched/canceled launch/cancel delayed/advanced postponed/held suspended/resumed extended/shortened
all/some all/most most/some many/few every/no both/neither always/never often/rarely everyone/nobody
only/also almost/more-than at-least/at-most more-than/less-than hundreds/thousands thousands/millions
millions/billions million/billion dozens/hundreds half/quarter half/third twice/once double/half
weeks/months months/years days/weeks hours/days minutes/hours week/month month/year
because-of/despite due-to/despite led-to/followed unlike/like although/because
""".split()
CERTAIN = [
    ("may have", "has"),
    ("might have", "has"),
    ("could have", "has"),
    ("may be", "is"),
    ("might be", "is"),
    ("could be", "is"),
    ("may", "will"),
    ("might", "will"),
    ("could", "will"),
    ("would", "will"),
    ("should", "will"),
    ("can", "must"),
    ("plans to", "has begun to"),
    ("is expected to", "is certain to"),
    ("are expected to", "are certain to"),
    ("was expected to", "was certain to"),
    ("is planning to", "has decided to"),
    ("is considering", "has decided on"),
    ("are considering", "have decided on"),
    ("were considering", "had decided on"),
    ("wants to", "is about to"),
    ("tried to", "managed to"),
    ("trying to", "managing to"),
    ("hopes to", "will"),
    ("hope to", "will"),
    ("suggested", "proved"),
    ("suggests", "proves"),
    ("allegedly", "demonstrably"),
    ("alleged", "proven"),
    ("appears to", "is known to"),
    ("appeared to", "was known to"),
    ("seems to", "is known to"),
    ("believed", "proven"),
    ("likely", "certainly"),
    ("probably", "certainly"),
    ("possible", "certain"),
    ("accused of", "convicted of"),
    ("charged with", "convicted of"),
    ("suspected of", "convicted of"),
    ("proposed", "adopted"),
    ("will", "may"),
    ("is", "may be"),
    ("has", "may have"),
]
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
COUNTS = "one two three four five six seven eight nine ten eleven twelve".split()
AUXILIARY = r"\b(is|are|was|were|has|have|had|will|would|can|could|should|did|does|do|may|might|must)\b"
NAME = re.compile(r"(?<![.!?:“\"] )(?<!^)\b[A-Z][\w-]+(?: (?:[A-Z][\w-]+|of|the|de)(?= [A-Z])| [A-Z][\w-]+)*")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TAIL = re.compile(
    r"(?:,)? ((?:because|after|before|while|when|despite|in|at|during|for|with|by|from|since|on) "
    r"[^,.;:!?“”\"\n]{12,70})(?=[,.;:!?])"
)
LEADING = frozenset("There Going Before According While Although Though Since Unlike Like During Because".split())
FUNCTION = frozenset(
    "a an the of in on at by for to from with and or as is are was were be been being do does did has have had who"
    " what when where why how which whom whose it its he she they his her their this that these those there than then"
    " not no if into about after before during over under s t will would can could should may might much many".split()
)


def _pairs() -> dict[str, list[str]]:
    known: dict[str, list[str]] = defaultdict(list)
    for entry in OPPOSITES:
        a, b = (side.replace("-", " ") for side in entry.split("/"))
        known[a].append(b)
        known[b].append(a)
    return known


OTHERS = _pairs()
WORD = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, OTHERS), key=len, reverse=True)) + r")\b")


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _drawn(found: Iterable[re.Match[str]], chance: random.Random) -> re.Match[str] | None:
    matches = list(found)
    return chance.choice(matches) if matches else None


def opposite(text: str, _around: str, chance: random.Random) -> str | None:
    """Exchange a word for its opposite, or one of its series."""
    match = _drawn(WORD.finditer(text), chance)
    return _put(text, match, chance.choice(OTHERS[match[0]])) if match else None


def negated(text: str, _around: str, chance: random.Random) -> str | None:
    """Put in a "not", or take one out."""
    if match := re.search(r"\b(?:did|does|do) not (\w+)|(?<=\w) (?:not|never)\b|n['’]t\b", text):
        return _put(text, match, f"{match[1]}" if match[1] else "")
    match = _drawn(re.finditer(AUXILIARY, text), chance)
    return _put(text, match, f"{match[0]} {chance.choice(('not', 'not', 'never'))}") if match else None


def surer(text: str, _around: str, chance: random.Random) -> str | None:
    """Say it more surely than the evidence does, or less."""
    found = [(m, new) for old, new in CERTAIN if (m := re.search(rf"\b{old}\b", text))]
    return _put(text, *chance.choice(found[:4])) if found else None


def number(text: str, around: str, chance: random.Random) -> str | None:
    """Exchange a number for another of the article, or for one near it."""
    match = _drawn(NUMBER.finditer(text), chance)
    if not match:
        match = _drawn(re.finditer(r"\b(?:" + "|".join(COUNTS) + r")\b", text), chance)
        return _put(text, match, chance.choice([c for c in COUNTS if c != match[0]])) if match else None
    others = [n for n in NUMBER.findall(around) if n not in text and len(n) == len(match[0])]
    if others and chance.random() < 0.6:
        return _put(text, match, chance.choice(others))
    digits = [at for at, c in enumerate(match[0]) if c.isdigit()]
    at = chance.choice(digits)
    new = chance.choice([d for d in "123456789" if d != match[0][at]])
    return _put(text, match, match[0][:at] + new + match[0][at + 1 :])


def day(text: str, _around: str, chance: random.Random) -> str | None:
    """Exchange a month or a weekday."""
    for series in (WEEKDAYS, MONTHS):
        if match := re.search(r"\b(?:" + "|".join(series) + r")\b", text):
            return _put(text, match, chance.choice([one for one in series if one != match[0]]))
    return None


def name(text: str, around: str, chance: random.Random) -> str | None:
    """Exchange a name for another of the article."""
    match = _drawn(NAME.finditer(text), chance)
    others = {n for n in NAME.findall(around) if n not in text and not (match and match[0] in n)}
    if not match or match[0] in MONTHS or match[0] in WEEKDAYS or not others:
        return None
    alike = [n for n in sorted(others) if n.count(" ") == match[0].count(" ")] or sorted(others)
    return _put(text, match, chance.choice(alike))


def roles(text: str, _around: str, chance: random.Random) -> str | None:
    """Let two names change places."""
    found = [m for m in NAME.finditer(" " + text) if m[0].split()[0].lower() not in FUNCTION and m[0] not in LEADING]
    if len(found) < 2:
        return None
    first, second = sorted(chance.sample(found, 2), key=lambda m: m.start())
    if first[0] == second[0]:
        return None
    whole = " " + text
    return (
        whole[: first.start()] + second[0] + whole[first.end() : second.start()] + first[0] + whole[second.end() :]
    )[1:]


def added(text: str, around: str, chance: random.Random) -> str | None:
    """Add a detail that another sentence has, or put it in the place of the last one."""
    tails = [m[1] for m in TAIL.finditer(around) if m[1][:40] not in text]
    if not tails:
        return None
    tail, body = chance.choice(tails), text.rstrip(' .”"')
    own = list(TAIL.finditer(body))
    if own and chance.random() < 0.5:
        body = body[: own[-1].start()]
    return f"{body} {tail}."


class Exchange:
    """Exchanges a plain word for one that stands in such a place elsewhere: another verb, role or thing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._words: dict[tuple[str, str], list[str]] = defaultdict(list)
        for text in texts:
            for before, word in _words(text):
                self._words[before, word[-2:]].append(word)

    def __call__(self, text: str, around: str, chance: random.Random) -> str | None:
        """Return the text with one word exchanged for one that stands in neither text."""
        found = [m for m in re.finditer(r"\b[a-z]{4,}\b", text) if m[0] not in FUNCTION]
        if not found:
            return None
        match = chance.choice(found)
        before = re.findall(r"[\w']+", text[: match.start()])[-1:]
        place = (before[0] if before and before[0] in FUNCTION else "", match[0][-2:])
        options = self._words.get(place, ())
        for _ in range(6):
            new = chance.choice(options) if options else match[0]
            if new[:4] not in text and new[:5] not in around:
                return _put(text, match, new)
        return None


def _words(text: str) -> Iterable[tuple[str, str]]:
    words = re.findall(r"[\w']+", text)
    for before, word in zip(["", *words], words, strict=False):
        if len(word) > 3 and word.islower() and word not in FUNCTION:
            yield (before if before in FUNCTION else ""), word


WAYS: Mapping[str, Way] = {
    "opposite": opposite,
    "negated": negated,
    "surer": surer,
    "number": number,
    "day": day,
    "name": name,
    "roles": roles,
    "added": added,
}


def altered(text: str, around: str, chance: random.Random, ways: Mapping[str, Way] = WAYS) -> str | None:
    """Return the text altered in one way that applies, drawn by chance; `around` are other sentences of the article."""
    order = list(ways.values())
    chance.shuffle(order)
    return next((new for way in order if (new := way(text, around, chance)) and new != text), None)


def plainer(text: str, chance: random.Random) -> str:
    """Return a sentence as another might write it: shorter by an aside, an attribution or a leading phrase."""
    changes = [
        (r" ?\([^)]*\)", ""),
        (r",? (?:he|she|they|officials|police) (?:said|says|added|told \w+)[^,.]*(?=\.?$)", ""),
        (r"^(?:But|And|So|Still|Meanwhile|However|Also),? ", ""),
        (r"^(?:On|In|At|After|Before|During) [^,]{3,40}, ", ""),
        (r", (?:who|which) [^,]{5,80},", ""),
        (r", [a-z][^,]{5,60},", ""),
        (r"\bpercent\b", "%"),
        (r"\bU\.S\.", "United States"),
        (r"\bsaid\b", "stated"),
        (r"\babout (?=\d)", "around "),
        (r"\bmore than (?=\d)", "over "),
        (r"\bpeople\b", "persons"),
        (r"\bbegan\b", "started"),
        (r"\bsince\b", "as"),
        (r"\bhelp\b", "aid"),
        (r"\bshow(s|ed)?\b", r"indicate\1"),
    ]
    chance.shuffle(changes)
    for old, new in changes:
        if chance.random() < 0.7:
            text = re.sub(old, new, text, count=1)
    return text[:1].upper() + text[1:]
