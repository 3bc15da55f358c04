"""Markdown as plain text, by markdown-it-py: the words stay, the marks go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from qa.ingest.boilerplate.lines import Piece
from vectorstore.articles import BlockKind

TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z!?][^<>]*>", re.DOTALL)
DEEPEST = 100  # quotations and lists within one another
CLIPPED = (  # what web clippers and Obsidian write beside CommonMark
    (re.compile(r"!\[\[[^\]\[]*\]\]"), ""),  # a picture or a note, shown in its place
    (re.compile(r"(?<!\\)\[\[(?:[^\]\[|]*\|)?([^\]\[|]*)\]\]"), r"\1"),  # a link to a note
    (re.compile(r"^ {0,3}\[\^[^\]\[\s]+\]:.*$", re.MULTILINE), ""),  # a footnote
    (re.compile(r"(?<!\\)\[\^[^\]\[\s]+\]"), ""),  # its mark
    (  # > [!quote] Its title
        re.compile(r"^([ \t]*(?:>[ ]?)+)\[![\w-]+\][+-]?[ \t]*(.*)$", re.MULTILINE),
        r"\1###### \2\n\1",
    ),
)
LEAVES = {"text", "code_inline", "html_inline", "softbreak", "hardbreak"}


def pieces(text: str) -> list[Piece]:
    """Return the blocks of Markdown (front matter already taken off) as plain text, in order.

    Headings are HEADING, a picture that stands alone gives its alternative text as CAPTION, code keeps its lines.
    """
    blocks = _tree(_parser().parse(_unclipped(text))).children
    return [piece for block in blocks for piece in _pieces(block) if piece.text.strip()]


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
    return _words(_tree(_parser().parseInline(_unclipped(text))))


def _tree(tokens: Sequence[Token]) -> SyntaxTreeNode:
    """Return the tree of tokens without the marks inside lines, which may be nested as deeply as a line is long."""
    for token in tokens:
        _flatten(token)
    return SyntaxTreeNode(tokens)


def _flatten(token: Token) -> None:
    if token.children:
        token.children = [child for child in token.children if not child.nesting]
        for child in token.children:
            _flatten(child)


def _unclipped(text: str) -> str:
    for pattern, kept in CLIPPED:
        text = pattern.sub(kept, text)
    return text


def _parser() -> MarkdownIt:
    """CommonMark with tables; an indented line is text, for few who write articles mean code by it."""
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST})
    return parser.enable(["table", "strikethrough"]).disable("code")


def _pieces(node: SyntaxTreeNode) -> Iterator[Piece]:
    match node.type:
        case "heading":
            yield Piece(_words(node), BlockKind.HEADING)
        case "paragraph":
            yield Piece(_words(node), BlockKind.CAPTION if _is_picture(node) else BlockKind.PARAGRAPH)
        case "bullet_list" | "ordered_list":
            yield Piece("\n".join(_items(node)))
        case "table":
            yield Piece("\n".join(_rows(node)))
        case "fence" | "html_block":
            yield Piece(node.content.strip("\n") if node.type == "fence" else TAG.sub("", node.content).strip())
        case _:
            for child in node.children:
                yield from _pieces(child)


def _items(node: SyntaxTreeNode) -> Iterator[str]:
    """An item a line, each behind its mark; what an item holds besides follows on lines of its own."""
    for number, item in enumerate(node.children, int(node.attrs.get("start", 1))):
        mark = f"{number}." if node.type == "ordered_list" else "-"
        first, *more = [piece.text for child in item.children for piece in _pieces(child)] or [""]
        yield "\n".join([f"{mark} {first}".rstrip(), *more])


def _rows(node: SyntaxTreeNode) -> Iterator[str]:
    for row in node.walk():
        if row.type == "tr":
            yield f"| {' | '.join(_words(cell) for cell in row.children)} |"


def _is_picture(node: SyntaxTreeNode) -> bool:
    """Whether nothing but pictures, linked or not, stands there."""
    leaves = [leaf for leaf in node.walk() if leaf.type in {*LEAVES, "image"}]
    inside = {id(leaf) for one in leaves if one.type == "image" for leaf in one.walk()}
    return any(leaf.type == "image" for leaf in leaves) and all(
        id(leaf) in inside or not leaf.content.strip() for leaf in leaves
    )


def _words(node: SyntaxTreeNode) -> str:
    return _joined([node]).strip()


def _joined(nodes: Sequence[SyntaxTreeNode]) -> str:
    return "".join(_leaf(node) if node.type in LEAVES else _joined(node.children) for node in nodes)


def _leaf(node: SyntaxTreeNode) -> str:
    return {"softbreak": " ", "hardbreak": "\n", "html_inline": ""}.get(node.type, node.content)
