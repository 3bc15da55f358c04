"""The days that a page states for its article, each with the way it was found, best first."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING

from qa.ingest import jsonld
from qa.ingest.boilerplate.lines import byline
from qa.ingest.canonical import one_line
from qa.ingest.date import numeric, parse, written
from qa.ingest.datewords import LABEL, UPDATED, beside_dates, is_date_line, names_weekday
from qa.ingest.surroundings import Line, Surroundings, belongs_to_others

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Fact = tuple[str, str]  # value, the way it was found
METAS = (
    *("article:published_time", "og:published_time", "datepublished", "article:published", "parsely-pub-date"),
    *("og:article:published_time", "article.published", "article:publicationdate", "article:post_date"),
    *("publishdate", "publish-date", "publish_date", "pubdate", "rbpubdate", "publication_date", "date_published"),
    *(
        "published_time",
        "published-date",
        "published_date",
        "publication-date",
        "article_date_original",
        "sailthru.date",
    ),
    *(
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.date",
        "dc.date",
    ),
    *("citation_publication_date", "citation_online_date", "citation_date", "cxenseparse:recs:publishtime"),
    *("date", "datecreated", "analyticsattributes.articledate", "last-publication"),
)
SHORT = 100  # characters of a line that may be there to give a day
FIRM = 300  # and of one that may say, among other things, when it was published
UNDER = "line under the headline"
ANY = date.max - timedelta(days=2)
_FIRMLY = re.compile(
    r"(?:first )?(?:published|posted)|(?:zuerst )?(?:veröffentlicht|erschienen|publiziert)|publié|publicad[oa]"
    r"|pubblicat[oa]|gepubliceerd|opublikowan|publicera[dt]|опубликован|опубліковано|yayınlanma|نشر|发布|發布|公開日|掲載|입력",
    re.I,
)
_PUBLISHED = re.compile(
    r"(?:^|[\s_-])(?:dt-published|published|entry-date|post-date|postdate|pub-?date|date-?published|publish(?:ed)?-?date"
    r"|article-?date|story-?date|date-header|posted-on|published-?(?:on|at|time))(?:$|[\s_-])",
    re.I,
)


def stated(
    tree: HtmlElement,
    metas: Mapping[str, str],
    nodes: Sequence[jsonld.Node],
    near: Surroundings,
    *,
    day_first: bool,
) -> Iterator[Fact]:
    """Yield every day that the page states, as it is written; the caller takes the first that can be read.

    The day that stands under the headline is what readers are told; a meta tag may give another one because of its time
    zone, or because the page is older than its article. On 310 saved pages the shown day was right in all seven such
    cases. The day on which a text was begun (`dateCreated`) was right on 11 pages of 13, too few.
    """
    yield from _marked(tree)
    yield from _named(tree)
    around = list(beside(near))
    shown = {parse(text, ANY, day_first=day_first) for text, how in around if how.endswith(UNDER)}
    if len(shown) == 1:
        yield from ((day, UNDER) for day in shown if day)
    yield from ((metas[key], f"meta {key}") for key in METAS if key in metas)
    if not _is_wiki(metas):
        linked = [jsonld.spelled(node.get("datePublished")) for node in nodes]
        yield from ((day, "JSON-LD datePublished") for day in linked if day)
    yield from _single_time(tree)
    yield from around


def guessed(tree: HtmlElement, near: Surroundings) -> Fact | None:
    """Return the day that htmldate finds in the page's body, where the page's short lines show no other one.

    The day of an update is not taken. Asked for all 208 saved pages whose day is known, it named one on 91: 87 were
    right, and three of the other four pages state nowhere the day that they are said to have.
    """
    from htmldate import find_date  # 0.3 s: only a page that states no day pays

    lines = [line.text for line in near.all if len(line.text) <= SHORT]
    shown = {day for text in lines if not UPDATED.search(text) if (day := parse(_day_on(text), ANY))}
    if len(shown) != 1:
        return None
    body = deepcopy(tree)
    for element in list(body.iter("head", "script")):
        element.clear(keep_tail=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of time zones that dateutil does not know
        day = find_date(body, url="", original_date=True, extensive_search=False)
    return (day, "htmldate: the only day on the page") if day in shown else None


def beside(near: Surroundings) -> Iterator[Fact]:
    """Yield the days on lines around the headline: labelled ones, then those below it, then those above.

    Above the headline a day with its weekday is the visit's; a day that only an update is given is none. Of several
    days without a label nobody can tell which is the article's.
    """
    below = list(_dated(near.below))
    above = [text for text in _dated(near.above) if not names_weekday(text)]
    yield from ((_day_on(text), f"labelled {UNDER}") for text in below if LABEL.match(text))
    yield from ((day, UNDER) for day in _agreed(text for text in below if not LABEL.match(text)))
    yield from ((day, "line above the headline") for day in _agreed(above))
    firm = [line for line in near.all if len(line.text) <= FIRM and _FIRMLY.search(line.text)]
    labelled = {_day_on(text) for text in _dated(firm) if _FIRMLY.match(text)}
    if len(labelled) == 1:
        yield labelled.pop(), "labelled line"


def _agreed(lines: Iterable[str]) -> list[str]:
    """Return the days on the lines, as written, if they all are the same day."""
    days = list(map(_day_on, lines))
    return days if len({parse(day, ANY) or day for day in days}) == 1 else []


def _dated(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        found = next((bit for bit in line.bits() if _is_dated(bit) and not UPDATED.match(bit)), None)
        if found:
            yield found


def _is_dated(text: str) -> bool:
    if not any(character.isdigit() for character in text):
        return False
    return is_date_line(text) or (len(text) <= 100 and bool(byline(beside_dates(text))) and bool(_day_on(text)))


def _day_on(text: str) -> str:
    """Return the first day on a line, as it is written there if in numbers."""
    day = next(written(text), None)
    return day.isoformat() if day else numeric(text)


def _is_wiki(metas: Mapping[str, str]) -> bool:
    """A wiki's page was created when somebody began it, years before what it says now."""
    return "wiki" in metas.get("generator", "").lower() or metas.get("og:site_name", "").lower() == "wikipedia"


