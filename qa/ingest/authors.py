"""Who wrote a page's article: from JSON-LD, meta tags, markup and byline; never a button or an address."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from qa.ingest import jsonld
from qa.ingest.boilerplate import lines
from qa.ingest.canonical import one_line, squash
from qa.ingest.datewords import beside_dates
from qa.ingest.surroundings import Surroundings, belongs_to_others

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Fact = tuple[str, str]  # value, the way it was found
METAS = (
    *("author", "article:author", "dc.creator", "dcterms.creator", "byl", "parsely-author", "sailthru.author"),
    *("citation_author", "article.author", "authors", "creator"),
)
_WRITTEN_BY = re.compile(
    r"written|author|verfasst|autor|écrit|auteur|escrito|scritto|geschreven|napisa|skre?v|автор|yaza", re.I
)
_MOST, _LONGEST = 12, 120  # authors of an article, characters of all of them
_BY = (
    r"by|von|par|por|di|da|door|av|af|przez|автор(?:ы)?|författare|text(?: von| by)?|texte|testo|texto"
    r"|(?:words|story|written|posted|reported|published) by|(?:geschrieben|verfasst|gespeichert) von"
    r"|(?:ein )?(?:artikel|beitrag) ?von|(?:foto|text) und (?:foto|text)|autor(?:en|in|es|a)?|author|auteur|autore"
    r"|yazar|redakteur(?:in)?|作者|记者|記者|文|글"
)
_LEADING = re.compile(rf"^(?:(?:{_BY})(?: ?[:：]|(?=\s))\s*)+", re.I)
_MARKED = re.compile(  # a line that says that it names an author
    r"(?i:by|von|par|por|di|door|av|af|автор|autor(?:in|a)?|author|auteur|written by|posted by)\b ?[:：]? +"
    r"(?=[A-ZÀ-ÞА-Я])|(?:作者|記者|记者) ?[:：]"
)
_PARTICLES = frozenset("and und et e y en och og i и & van von de der den di da du la le del bin al zu zum of".split())
_LABELLED = re.compile(
    r"(?:by|von|par|por|text|autor(?:in|a)?|author|auteur|autore|verfasst von|yazar|автор|作者) ?[:：] ?\w", re.I
)
_PARTS = re.compile(r"\s*(?:[;|•·\n]|,(?= |\S)|\s/\s)\s*")
_NO_NAME = re.compile(
    r"@|://|www\.|[→»←«›]|\.(?:com|org|net|de)\b|\d{3}|^\W*$|[<>{}=\[\]]"
    r"|\b(?:e-?mail|follow|folgen|share|teilen|tweet|subscribe|contact|kontakt|view|profile?|posts?|articles?|artikel"
    r"|beiträge|artikelübersicht|archiv|übersicht|alle|all|entradas|tous|comments?|kommentare?|min(?:ute)?s? read"
    r"|lesezeit|updated|published|veröffentlicht|images?|getty|photo(?:graph)?s?|realisiert|interview"
    r"|foto(?:s|graf)?|copyright|click|more|mehr|read|about|home|login|uhr|says)\b",
    re.I,
)
_NOBODY = frozenset(
    "null none undefined nan unknown unbekannt admin administrator webmaster root user guest gast anonymous no author"
    " no_author noauthor author autor name default super user system editor staff editorial".split()
) | {"no author", "super user", "editorial staff", "the author", "by"}
_ROLE = re.compile(
    r"\b(?:staff|reporter|correspondent|editor|writer|journalist|columnist|redakteur(?:in)?|chefredakteur(?:in)?|contributor"
    r"|freier? autor(?:in)?|producer|redactor[a]?|periodista|journaliste)s?\b",
    re.I,
)
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|by|authors?|autor(?:en|es|in)?|auteur|writer|creator|vcard|fn|p-author|authorname"
    r"|author-?name|article__?author|postauthor|post-author|entry-author|author-link|username)(?:$|[\s_-])|byline|author",
    re.I,
)
_NOT_CLASS = re.compile(
    r"bio|box|about|desc|image|avatar|photo|social|follow|info-?text|comment|related|date|time|count", re.I
)


def author_of(
    tree: HtmlElement, metas: Mapping[str, str], nodes: Sequence[jsonld.Node], near: Surroundings, site: str
) -> Fact | None:
    """Return the author or authors with the way they were found; an organisation only where no person is named."""
    spare: Fact | None = None
    for raw, how, organisation in _candidates(tree, metas, nodes, near):
        name = tidied(raw)
        if not name:
            continue
        if not organisation and not _is_site(name, site):
            return name, how
        spare = spare or (name, how)
    return spare


def tidied(raw: str) -> str:
    """Return the names in what stands where an author should; "" where there is none."""
    text = one_line(html.unescape(html.unescape(raw)))
    text = beside_dates(_LEADING.sub("", text)) if re.search(r"\d{4}", text) else _LEADING.sub("", text)
    kept: list[str] = []
    for part in _PARTS.split(one_line(text)):
        name = _LEADING.sub("", part).strip(" .,:-–—|()*/\"'“”")
        if _is_name(name) and not (kept and _is_beside(name)) and squash(name) not in map(squash, kept):
            kept.append(name)
    joined = ", ".join(kept[:_MOST])
    return joined if len(joined) <= _LONGEST else ""


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= 60
        and lines.words(text) <= 9
        and squash(text) not in _NOBODY
        and not _NO_NAME.search(text)
        and bool(re.search(r"[^\W\d_]{2}", text))
    )


def _is_beside(text: str) -> bool:
    """Tell whether a part behind a name is none: a role, or the name's initials."""
    return bool(_ROLE.search(text)) or bool(re.fullmatch(r"[A-ZÄÖÜ]{2,4}|[a-z]{2,3}", text))


