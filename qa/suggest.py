"""Questions that articles answer, made from their names by rule, and asked before they are offered.

Two kinds come out well without a language model: who somebody is whom the article introduces (“Ann Lee, the mayor,
…”), and what somebody said about something that the same sentence names. A question is offered only where the archive
is sure of an answer and quotes that very sentence for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from qa.language.detect import language_of
from qa.language.en import DAYS, ENGLISH, MONTHS
from qa.types import Answer
from qa.words import COMMON_OPENERS, STOPWORDS, names, peoples
from vectorstore.articles import Article, BlockKind, Sentence
from vectorstore.ledger import Ledger

OFFERED = 3  # questions at once
TRIED = 12  # questions that are asked for that, at most
READ = 40  # articles that they are made of, at most
SURE = 0.75  # the least confidence of an answer
LONGEST = 75  # characters of a question

Ask = Callable[[str], Answer]

NAME = r"[A-Z][\w’'-]*[a-z]\w*"
INTRODUCED = re.compile(
    rf"(?<![\w’'-])(?P<name>{NAME}(?: (?:[A-Z]\. )?{NAME}){{1,2}}), "
    r"(?P<what>(?:the|a|an|(?:[A-Z]\w+ ){0,2}[A-Z]\w+[’']s?) [^,.;:“”\"()]{4,80}),"
)
ROLE = re.compile(
    r"\b(?:minister|president|chief|secretary|head|spokes(?:man|woman|person)|chair(?:man|woman)?|mayor|judge|king|queen"
    r"|prince|princess|coach|captain|co-founder|founder|director|governor|senator|professor|lawyer|author|singer|actor"
    r"|actress|writer|scientist|analyst|economist|executive|leader|boss|general|ambassador|doctor|researcher)\b"
)
SAYING = re.compile(
    rf"(?<![\w’'-])(?P<the>[Tt]he )?(?P<name>{NAME}(?: (?:[A-Z]\. )?{NAME}){{0,3}}) "
    r"(?:said|says|announced|warned|stated|argued|claimed|confirmed|promised|insisted)\b"
)
CLOSING = re.compile(r"(?: (?:on|in|at|this|last) (?:[\w’'-]+ ?){1,3})?(?:\.|$)")
TIMES = frozenset(f"{DAYS}|{MONTHS}".split("|"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question and the sentence of an article that should answer it."""

    question: str
    article: str
    sentence: Sentence


def suggested(ledger: Ledger, articles: Sequence[str], ask: Ask) -> Iterator[str]:
    """Yield up to OFFERED questions that these articles (by id) answer; none rather than poor ones.

    `ask` answers a question without a history. It is called up to TRIED times, before each question that is yielded.
    """
    made = [candidates(ledger.article(key), ledger.sentences(key)) for key in articles[:READ]]
    in_turn = [one for one in chain.from_iterable(zip_longest(*made)) if one is not None]  # each article's best first
    found: list[Candidate] = []
    for one in in_turn[:TRIED]:
        if len(found) < OFFERED and not _like(one, found) and _holds(one, ask(one.question)):
            found.append(one)
            yield one.question


def _like(one: Candidate, found: Sequence[Candidate]) -> bool:
    """Tell whether a question is about what another one is about."""
    own = set(names(one.question)[1:] or names(one.question))
    return any(own & set(names(other.question)) for other in found)


def _holds(one: Candidate, answer: Answer) -> bool:
    """Tell whether the archive is sure of the answer and quotes a sentence that the question can be made of."""
    return (
        answer.answered
        and answer.confidence >= SURE
        and any(
            (cited.article.id == one.article and cited.start < one.sentence.end and one.sentence.start < cited.end)
            or _introduces(cited.quote, one.question)
            for cited in answer.citations
        )
    )


def _introduces(quote: str, question: str) -> bool:
    """Tell whether a quote of whatever article says who somebody is whom a question asks for."""
    name = question.removeprefix("Who is ").removesuffix("?")
    return name in quote and ROLE.search(quote) is not None


def candidates(article: Article, sentences: Sequence[Sentence]) -> list[Candidate]:
    """Return what can be asked of an article, likeliest first; nothing where its language is not known well enough."""
    if language_of(article.text[:2000]) is not ENGLISH:
        return []
    known = Counter(names(article.text))
    prose = [(one, article.text[one.start : one.end]) for one in sentences if one.kind is BlockKind.PARAGRAPH]
    asked = [(question, one) for one, text in prose for question in _said(text, known)]
    asked.sort(key=lambda pair: not any(name in article.title for name in names(pair[0])[2:]))  # what it is about
    asked += [(question, one) for one, text in prose for question in _introduced(text)]
    first = {question: one for question, one in reversed(asked) if len(question) <= LONGEST}
    return [Candidate(question, article.id, one) for question, one in reversed(first.items())]


def _introduced(text: str) -> Iterator[str]:
    for match in INTRODUCED.finditer(text):
        if _is_name(match["name"]) and ROLE.search(match["what"]):
            yield f"Who is {match['name']}?"


def _said(text: str, known: Counter[str]) -> Iterator[str]:
    for match in SAYING.finditer(text):
        who = _full(match["name"], known)
        of_body = match["the"] and not ROLE.search(who.lower())  # the Kremlin; not the President, whoever that is
        if not _is_name(who) or not (of_body or _is_person(who)):
            continue
        after, before = text[match.end() :], text[: match.start()]
        said = before if CLOSING.match(after) else after  # “…, she said on Friday.”
        for about in _named(said):
            if known[about] > 1 and about not in who and who not in about:
                yield f"What did {'the ' if match['the'] else ''}{who} say about {_with_the(about, said)}?"
                break


def _named(text: str) -> Iterator[str]:
    """Yield the names in a text that stand there whole and by themselves: no first words, no “Republican” opponents."""
    for name in names(text):
        at = text.index(name)
        opens = not text[:at].strip() or text[:at].rstrip()[-1] in '“"‘.!?:'
        if len(name) > 3 and _is_name(name) and name not in peoples() and not opens and _ends(text[at + len(name) :]):
            yield name


def _ends(rest: str) -> bool:
    """Tell whether a name may end before this: at a sign or a small word, unless that ties another name to it."""
    if re.match(r"[-’']\w| (?:and|&|of) (?:the )?[A-Z]", rest):
        return False
    following = re.match(r" (\w+)", rest)
    return following is None or following[1] in STOPWORDS


def _with_the(name: str, text: str) -> str:
    return f"the {name}" if re.search(rf"\b[Tt]he {re.escape(name)}", text) else name


def _is_person(name: str) -> bool:
    """Tell whether a name may be somebody's: a first and a last one, of no body or place that we know by its words."""
    return 2 <= len(name.split()) <= 3 and not ENGLISH.nobody.search(name)


def _is_name(words: str) -> bool:
    possessive = words.endswith(("’s", "'s"))
    return not possessive and not any(word in TIMES or word.lower() in COMMON_OPENERS for word in words.split())


def _full(name: str, known: Iterable[str]) -> str:
    """Return somebody's whole name where the article has it elsewhere."""
    return next((one for one in known if one.endswith(f" {name}") and len(one.split()) <= 3 and _is_name(one)), name)
