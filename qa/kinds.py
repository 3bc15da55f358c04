"""What kind of thing a question wants, and whether a text has one to offer (Li and Roth, COLING 2002, coarse classes)."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from qa.words import country_keys, keys, names, tokens


class Want(StrEnum):
    """The kind of thing that would answer a question."""

    PERSON = "person"
    PLACE = "place"
    DATE = "date"
    YEAR = "year"
    AMOUNT = "amount"
    COUNT = "count"
    MEASURE = "measure"
    REASON = "reason"
    YESNO = "yes/no"
    STATEMENT = "statement"
    LIST = "list"
    THING = "thing"
    OTHER = "other"


PEOPLE = r"""person|people|man|woman|leader|president|minister|official|actor|actress|singer|player|author|writer|artist|
celebrity|politician|senator|governor|mayor|king|queen|prince|princess|director|spokes(?:man|woman|person)|candidate|
founder|scientist|athlete|coach|judge|lawyer|musician|rapper|star"""
PLACES = r"""place|city|cities|country|countries|nation|nations|state|states|town|village|region|area|continent|island|
province|county|district|capital|location|venue|park|national\s+park|river|sea|ocean|street"""
DOING = r"(?:do|does|did|has|have|had)"  # what follows it acts, and is not asked for: what did the minister sign?
RULES: tuple[tuple[Want, str], ...] = (
    (
        Want.REASON,
        r"\bwhy\b|\bfor what reason|\bwhat (?:was|is|were|are) the (?:\w+ )?(?:reasons?|causes?)\b|\bwhat caused",
    ),
    (Want.COUNT, r"\bhow many\b|\bwhat (?:is |was )?(?:the )?(?:number|percentage|percent|share|proportion)\b"),
    (  # how much rain, how much of it: sums of money come without a noun
        Want.MEASURE,
        rf"\bhow much (?!(?:is|are|was|were|{DOING}|can|could|will|would|should|may|might|must|to|money|cash|debt)\b)\w"
        r"|\bhow much\b.* (?:weigh|grow|rise|fall|drop|shrink|increase|decrease)\b",
    ),
    (
        Want.AMOUNT,
        r"\bhow much\b|\bhow expensive|\bwhat (?:is |was )?(?:the )?(?:\w+ )?(?:price|cost|amount|sum|value|fee|budget)\b"
        r"|\bwhat (?:do|does|did|would|will)\b.* cost\b|\b(?:is|was|are|were) .*\bworth\?",
    ),
    (Want.YEAR, r"\b(?:what|which) year\b"),
    (
        Want.DATE,
        r"\bwhen\b(?!.*\bwhat\b)|\b(?:what|which) (?:day|date|month|week|weekday|time|century|decade)\b"
        r"|\bhow (?:soon|recently|long ago)\b|\bsince when\b|\buntil when\b|\bby when\b",
    ),
    (
        Want.MEASURE,
        r"\bhow (?:far|long|tall|old|fast|big|high|hot|cold|heavy|large|deep|wide|strong|often|quickly|close|small|late)\b"
        r"|\bwhat (?:is |was |are )?(?:the )?(?:\w+ ){0,2}(?:speed|range|height|weight|length|distance|size|age|temperature|magnitude"
        r"|population|rate|score)\b",
    ),
    (
        Want.STATEMENT,
        r"\bwhat (?:did|does|do|has|have|had|was|is|are|were)\b.*\b(?:say|said|claim|claimed|tell|told|think|stated|state(?=\?)"
        r"|announced?|warn(?:ed)?|accused?|respon(?:d|se)|react(?:ed|ion)?|denied|deny|comment(?:ed)?)\b"
        r"|\bhow (?:did|does|do|has|have)\b.*\b(?:respond|react|describe|comment|explain|answer|view|see)\b",
    ),
    (Want.PERSON, rf"\bwho(?:m|se)?\b|\b(?:which|what) (?!{DOING}\b)(?:\w+ ){{0,2}}(?:{PEOPLE})s?\b|\bby whom\b"),
    (Want.PLACE, rf"\bwhere\b|\b(?:which|what) (?!{DOING}\b)(?:\w+ ){{0,2}}(?:{PLACES})\b"),
    (Want.LIST, r"^\s*(?:list|name)\b|\bwhat are\b|\b(?:what|which) (?:two|three|four|five|six|\w+ (?:were|are)\b)"),
    (Want.YESNO, r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b"),
    (Want.THING, r"\b(?:what|which)\b"),
)
COMPILED = tuple((want, re.compile(re.sub(r"\n", "", rule), re.IGNORECASE)) for want, rule in RULES)

MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
CALENDAR = re.compile(f"{WEEKDAY}|{MONTH}")
NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?"
    r"|trillions?|dozens?|half|third|quarter|several|tens)"
)
DATE = re.compile(
    rf"\b{MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\b|\b{WEEKDAY}\b|\b(?:1[0-9]|20)\d\d(?:s|\b)"
    rf"|\b(?i:in|since|until|by|last|this|next|early|late|mid)[\s-]+{MONTH}\b"
    # months are told by their capital (may, march), the words around them also open sentences
    r"|(?i:\b(?:last|next|this|previous|earlier this)\s+(?:year|month|week|night|spring|summer|autumn|fall|winter|century|decade)\b"
    r"|\b(?:yesterday|today|tomorrow|tonight)\b"
    rf"|\b(?:\d+|{NUMBER_WORD})\s+(?:years?|months?|weeks?|days?|hours?|decades?|centuries)\b|\b\d+(?:st|nd|rd|th) century)",
)
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?!\w)")
SCALE = r"(?:hundred|thousand|million|billion|trillion)"
CODES = r"""(?:USD|EUR|GBP|JPY|CNY|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|RUB|UAH|TRY|INR|AUD|CAD|NZD|SGD|HKD|KRW|ZAR|BRL|MXN|ILS|SAR|AED|
EGP|NGN|KES|THB|MYR|IDR|PHP|VND)""".replace("\n", "")
CURRENCIES = r"""(?:dollars?|euros?|pounds?|pence|yen|yuan|renminbi|rubles?|roubles?|rupees?|rupiahs?|francs?|liras?|cents?|crowns?|
kron(?:e|er|or|a|ur)|korunas?|zlot(?:ys?|ies)|złot(?:y|ych|e)|riyals?|rials?|dirhams?|dinars?|pesos?|reais|rand|hryvnias?|shekels?|
baht|ringgits?|forints?|lei|leva|nairas?|shillings?|takas?|cedis?|birr|tenge|(?<=illion )won)""".replace("\n", "")
MONEY = re.compile(
    rf"[$€£¥₹]\s?\d[\d.,]*(?:[\s-]*(?:{SCALE}|m|bn)\b)?|\b{CODES}\s?\d[\d.,]*(?:[\s-]*(?:{SCALE}|m|bn)\b)?"
    rf"|(?<![\d.,])\b(?:\d[\d.,]*+|{NUMBER_WORD})[\s-]*(?:(?:{SCALE}|m|bn)[\s-]*)*"
    rf"(?:(?:US|Swiss|Czech|Hong Kong|New Zealand|Singapore|\w+(?:an|ish|ese|i)) )?(?:{CURRENCIES}|{CODES})\b"
    rf"|\b(?:\d[\d.,]*|{NUMBER_WORD})\s(?:million|billion|trillion)(?=[.,;:)”\"]|\s(?:in|to|for|on|by|from|over|and|or|at|a|per)\b)"
    r"|\b(?:hundreds|thousands?|millions?|billions?|trillions?) of (?:dollars|euros|pounds)",
    re.IGNORECASE,
)
QUANTITY = re.compile(
    rf"(?<![\w-])(?!(?:1[5-9]|20)\d\d(?!\d|[,.]\d))\d[\d.,]*(?!\w)\s*(?:%|percent|per cent|{SCALE}\b)?"
    rf"|\b{NUMBER_WORD}(?:[\s-]{SCALE})*\b|\b(?:all|none|no one|both|free)\b",
    re.IGNORECASE,
)
REASON = re.compile(
    r"\bbecause\b|\bdue to\b|\bowing to\b|\bthanks to\b|\bas a result\b|\bin order to\b|\bso that\b|\bcaus(?:e|ed|es|ing)\b"
    r"|\breasons?\b|\bin response\b|\bin protest\b|\bafter\b|\bfollowing\b|\bsince\b|\bover\b|\bprompt(?:ed|ing)\b|\bamid\b"
    r"|\bto (?:avoid|prevent|protect|make|allow|help|ensure|reduce|keep|give)\b|\bblam(?:ed|ing)\b|\bfor (?:its|his|her|their)\b"
    r"|\bbased on\b|\blead(?:s|ing)? to\b|\bled to\b|\bsaid (?:that )?(?:it|he|she|they)\b",
    re.IGNORECASE,
)
SAYING = re.compile(
    r"\b(?:sa(?:id|ys|ying)|told|tells|stat(?:ed|es|ing)|add(?:ed|ing|s)|claim(?:s|ed)?|argu(?:ed|es)|insist(?:ed|s)|warn(?:ed|s)"
    r"|announc(?:ed|es)|according to|den(?:ied|ies)|declar(?:ed|es)|explain(?:ed|s)|tweeted|wrote|called|accus(?:ed|es)"
    r"|quot(?:ed|es)|confirm(?:ed|s)|described|noted|think|believes?|pointing out|asked)\b|[“\"][^”\"]{8,}[”\"]",
    re.IGNORECASE,
)
TOLD = re.compile(  # who said it, told them, …: the answer is named as saying it
    r"\bwho\b(?!\s+(?:is|are|was|were)\b).{0,30}?\b(?:sa(?:id|ys)|told|stated|claim(?:s|ed)|warn(?:s|ed)|announced|argued|denied|confirmed|accused)\b",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"\b(?:President|Minister|King|Queen|Prince|Princess|Secretary|General|Senator|Sen\.|Rep\.|Gov\.|Governor|Mayor|Dr\.|Mr\.|Mrs\."
    r"|Ms\.|Judge|Justice|Pope|Chancellor|Spokes(?:man|woman|person)|spokes(?:man|woman|person)|Sir|Lord|Captain|Coach|CEO)"
    r"\s+[A-Z]\w+"
)


def wants(question: str) -> Want:
    """Return the kind of thing that a question asks for, OTHER where no rule tells.

    Of several sentences the last question counts, and in it the rule that matches first: what follows describes.
    """
    asking = [part for part in re.split(r"(?<=[.?!])\s+", question.strip()) if part.endswith("?")] or [question]
    matches = [
        (found.start(), order, want)
        for order, (want, rule) in enumerate(COMPILED)
        if (found := rule.search(asking[-1]))
    ]
    return min(matches)[2] if matches else Want.OTHER


def offers(want: Want, text: str, asked: Collection[str]) -> bool:
    """Return whether a text holds a thing of that kind that is not already in the question, whose keys are `asked`.

    True for kinds that have no shape of their own (yes/no, thing, other).
    """
    match want:
        case Want.PERSON:
            return _new_name(text, asked, least=2) or bool(TITLE.search(text) and _new_name(text, asked, least=1))
        case Want.PLACE:
            return bool(country_keys(text) - frozenset(asked)) or _new_name(text, asked, least=1)
        case Want.YEAR | Want.DATE | Want.COUNT | Want.MEASURE:
            return bool(figures(want, text, asked))
        case Want.AMOUNT:
            return bool(figures(want, text, asked) or re.search(r"\bfree\b|\d\s*(?:%|percent)", text))
        case Want.REASON:
            return bool(REASON.search(text))
        case Want.STATEMENT:
            return bool(SAYING.search(text))
        case _:
            return True


def figures(want: Want, text: str, asked: Collection[str]) -> list[str]:
    """Return the dates, amounts or numbers of that kind in a text, as written, but for those that the question has."""
    pattern = {Want.YEAR: YEAR, Want.DATE: DATE, Want.AMOUNT: MONEY}.get(want, QUANTITY)
    return [match.group() for match in pattern.finditer(text) if not keys(match.group()) <= frozenset(asked)]


def shaped(want: Want) -> bool:
    """Return whether things of this kind can be told by their shape."""
    return want not in (Want.YESNO, Want.THING, Want.OTHER, Want.LIST)


def _new_name(text: str, asked: Collection[str], least: int) -> bool:
    for name in names(text):
        new = [t for t in tokens(name) if t.key not in asked and t.capital and not t.key.startswith("@")]
        if len(new) >= least:
            return True
    return False
