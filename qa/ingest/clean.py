"""A draft to the article that is stored: its canonical text in blocks, and the facts with the way each was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from qa.ingest import date as days
from qa.ingest import dateline, language, markdown
from qa.ingest.boilerplate import lines, page
from qa.ingest.boilerplate import repeated as furniture
from qa.ingest.boilerplate.lines import Piece
from qa.ingest.canonical import canonicalise, one_line
from qa.ingest.extraction import extract
from qa.ingest.html import Extracted
from qa.ingest.raw import RawArticle, TextFormat
from vectorstore.articles import Article, Block, BlockKind
from vectorstore.errors import Unreadable
from vectorstore.filters import host_of

CUT_OFF = "cut off: the rest of the article is for subscribers"
WHOLE = len("2022-06-13")
TITLE = 1_000  # characters
OPENING = 12  # words that stand in for a title which nothing states


@dataclass(slots=True)
class _Facts:
    """Field → value and field → way; the first to state a field wins, but every stated day is kept."""

    fields: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    days: list[tuple[str, str]] = field(default_factory=list)  # (day as stated, way), best first

    def add(self, fields: Mapping[str, str], found: Mapping[str, str]) -> None:
        for name, value in fields.items():
            if value and name == "published":
                self.days.append((value, found.get(name, "stated")))
            elif value and name not in self.fields:
                self.fields[name], self.found[name] = value, found.get(name, "stated")


def to_article(
    draft: RawArticle,
    repeated: Collection[str] = (),
    *,
    extractor: Callable[[RawArticle], Extracted] = extract,
    today: date | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> Article:
    """Return the cleaned article; raises Unreadable when nothing is left of the draft.

    `repeated` holds squashed lines that many articles of the publisher or folder share (see `short_lines`); `extractor`
    takes pages and documents apart (a qa.ingest.worker.Worker where they are not trusted); a day after `today` is taken
    only where nothing tells another, because the clock may be wrong.
    """
    today = today or datetime.now(UTC).astimezone().date()
    facts = _Facts()
    facts.add(draft.fields, draft.found)
    taken = _take_apart(draft, repeated, extractor, facts, warn)
    latest, saved = days.LAST, days.parse(facts.fields.get("saved", ""), days.LAST) or ""
    if len(saved) == WHOLE:  # nothing in a page is younger than the page
        facts.found["saved"] = f"{saved}, {facts.found['saved']}"
        latest = date.fromisoformat(saved)
    if taken.cut_off:
        warn(f"{draft.source}: {CUT_OFF}")
        facts.found["text"] = CUT_OFF
    text, blocks = assemble(taken.pieces)
    if not text:
        raise Unreadable("no article text was found, only page furniture")
    _language(facts, text)
    _date(
        facts,
        taken,
        (min(today, latest), latest),
        lambda stated: warn(f"{draft.source}: the date “{stated}” {_wrong_with(stated)} and was not taken"),
    )
    _fall_back(facts, taken)
    return Article(
        source=draft.source,
        text=text,
        blocks=blocks,
        title=_cut(one_line(facts.fields.get("title", ""))),
        url=facts.fields.get("url"),
        publisher=facts.fields.get("publisher"),
        section=facts.fields.get("section"),
        author=facts.fields.get("author"),
        language=facts.fields.get("language"),
        published=facts.fields.get("published"),
        found=facts.found,
    )


def _cut(title: str) -> str:
    """A title, which stands above each passage, without what no title has."""
    return title if len(title) <= TITLE else f"{title[:TITLE].rstrip()}…"


def short_lines(draft: RawArticle) -> set[str]:
    """Return the squashed short lines of a page or row, to be counted over a publisher's articles.

    The day and the author on a page are none: that its neighbours share them does not make them furniture.
    """
    if draft.form not in {TextFormat.PAGE, TextFormat.RECORD}:
        return set()
    listed = lines.paragraphs(canonicalise(draft.text))
    return furniture.short_lines(
        [line for line in listed if draft.form is TextFormat.RECORD or not furniture.is_credit(line)]
    )


def prose_lines(draft: RawArticle) -> set[str]:
    """Return the squashed sentences of a page saved as text, to be counted over its site's pages."""
    return furniture.prose_lines(lines.paragraphs(canonicalise(draft.text))) if draft.form is TextFormat.PAGE else set()


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...]]:
    """Join pieces to the canonical text, parted by blank lines, and say where each of them stands."""
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for piece in pieces:
        text = canonicalise(piece.text).strip()
        if text:
            parts.append(text)
            blocks.append(Block(at, at + len(text), piece.kind))
            at += len(text) + 2
    return "\n\n".join(parts), tuple(blocks)


