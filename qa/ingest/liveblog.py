"""Live blogs: their posts are parted, and each keeps its heading and begins with its time."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from qa.ingest.canonical import one_line
from qa.ingest.surroundings import is_elsewhere

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LIVE = re.compile(r"live-?_?(?:blog|ticker|update|feed|post|event)|(?:^|[\s_-])ticker", re.I)
_CLOCK = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)(?:\s?[ap]\.?m\b\.?)?", re.I)
_NAMED_TIME = re.compile(r"(?:^|[\s_-])(?:time|timestamp|date|uhrzeit|clock)(?:$|[\s_-])", re.I)
_FEWEST, _LONGEST_TIME = 2, 40  # posts of a live blog; characters of a post's time


def part_posts(tree: HtmlElement, *, live: bool) -> None:
    """Make each post of a live blog a block of its own whose first paragraph begins with the time.

    A page is a live blog if it says so (`live`) or the posts stand in an element that is named so; readers' comments,
    which look the same, are left alone.
    """
    for posts in _groups(tree):
        if live or any(_is_live(element) for element in (posts[0], *posts[0].iterancestors())):
            for post in posts:
                _part(post)


def _groups(tree: HtmlElement) -> list[list[HtmlElement]]:
    """Return runs of siblings that each have a time and words of their own, the outermost of them."""
    groups: dict[tuple[HtmlElement, str], list[HtmlElement]] = defaultdict(list)
    for time in tree.xpath("//time|//*[@class]"):
        if not _clock(time):
            continue
        for element in time.iterancestors("li", "article", "div", "section"):
            if is_elsewhere(element):
                break
            siblings = groups[element.getparent(), element.tag]
            if element in siblings:
                break
            siblings.append(element)
    return [posts for posts in groups.values() if len(posts) >= _FEWEST]


def _is_live(element: HtmlElement) -> bool:
    named = " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "itemtype"))
    return element.tag not in {"html", "body"} and bool(_LIVE.search(named))


def _part(post: HtmlElement) -> None:
    from lxml.html import Element

    time = next(element for element in post.iter() if isinstance(element.tag, str) and _clock(element))
    clock = _clock(time)
    time.drop_tree()
    first = next((p for p in post.iter("p") if one_line(str(p.text_content()))), None)
    if first is None:
        first = Element("p")
        first.extend(list(post))
        post.append(first)
        first.text, post.text = post.text, None
    first.text = f"{clock} {(first.text or '').lstrip()}"
    post.tag = "div"
    for name in ("class", "id"):  # by which trafilatura would take one post for the whole article
        post.attrib.pop(name, None)
    parent = post.getparent()
    if parent is not None and parent.tag in {"ul", "ol"}:
        parent.tag = "div"


def _clock(element: HtmlElement) -> str:
    """Return the time of day that an element shows, or "" where it is none."""
    if element.tag != "time" and not _NAMED_TIME.search(element.get("class") or ""):
        return ""
    shown = one_line(str(element.text_content()))
    return shown if len(shown) <= _LONGEST_TIME and _CLOCK.search(shown) else ""
