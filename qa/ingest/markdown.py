"""Markdown as plain text: the words stay, the marks go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.ingest.boilerplate.lines import Piece
from vectorstore.articles import BlockKind

LONGEST_MARKED = 600
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\s*$")
_RULE = re.compile(r" {0,3}(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:\s+\S+.*$")
_IMAGE_ALONE = re.compile(r"\s*\[?!\[([^\]\[]*)\]\([^)]*\)(?:\]\([^)]*\))?\s*$")
_CALLOUT = re.compile(r"^\s*(?:>\s?)+\[![\w-]+\][+-]?[ \t]*")  # > [!quote] Its title
_INLINE = (  # in this order; a mark that is not closed within LONGEST_MARKED characters is a character
    (re.compile(r"!\[\[[^\]\[]*\]\]"), ""),  # a picture or a note of Obsidian's, shown in its place
    (re.compile(r"(?<!\\)\[\[(?:[^\]\[|]*\|)?([^\]\[|]*)\]\]"), r"\1"),
    (re.compile(r"(?<!\\)\[\^[^\]\[\s]+\](?!:)"), ""),  # the mark of a footnote
    (re.compile(r"!\[([^\]\[]*)\](?:\([^()]*\)|\[[^\]\[]*\])"), r"\1"),
    (re.compile(r"(?<!\\)\[([^\]\[]+)\]\((?:[^()\s]|\([^()]*\))*(?:\s+(?:\"[^\"()]*\"|'[^'()]*'))?\)"), r"\1"),
    (re.compile(r"(?<!\\)\[([^\]\[]+)\]\[[^\]\[]*\]"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]{0,300}>"), ""),
    (re.compile(rf"(?<![\\`])(`{{1,4}})(?!`)(.{{1,{LONGEST_MARKED}}}?)(?<!`)\1(?!`)"), r"\2"),
    (re.compile(rf"(?<![\\*\w])(\*{{1,3}})(?=\S)(.{{1,{LONGEST_MARKED}}}?)(?<=\S)(?<!\\)\1(?![*\w])"), r"\2"),
    (re.compile(rf"(?<![\\\w])(_{{1,3}})(?=\S)(.{{1,{LONGEST_MARKED}}}?)(?<=\S)(?<!\\)\1(?!\w)"), r"\2"),
    (re.compile(rf"(?<!\\)~~(?=\S)(.{{1,{LONGEST_MARKED}}}?)(?<=\S)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])"), r"\1"),
)


def pieces(text: str) -> list[Piece]:
    """Return the blocks of Markdown (front matter already taken off) as plain text, in order.

    Headings are HEADING, a picture that stands alone gives its alternative text as CAPTION, code keeps its lines.
    """
    return [piece for chunk in _chunks(_without_comments(text)) for piece in _pieces(chunk) if piece.text.strip()]


def first_heading(blocks: list[Piece]) -> str:
    """Return the first heading where nothing but captions stands above it, else ""."""
    for piece in blocks:
        if piece.kind is BlockKind.HEADING:
            return piece.text
        if piece.kind is BlockKind.PARAGRAPH:
            break
    return ""


def plain(text: str) -> str:
    """Strip the marks inside a line: emphasis, links (their text stays), code, tags, escapes."""
    for pattern, kept in _INLINE:
        text = pattern.sub(kept, text)
    return text.strip()


def _without_comments(text: str) -> str:
    """Cut <!-- … -->; an open one ends nothing, as in browsers' plain text."""
    kept = []
    head, mark, rest = text.partition("<!--")
    while mark:
        _, closed, after = rest.partition("-->")
        if not closed:
            head += mark + rest
            break
        kept.append(head)
        head, mark, rest = after.partition("<!--")
    return "".join([*kept, head])


def _chunks(text: str) -> Iterator[list[str]]:
    """Yield runs of lines: fenced code whole, everything else parted by blank lines."""
    chunk: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            if not fence and chunk:
                yield chunk
                chunk = []
            chunk.append(line)
            if fence:
                yield chunk
                chunk = []
            fence = "" if fence else mark[1]
        elif line.strip() or fence:
            chunk.append(line)
        elif chunk:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _pieces(chunk: list[str]) -> Iterator[Piece]:
    if _FENCE.match(chunk[0]):
        closed = len(chunk) > 1 and _FENCE.match(chunk[-1])
        yield Piece("\n".join(chunk[1:-1] if closed else chunk[1:]))
        return
    pending: list[str] = []
    for line in chunk:
        heading = _HEADING.match(line)
        if heading or _RULE.match(line) or _UNDERLINE.match(line):
            setext = not heading and bool(_UNDERLINE.match(line)) and bool(pending)
            yield from _paragraph(pending, BlockKind.HEADING if setext else BlockKind.PARAGRAPH)
            pending = []
            if heading:
                yield Piece(plain(heading[1]), BlockKind.HEADING)
        elif picture := _IMAGE_ALONE.match(line):
            yield from _paragraph(pending)
            pending = []
            yield Piece(plain(picture[1]), BlockKind.CAPTION)
        elif _CALLOUT.match(line):
            yield from _paragraph(pending)
            pending = []
            yield from _paragraph([_CALLOUT.sub("", line)], BlockKind.HEADING)
        elif not _DEFINITION.match(line) and not _TABLE_RULE.match(line):
            pending.append(re.sub(r"^\s*(?:>\s?)+", "", line))
    yield from _paragraph(pending)


def _paragraph(lines: list[str], kind: BlockKind = BlockKind.PARAGRAPH) -> Iterator[Piece]:
    """Join wrapped lines by spaces; items of a list and rows of a table keep their lines."""
    rows: list[str] = []
    for line in lines:
        alone = _ITEM.match(line) or line.lstrip().startswith("|") or (rows and rows[-1].endswith("\\"))
        text = re.sub(r"^\s*[*+](?=\s)", "-", line).strip()  # list marks are not emphasis
        if rows and not alone:
            rows[-1] = f"{rows[-1].rstrip(chr(92))} {text}"
        else:
            rows.append(text)
    body = "\n".join(plain(row) for row in rows if row)
    if body.strip():
        yield Piece(body, kind)
