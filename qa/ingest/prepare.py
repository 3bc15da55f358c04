"""A page's tree made ready for trafilatura: what it would lose is moved, other articles and pitches are cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.ingest.boilerplate.phrases import sells
from qa.ingest.canonical import one_line, squash
from qa.ingest.liveblog import part_posts
from qa.ingest.surroundings import belongs_to_others

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CAPTION_MARK = "\ue000"  # a private character that trafilatura carries through
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|image-caption|photo-caption|caption-text|caption)(?:$|[\s_-])", re.I
)
_CAPTIONED = ("p", "div", "span")  # that may be captions by their class
_WALL = re.compile(r"(?:pay|reg)-?_?wall|subscri|(?:^|[\s_-])abo(?:$|[\s_-])|piano|meter|upsell|barrier|gated?", re.I)
_ARTICLES = frozenset({"article", "story", "hentry", "post", "news-item"})  # classes of an article's element
_FLAT, _PITCH, _OTHER = 600, 150, 40  # characters of a cell; words of a pitch, and of another article
_LINKED = 0.2  # share of a page's letters in links, above which it has navigation


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was taken out of a page: its captions, and what sells the rest of the article."""

    captions: tuple[str, ...] = ()
    cut_off: bool = False


def prepare(tree: HtmlElement, *, live: bool) -> Prepared:
    """Change the tree in place and return what was taken out of it."""
    part_posts(tree, live=live)
    cut_off = _cut_pitches(tree)
    _part_figures(tree)
    captions = tuple(dict.fromkeys(_take_captions(tree)))
    _flatten_cells(tree)
    _frame_bare(tree)
    return Prepared(captions, cut_off)


def cut_others(tree: HtmlElement, title: str) -> int:
    """Drop the articles beside the one that the page is named after, and return how many they were."""
    articles = [element for element in tree.iter("article", "section", "div") if _is_article(element)]
    outer = [a for a in articles if not any(_is_article(above) for above in a.iterancestors())]
    headed = {a: squash(one_line(" ".join(h[0].itertext()))) for a in outer if (h := a.xpath(".//h1|.//h2"))}
    whole = {a: heading for a, heading in headed.items() if len(str(a.text_content()).split()) >= _OTHER}
    own = [article for article, heading in whole.items() if heading == squash(title)]
    others = [a for a in whole if own and a is not own[0] and _kind(a) == _kind(own[0])]
    if len(own) != 1 or not others:
        return 0
    for article in others:
        article.drop_tree()
    return len(others)


def _kind(element: HtmlElement) -> tuple[str, str]:
    return element.tag, (element.get("class") or "").split(" ")[0]


def _is_article(element: HtmlElement) -> bool:
    named = not _ARTICLES.isdisjoint((element.get("class") or "").lower().split())
    return element.tag == "article" or named or (element.get("itemtype") or "").endswith(("Article", "BlogPosting"))


def _cut_pitches(tree: HtmlElement) -> bool:
    """Drop what sells a subscription in a box that is named so, and tell whether there was one."""
    found = False
    for element in list(tree.iter("div", "section", "aside", "p")):
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.getparent() is None or not _WALL.search(named):
            continue
        text = one_line(str(element.text_content()))
        if len(text.split()) <= _PITCH and sells(text):
            found = found or not belongs_to_others(element)
            element.drop_tree()
    return found


def _take_captions(tree: HtmlElement) -> Iterator[str]:
    """Take out the captions and yield their texts; one inside a paragraph becomes a marked paragraph behind that."""
    from lxml.html import Element

    marked = tree.iter("figcaption", *_CAPTIONED)
    captions = [element for element in marked if element.tag == "figcaption" or _captioned(element)]
    for caption in captions:
        text = one_line(" ".join(caption.itertext()))
        place = next(iter(caption.iterancestors("p")), None)
        caption.drop_tree()
        if text:
            yield text
        if text and place is not None and place.getparent() is not None and one_line(str(place.text_content())):
            paragraph = Element("p")
            paragraph.text = CAPTION_MARK + text
            place.addnext(paragraph)
            paragraph.tail, place.tail = place.tail, None


def _part_figures(tree: HtmlElement) -> None:
    """Part the bare text before a figure from that behind it, which trafilatura joins without a space."""
    from lxml.html import Element

    for figure in tree.iter("figure"):
        if (figure.tail or "").strip():
            paragraph = Element("p")
            figure.addnext(paragraph)
            paragraph.text, paragraph.tail, figure.tail = figure.tail, None, None


def _captioned(element: HtmlElement) -> bool:
    if len(element) >= 8 or not _CAPTION_CLASS.search(element.get("class") or ""):
        return False
    return next(element.iterancestors("figcaption"), None) is None


def _flatten_cells(tree: HtmlElement) -> None:
    """Turn the lists in a table's cells, which trafilatura drops, into plain words."""
    for cell in tree.iter("td", "th"):
        lists = list(cell.iter("ul", "ol"))
        if not lists or len(str(cell.text_content())) > _FLAT or any(True for _ in cell.iter("table")):
            continue
        for element in cell.iter("ul", "ol", "li"):
            element.tag = "span"
            element.text, element.tail = " " + (element.text or ""), " " + (element.tail or "")


def _frame_bare(tree: HtmlElement) -> None:
    """Make an article of the whole body of a page without furniture: a mail, a chapter, what pandoc writes.

    Where nothing is marked as the article, trafilatura gathers paragraphs and loses headings and lists.
    """
    from lxml.html import Element

    body = tree.find("body")
    if body is None or next(tree.iter("article", "main", "nav", "aside", "footer", "form"), None) is not None:
        return
    linked = sum(len(str(link.text_content())) for link in body.iter("a"))
    if linked <= _LINKED * len(str(body.text_content())):
        article = Element("article")
        article.text, body.text = body.text, None
        article.extend(list(body))
        body.append(article)
