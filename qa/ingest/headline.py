"""The title of a page's article: its headline where the page says that it is one, else what meta tags state."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qa.ingest.canonical import one_line, squash

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Fact = tuple[str, str]  # value, the way it was found
_LONGEST = 300  # characters
_AGREEING = 0.5  # share of the headline's words that a stated title has
_SITES = frozenset({"wikipedia", "wikipedia, the free encyclopedia", "youtube", "facebook", "linkedin", "medium"})
_PART = re.compile(r"(.+\S)\s+([|–—\-·•»›:]|::)\s+(\S.*)")
_FIRST = re.compile(r"(.+?\S)\s+[|–—\-·•»›]\s+(\S.*)")
_KICKER = re.compile(
    r"over-?line|kicker|topic|eyebrow|dachzeile|spitzmarke|top-?line|pre-?title|super-?title|category|label|roof|intro"
    r"|sub-?(?:title|head|line)|tagline|standfirst",
    re.I,
)
_NO_HEADLINE = re.compile(r"logo|brand|site-?(?:title|name)|masthead|screen-reader|visually-hidden|sr-only", re.I)


def title_of(tree: HtmlElement, stated: Sequence[Fact], site: str, host: str, section: str = "") -> Fact | None:
    """Return the title with the way it was found.

    `stated` is what meta tags and JSON-LD say, best first. A heading is the title if it has words of a stated title or
    of <title>; a logo is none.
    """
    written = _cleaned(tree.findtext(".//title") or "")
    bare = [(without_site(_cleaned(title), site, host, section), how) for title, how in stated]
    known = [title for title, _ in bare if title] + [without_site(written, site, host, section)]
    for heading in _headings(tree, site):
        if any(_agree(heading, title) for title in known):
            return without_site(heading, site, host, section), "h1"
    if part := next((part for part in _lower_headings(tree) if any(_is_part(part, title) for title in known)), ""):
        return part, "heading"
    if title := next((fact for fact in bare if fact[0]), None):
        return title
    if written and squash(written) != squash(site):
        return _without_last(known[-1]), "title"
    heading = next(_headings(tree, site), "")
    return (heading, "h1") if heading else None


def named_site(written: str) -> str:
    """Return the site's name at the end of a <title>: up to four words behind a longer headline; else ""."""
    match = _PART.fullmatch(written)
    if not match or match[2] == ":":
        return ""
    head, tail = len(match[1].split()), len(match[3].split())
    return match[3] if tail <= 4 <= head and tail < head else ""


def without_site(title: str, site: str, host: str, section: str = "") -> str:
    """Return a title without the name of its site, or of its section, at the end or at the beginning."""
    match = _PART.fullmatch(title)
    if match and _names_site(match[3], site, host, section):
        return without_site(match[1], site, host, section)
    first = _FIRST.fullmatch(title)
    if first and _names_site(first[1], site, host, section):
        return first[2]
    return title


def _without_last(title: str) -> str:
    site = named_site(title)
    match = _PART.fullmatch(title)
    return match[1] if site and match else title


def _names_site(part: str, site: str, host: str, section: str) -> bool:
    plain = squash(part)
    letters, of_host = re.sub(r"\W", "", plain), re.sub(r"^www\.|\.[a-z]+$", "", host)
    return bool(letters) and (
        plain in _SITES
        or plain in {squash(site), squash(section)}
        or letters in {re.sub(r"\W", "", of_host), re.sub(r"\W", "", host)}
    )


def _headings(tree: HtmlElement, site: str) -> Iterator[str]:
    """Yield the texts of <h1>, those in an article first; a logo, a hidden one and the site's own name are none."""
    inside = tree.xpath("//article//h1|//main//h1")
    for heading in (*inside, *(h1 for h1 in tree.iter("h1") if h1 not in inside)):
        around = (heading, *list(heading.iterancestors())[:2], *heading.iterdescendants("a", "div", "span"))
        text = _shown(heading)
        if 0 < len(text) <= _LONGEST and squash(text) != squash(site) and not any(map(_is_logo, around)):
            yield text


def _lower_headings(tree: HtmlElement) -> Iterator[str]:
    marked = tree.xpath("//*[@itemprop='headline']|//article//h2|//article//h3")
    yield from map(_shown, (*marked, *tree.iter("h2", "h3")))


def _shown(heading: HtmlElement) -> str:
    """Return a heading's words without those of a smaller line above or below it."""
    beside = {e for e in heading.iterdescendants() if isinstance(e.tag, str) and (e.tag == "small" or _is_beside(e))}
    hidden = {inner for e in beside for inner in e.iter()}
    texts = [heading.text or ""]
    for element in heading.iterdescendants():
        shown = element not in hidden and isinstance(element.tag, str)
        texts += [element.text or "" if shown else "", "" if element.getparent() in hidden else element.tail or ""]
    own = _cleaned(" ".join(texts))
    return own if re.search(r"\w", own) else _cleaned(" ".join(heading.itertext()))


def _is_beside(element: HtmlElement) -> bool:
    return bool(_KICKER.search(element.get("class") or ""))


def _is_logo(element: HtmlElement) -> bool:
    return bool(_NO_HEADLINE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _is_part(heading: str, title: str) -> bool:
    """Tell whether a heading of four words is a stated title, or the most of it."""
    ours, theirs = squash(heading), squash(title)
    return len(ours.split()) >= 4 and ours in theirs and 2 * len(ours) >= len(theirs)


def _cleaned(text: str) -> str:
    return one_line(html.unescape(text)).strip("|–—-•» ")


def _agree(heading: str, title: str) -> bool:
    """Tell whether a heading is the stated title in other words: half of the shorter one's words stand in the other."""
    ours, theirs = set(re.findall(r"\w+", squash(heading))), set(re.findall(r"\w+", squash(title)))
    shared = len(ours & theirs)
    return shared >= min(2, len(ours), len(theirs)) and shared >= _AGREEING * min(len(ours), len(theirs)) > 0