def _marked(tree: HtmlElement) -> Iterator[Fact]:
    """Yield what microdata and <time> mark as the day of publication."""
    published = tree.xpath("//*[contains(@itemprop, 'datePublished') or contains(@property, 'datePublished')]")
    for element in (*published, *tree.xpath("//time[@pubdate]")):
        if not belongs_to_others(element):
            yield _value(element), "datePublished in the markup"


def _single_time(tree: HtmlElement) -> Iterator[Fact]:
    """Yield the single day of the article's <time> elements."""
    times = tree.xpath("(//article|//main|//header)//time[not(ancestor::blockquote)]")
    values = [_value(time) for time in times if not belongs_to_others(time) and not _is_update(time)]
    days = {day for value in values if (day := parse(value, ANY))}
    if len(days) == 1:  # several days: teasers, comments, or an update
        yield days.pop(), "time"


def _named(tree: HtmlElement) -> Iterator[Fact]:
    """Yield the single day that class names say is the day of publication."""
    days: set[str] = set()
    for element in tree.iter("time", "span", "div", "p", "abbr", "li", "h2", "h3", "h4"):
        if _PUBLISHED.search(f"{element.get('class') or ''} {element.get('id') or ''}") and not belongs_to_others(
            element
        ):
            text = _value(element)
            if len(text) <= 100 and (day := parse(LABEL.sub("", text, count=1), ANY)):
                days.add(day)
    if len(days) == 1:
        yield days.pop(), "class of the day"


def _is_update(time: HtmlElement) -> bool:
    named = " ".join(filter(None, (time.get("class"), time.get("itemprop"), time.getparent().get("class"))))
    texts = [one_line(str(element.text_content())) for element in (time, time.getparent())]
    said = any(UPDATED.match(text) for text in texts if len(text) <= SHORT)
    return said or bool(re.search(r"updat|modif", named, re.I))


def _value(element: HtmlElement) -> str:
    return one_line(element.get("datetime") or element.get("content") or str(element.text_content()))