def _take_apart(
    draft: RawArticle,
    repeated: Collection[str],
    extractor: Callable[[RawArticle], Extracted],
    facts: _Facts,
    warn: Callable[[str], None],
) -> page.PlainPage:
    if draft.form is TextFormat.MARKDOWN:
        pieces = markdown.pieces(draft.text)
        facts.add({"title": markdown.first_heading(pieces)}, {"title": "markdown heading"})
        return page.PlainPage(pieces)
    if draft.form.taken_apart:
        extracted = extractor(draft)
        for warning in extracted.warnings:
            warn(f"{draft.source}: {warning}")
        facts.add(extracted.fields, extracted.found)
        facts.days += extracted.days
        taken = page.read_pieces(extracted.pieces, repeated)
        taken.captions += extracted.captions
        taken.guess = extracted.guess
        taken.cut_off = taken.cut_off or extracted.cut_off
        return taken
    paragraphs = lines.paragraphs(canonicalise(draft.text))
    stated = bool(draft.fields.get("title"))
    taken = (page.read_record if draft.form is TextFormat.RECORD or stated else page.read_page)(paragraphs, repeated)
    facts.add(taken.fields, taken.found)
    taken.pieces[:] = page.headings_settled(taken.pieces)
    return taken


def _language(facts: _Facts, text: str) -> None:
    """Settle `language`: as stated where the text bears it out or cannot tell, else as the text tells."""
    settled, stated = language.settle(facts.fields.pop("language", ""), text)
    if settled:
        facts.fields["language"] = settled
    if not stated:
        facts.found.pop("language", None)
        facts.found |= {"language": "text"} if settled else {}


def _date(facts: _Facts, taken: page.PlainPage, limits: Sequence[date], refuse: Callable[[str], None]) -> None:
    """Settle `published`: as stated, else by the text's own rules, else by the URL; a refused day is not kept.

    Of `limits` that come after one another the first before which a day is found counts.
    """
    chosen = next(filter(None, (_stated(facts, limit) or _by_rule(facts, taken, limit) for limit in limits)), None)
    if chosen:
        facts.fields["published"], facts.found["published"] = chosen
    if facts.days and not _stated(facts, limits[-1]):
        refuse(facts.days[0][0])


def _stated(facts: _Facts, limit: date) -> tuple[str, str] | None:
    day_first = days.puts_day_first(facts.fields.get("language", ""))
    stated = [(day, how) for value, how in facts.days if (day := days.parse(value, limit, day_first=day_first))]
    whole = [found for found in stated if len(found[0]) == WHOLE]
    return next(iter(whole or stated), None)


def _wrong_with(stated: str) -> str:
    return "may be one of two days" if days.is_ambiguous(stated) else "is not a possible date"


def _by_rule(facts: _Facts, taken: page.PlainPage, today: date) -> tuple[str, str] | None:
    body = [piece.text for piece in taken.pieces if piece.kind is BlockKind.PARAGRAPH]
    captions = [*taken.captions, *(piece.text for piece in taken.pieces if piece.kind is BlockKind.CAPTION)]
    if found := dateline.labelled([*taken.dates, *taken.marked], today) or dateline.top_line(taken.dates, today):
        return found
    if day := days.from_url(facts.fields.get("url", ""), today):
        return day, "url path"
    found = (dateline.dateline(body[0], today) if body else None) or dateline.weekday(captions, body, today)
    return found or (taken.guess if taken.guess and days.parse(taken.guess[0], today) else None)


def _fall_back(facts: _Facts, taken: page.PlainPage) -> None:
    """Give what nothing states: the publisher by the URL's host, the title by the text's first words."""
    facts.add({"publisher": host_of(facts.fields.get("url")) or ""}, {"publisher": "url host"})
    opening = taken.pieces[0].text.split()
    title = " ".join(opening[:OPENING]) + ("…" if len(opening) > OPENING else "")
    facts.add({"title": title}, {"title": "text: opening words"})