def _is_capitalised(name: str) -> bool:
    """Tell whether each word of a name begins as names do; a sentence that begins with "By" names nobody."""
    return all(word in _PARTICLES or not word[0].islower() for word in name.split())


def _is_site(name: str, site: str) -> bool:
    plain, own = re.sub(r"\W", "", squash(name)), re.sub(r"\W", "", squash(site))
    return bool(own) and (plain in own or own in plain)


def _candidates(
    tree: HtmlElement, metas: Mapping[str, str], nodes: Sequence[jsonld.Node], near: Surroundings
) -> Iterator[tuple[str, str, bool]]:
    """Yield (text, way, whether it is said to be an organisation), best evidence first."""
    stated = [name for node in nodes for key in ("author", "creator") for name in jsonld.names(node.get(key))]
    people = [name for name, organisation in stated if not organisation]
    yield ", ".join(dict.fromkeys(people[:_MOST])), "JSON-LD author", False
    yield from ((metas[key], f"meta {key}", False) for key in METAS if key in metas)
    if _WRITTEN_BY.search(metas.get("twitter:label1", "")):
        yield metas.get("twitter:data1", ""), "meta twitter:data1", False
    yield from ((text, how, False) for text, how in (*_markup(tree), *_lines(near)))
    yield from ((name, "JSON-LD author", True) for name, organisation in stated if organisation)


def _markup(tree: HtmlElement) -> Iterator[Fact]:
    """Yield what microdata, links and class names mark as the author, each kind joined."""
    kinds = (
        ("itemprop author", "//*[contains(concat(' ', @itemprop, ' '), ' author ')]"),
        ("rel author", "//a[contains(concat(' ', @rel, ' '), ' author ')]"),
        (
            "author link",
            "//a[contains(@href, '/author/') or contains(@href, '/autor/') or contains(@href, '/autoren/')]",
        ),
    )
    for how, path in kinds:
        found = [_named(element) for element in tree.xpath(path)[:20] if not belongs_to_others(element)]
        yield ", ".join(dict.fromkeys(name for name in found if tidied(name))), how
    for element in tree.iter(
        "p", "div", "span", "a", "li", "cite", "address", "strong", "b", "em", "td", "h3", "h4", "h5"
    ):
        named = element.get("class") or element.get("id") or ""
        if _CLASS.search(named) and not _NOT_CLASS.search(named) and not belongs_to_others(element):
            text = one_line(str(element.text_content()))
            if len(text) <= _LONGEST and tidied(text):
                yield text, "class of the byline"


def _named(element: HtmlElement) -> str:
    inner = element.xpath(".//*[contains(concat(' ', @itemprop, ' '), ' name ')]")
    chosen = inner[0] if inner else element
    return one_line(str(chosen.get("content") or chosen.text_content()))


def _lines(near: Surroundings) -> Iterator[Fact]:
    for line in (*near.below, *reversed(near.above)):
        for bit in line.bits():
            text = beside_dates(bit)
            if name := lines.byline(text):
                yield name, "byline"
            elif _MARKED.match(text) and _is_capitalised(tidied(text)) and not lines.is_terminated(text):
                yield text, "byline"
    for line in near.all:
        if len(line.text) <= _LONGEST and _LABELLED.match(line.text):
            yield line.text, "byline"
