"""JSON-LD in a page: the node that describes its article, also in scripts that are not quite JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qa.ingest.canonical import squash

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = Mapping[str, object]
_ARTICLE = re.compile(r"\w*Article|(?:Live)?BlogPosting|DiscussionForumPosting|Posting|Report|Recipe|CreativeWork")
_LIVE = "LiveBlogPosting"
_PAGE = re.compile(r"\w*Page|WebContent")
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPED = re.compile(
    r"^\s*(?:(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|<!--)|(?:(?://|/\*)?\s*\]\]>(?:\s*\*/)?|-->)\s*;?\s*$"
)
_STRING_OR_TRAILING_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])')
_DEEPEST = 6


def described(tree: HtmlElement, title: str = "") -> list[Node]:
    """Return the nodes that describe the page's article, best first: articles by this title, or all, then the page."""
    nodes = [node for data in _scripts(tree) for node in _nodes(data, 0)]
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    named = [node for node in articles if title and squash(spelled(node.get("headline"))) == squash(title)]
    return [*(named or articles), *(node for node in nodes if not _is(node, _ARTICLE))]


def is_live(nodes: list[Node]) -> bool:
    """Tell whether the page says that it is a live blog."""
    return any(_LIVE in _types(node) for node in nodes)


def spelled(value: object) -> str:
    """Return a JSON-LD value as text: names of persons and organisations, joined by commas."""
    if isinstance(value, dict):
        return spelled(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(spelled, value[:20])))
    return value if isinstance(value, str) else ""


def names(value: object) -> list[tuple[str, bool]]:
    """Return the authors in a JSON-LD value, each with whether it is said to be an organisation."""
    if isinstance(value, list):
        return [name for item in value[:20] for name in names(item)]
    return (
        [(text, isinstance(value, dict) and "Person" not in _types(value) and bool(_types(value)))]
        if (text := spelled(value))
        else []
    )


def _scripts(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            yield _loaded(str(script.text_content()))
        except (ValueError, RecursionError):
            continue


def _loaded(text: str) -> object:
    """Parse JSON; where it is none, without what wraps it, and without trailing commas."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        bare = _WRAPPED.sub("", _WRAPPED.sub("", text))
        mended = _STRING_OR_TRAILING_COMMA.sub(lambda match: "" if match[0] == "," else match[0], bare)
        return json.loads(mended, strict=False)


def _nodes(data: object, depth: int) -> Iterator[Node]:
    """Yield the nodes that are articles or pages, also inside lists, @graph and mainEntity."""
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _nodes(item, depth + 1)
    elif isinstance(data, dict):
        if _is(data, _ARTICLE) or _is(data, _PAGE):
            yield data
        for key in _WITHIN:
            yield from _nodes(data.get(key), depth + 1)


def _types(node: Node) -> list[str]:
    stated = node.get("@type")
    return [kind for kind in (stated if isinstance(stated, list) else [stated]) if isinstance(kind, str)]


def _is(node: Node, kind: re.Pattern[str]) -> bool:
    return any(kind.fullmatch(name.rsplit("/", 1)[-1]) for name in _types(node))
