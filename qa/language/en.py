"""English: its small words, its irregular forms, and how its questions lean on one another."""

from __future__ import annotations

import re

from qa.language.base import Language

STOPWORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do
    does doing during each few for from further get gets give given gives got had has have having he her here hers him
    his how i if in into is it its itself just like many may me might more most much must my no nor not now of off on
    once only onto or other our out over own per same say says said she should since so some such tell than that the
    their them then there these they this those through to too under until up upon us very was we were what when where
    whether which while who whom whose why will with within without would yes you your s t d ll re ve m according
    please one ones thing things kind way ever many much long far often exactly else happen happened happens""".split()
)

IRREGULAR = dict(
    pair.split(":")
    for pair in """became:become began:begin begun:begin bought:buy broke:break broken:break brought:bring built:build
    came:come caught:catch chose:choose chosen:choose died:die death:die dead:die drew:draw drawn:draw drove:drive
    fell:fall fallen:fall felt:feel fought:fight flew:fly flown:fly found:find gave:give given:give gone:go grew:grow
    grown:grow heard:hear held:hold hid:hide hurt:injure kept:keep knew:know known:know laid:lay led:lead left:leave
    lost:lose loss:lose made:make meant:mean met:meet meeting:meet paid:pay payment:pay ran:run rose:rise risen:rise
    sale:sell sales:sell sent:send shot:shoot sold:sell spent:spend spoke:speak spoken:speak stole:steal stolen:steal
    stood:stand struck:strike taught:teach thought:think threw:throw thrown:throw told:tell took:take taken:take
    went:go withdrew:withdraw withdrawn:withdraw won:win winner:win winning:win wore:wear wrote:write written:write
    defence:defense licence:license men:man women:woman children:child people:person""".split()
)

OPENERS = STOPWORDS | frozenset(
    """however meanwhile although though despite following last next earlier later today yesterday tomorrow two three
    four five several among media officials news photo officials state separately adding asked both every another
    nearly almost about around many most people nobody name list describe explain compare is are was were did does do
    has have had can could should would will in on at for from by with to of against amid where when why how who whose
    which what whom tell give show summarise summarize according that this these those there here he she it they we
    i you his her its their our your my and but or so if as because since while after before until thank thanks hello
    hi ok okay yes""".split()
)

BEING = r"(?:is|are|was|were|be|been)"
DOING = rf"(?:{BEING}|am|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must)"
ASKING = r"(?:who|whom|whose|what|when|where|why|how|which)"
BEFORE = r"(?:in|at|on|for|from|by|with|of|to|since|during|under|near|after|before|than|about)"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
NOBODY = "|".join(
    """Prize Cup Award Awards Medal League Championship Open Olympics Games Road Street Avenue Bridge Bay City Island
    Islands River Lake Mountain University College School Institute Museum Hospital Church Bank Fund Ministry Department
    Agency Office Court Congress Senate House Parliament Council Committee Commission Party Union Association Foundation
    Group Company Corporation Inc Corp Ltd Steel Metals Motors Airlines Air Studios Pictures Records Airport Station
    Park Stadium Hotel Times Post News Herald Journal Tribune Courier Act Day Week North South East West United Republic
    Kingdom State States""".split()
)
PERIODS = r"(?:week|weekend|month|year|morning|evening|season|summer|winter|spring|autumn|fall|days)"
POLITE = (
    r"thanks?(?: you)?(?: (?:so|very) much| a lot)?|many thanks|cheers|ok(?:ay)?|great|good|fine|perfect|hi|hello|hey"
    r"|alright|all right|right|well|now|sure|i see|got it|please|sorry|by the way|anyway|understood|interesting"
    r"|good (?:morning|day|afternoon|evening)"
)
TURNING = (
    r"(?:and )?(?:now )?(?:for |to |on to )?(?:something|an?other|a (?:new|different)|(?:one|an?) (?:more|other|last)"
    r"|next|my next)(?: (?:completely|entirely|quite))?(?: (?:else|different|question|subject|topic|thing))*"
    r"|(?:a )?change of (?:subject|topic)|new (?:subject|topic|question)"
)

# of the archive's own count and list: “How many articles do we have about X from the Times?”
ITEMS = r"(?:(?:news|newspaper|press)\s+)?(?:articles?|reports?|stories|story|pieces?|texts?)"
COLLECTION = (
    r"(?:\s+(?:(?:stored|saved|kept)\s+)?(?:in|of)\s+(?:the|this|our|my|your)\s+"
    r"(?:archive|collection|store|database|library))"
)
OWNED = (
    r"(?:\s+(?:do (?:we|you|i) (?:have|hold|keep|own)|(?:does|do) (?:the|this|our) (?:archive|collection)"
    r" (?:have|hold|contain)|have (?:we|you) got|(?:are|were) there|there are|are|exist|(?:that )?(?:we|you|i) have)"
    r"(?:\s+got)?)"
)
WHICH = r"(?:(?:that|which)\s+)?(?:(?:are|were|is)\s+)?(?:(?:published|written|printed)\s+)?"
EXACT = (
    r"(?P<exact>(?:(?:that|which)\s+)?(?:mention(?:s|ed|ing)?|names?|naming|contain(?:s|ing)?|use|using|with)"
    r"(?:\s+the\s+(?:words?|phrase|name))?)"
)
ABOUT = (
    rf"(?P<about>{WHICH}(?:about|on|concerning|regarding|cover(?:s|ing)?|discuss(?:es|ing)?|deal(?:s|ing)?\s+with"
    r"|speak(?:s|ing)?\s+of|refer(?:s|ring)?\s+to|report(?:s|ing)?\s+on|writes?\s+about|talk(?:s|ing)?\s+about))"
)
BY = rf"(?:{WHICH}(?:from|by|in|of)|(?:did|has|have|does))"
PRINTED = (
    r"(?:publish(?:ed|es)?|print(?:ed|s)?|wr(?:ite|ote|itten|ites)|run|ran|report(?:ed|s)?|carr(?:y|ied)|cover(?:ed)?)"
)
END = r"\s*[?.!]*$"
TAIL = (
    rf"{COLLECTION}?{OWNED}?{COLLECTION}?(?:\s+{BY}\s+(?P<by>[^?]+?)(?:\s+{PRINTED})?)??"
    rf"(?:\s+(?:{EXACT}|{ABOUT})\s+(?P<what>[^?]+?))?{OWNED}?{COLLECTION}?{END}"
)
ASKED = r"^(?:(?:please|can you|could you|would you|i want to|i would like to)\s+)*"
COUNTING = (
    r"how many(?: of (?:the|our|my|these|all))?|(?:what is |give me )?the number of|count(?: (?:all|the|our|my))*"
)
LISTING = (
    r"(?:(?:list|show|give|name|find|display|enumerate|see|(?P<summed>summari[sz]e|sum up))(?:\s+(?:me|us))?"
    r"(?:\s+a (?:list|summary) of)?|(?:which|what|(?:are|is) there|do (?:we|you) have|have (?:we|you) got))"
    r"(?:\s+(?:all|every|each|any|an?|the|of|our|my|your))*"
)


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


ENGLISH = Language(
    code="en",
    stopwords=STOPWORDS,
    openers=OPENERS,
    irregular=IRREGULAR,
    greeting=_any_case(rf"^(?:(?:{POLITE}|{TURNING})\s*[!.,:;–—-]+\s*)+(?=\S)"),
    turning=_any_case(r"\b(?:else|different|new|change of|an?other (?:subject|topic|matter|thing))\b"),
    linking=_any_case(rf"^(?:and|but|so|or|then)\b,?\s+(?={ASKING}\b|{DOING}\b|{BEFORE}\s+{ASKING}\b)"),
    exchange=_any_case(
        r"^(?P<lead>(?:(?:and|but|so|or)\s+)?(?:(?:what|how)\s+about\s+)?)"
        rf"(?P<how>{BEFORE}\s+)?(?P<what>[^?]{{1,60}}?){END}"
    ),
    asking=_any_case(rf"\b(?:{ASKING}|{DOING}|\w+n['’]t)\b"),
    person=_any_case(r"\b(?:he|him|his|she|her|hers)\b"),
    place=_any_case(
        rf"(?:\b{BEFORE}\s+)?(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?<!\bbeen )\bthere\b"
        rf"(?!\s+(?:{BEING}|will|would|has|have|had)\b|['’]s\b)"
    ),
    thing=_any_case(
        r"\b(?:it(?!\s+(?:true|possible|likely)\b)|its|they|them|their|theirs|those|then|ones|same|former|latter|such"
        rf"|also|else|(?:this|these)(?!\s+{PERIODS}\b)|one(?=\W*$|\s+(?:after|before|that)\b)|too(?=\W*$)"
        rf"|as well(?=\W*$)|that(?=\W*$)|(?:{DOING}|{BEFORE})\s+that)\b"
    ),
    who=_any_case(r"\bwho(?:m|se)?\b"),
    where=_any_case(r"\b(?:where|which|what)\b"),
    located=_any_case(r"\b(?:in|at|from|near|to|of|outside)\s+(?:the\s+)?$"),
    nobody=re.compile(rf"^(?:The|A|An)\s|\b(?:{NOBODY}|{MONTHS}|{DAYS})\b|\d|^[A-Z]{{2,}}$"),
    calendar=re.compile(rf"\b(?:{MONTHS}|{DAYS})\b|^\d+$"),
    twice=_any_case(
        r"^(?P<head>.*?\b(?P<word>about|on|to|for|with|against|by|of)\s)(?P<first>.+?),?\s+and\s+(?P=word)\s+(?P<second>.+)$"
    ),
    and_what=_any_case(r",?\s+and\s+(?=(?:who|what|when|where|why|how|which)\b)"),
    fresh=_any_case(
        r"\b(?:this|last|past) (?:week|month|weekend)\b|\brecently\b|\bthis year\b|\btoday\b|\byesterday\b"
        r"|\bcurrently\b|\bnow\b|\bat present\b|\bat the moment\b"
    ),
    catalogue=(
        _any_case(rf"{ASKED}(?P<count>{COUNTING})\s+{ITEMS}{TAIL}"),
        _any_case(rf"{ASKED}(?P<list>{LISTING})\s+{ITEMS}{TAIL}"),
        _any_case(
            rf"^in\s+(?:(?P<count>how many)|(?P<list>which|what))(?:\s+of (?:the|our))?\s+{ITEMS}\s+{DOING}\s+"
            rf"(?P<what>[^?]+?)\s+(?P<exact>mentioned|named|appear|occur|quoted|(?:come|turn)s? up)(?P<by>){END}"
        ),
        _any_case(rf"^(?P<list>what){OWNED}\s+{ABOUT}\s+(?P<what>[^?]+?)(?P<by>){END}"),
        _any_case(rf"^(?P<list>what)\s+(?:did|does|has|have)\s+(?P<by>[^?]+?)\s+{PRINTED}(?P<what>){END}"),
    ),
)
