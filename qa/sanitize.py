"""The one way from foreign text to the screen: articles, questions, addresses, models' words.

Textual passes control sequences on to the terminal, also with markup off; what goes through here holds none. The result
is still only text: give it to `Content` or to a widget with `markup=False`, never to anything that reads markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.marks import Marked, Span, join, rewritten

# A whole sequence goes; where one is torn, its introducer goes and the rest stays as harmless letters.
_SEQUENCE = re.compile(
    r"""
      (?:\x1b\]|\x9d) [^\x07\x1b\x80-\x9f]{0,8192} (?:\x07|\x1b\\|\x9c)          # OSC: titles, links, clipboard
    | (?:\x1b[PX^_]|[\x90\x98\x9e\x9f]) [^\x1b\x80-\x9f]{0,8192} (?:\x1b\\|\x9c)  # DCS, SOS, PM, APC
    | (?:\x1b\[|\x9b) [0-?]* [\ -/]* [@-~]                                        # CSI: colours, cursor, reports
    | \x1b [\ -/]* [0-Z\\^-~]                                                     # two-character sequences
    """,
    re.VERBOSE,
)
# C0 without newline, DEL, C1, bidi controls, line separators, byte order mark, annotations, tags, lone surrogates
_CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_NEWLINE = re.compile("\r\n")
_INSTEAD = {"\t": " ", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n"}


def clean(text: str) -> str:
    """Return the text without anything that a terminal or a reader's eye would obey; newlines stay."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(_replace, _SEQUENCE.sub("", text.replace("\r\n", "\n")))


def spelled_out(text: str, spell: Callable[[str], str]) -> str:
    """Return the text with every character that `clean` replaces, but for sequences, as `spell` writes it."""
    return _CONTROL.sub(lambda found: spell(found.group()), text)


def line(text: str | None, limit: int = 300) -> str:
    """Return the text cleaned, on one line, and cut to `limit` characters with an ellipsis."""
    flat = " ".join(clean((text or "")[: limit * 4]).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def clean_spans(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Clean the text and carry spans (offsets into it) over to the cleaned text."""
    held = [_within(span, len(text)) for span in spans]
    if text.isascii() and text.replace("\n", "").isprintable():
        return text, held
    text, held = rewritten(text, held, _NEWLINE, "\n")
    text, held = rewritten(text, held, _SEQUENCE, "")
    return rewritten(text, held, _CONTROL, _replace)


def clean_marked(given: Marked) -> Marked:
    """Clean a text of which some words are marked."""
    text, spans = clean_spans(given.text, given.spans)
    return Marked(text, tuple(spans))


def line_marked(given: Marked, limit: int = 300) -> Marked:
    """Return what `line` makes of the text, with its marks."""
    flat = clean_marked(given.cut(0, limit * 4)).on_one_line()
    if len(flat.text) <= limit:
        return flat
    return join("", (flat.cut(0, len(flat.text[: limit - 1].rstrip())), "…"))


def web_address(url: str | None) -> str | None:
    """Return the address if it is plain http or https and safe to hand to a browser, else None."""
    if not url or len(url) > 4096 or clean(url) != url or any(c.isspace() for c in url):
        return None
    return url if re.match(r"https?://[^/\s@]+(?:[/?#]|$)", url, re.IGNORECASE) else None


def _replace(found: re.Match[str]) -> str:
    character = found.group()
    if "\ud800" <= character <= "\udfff":
        return "�"
    return _INSTEAD.get(character, "")


def _within(span: Span, length: int) -> Span:
    start = min(max(span[0], 0), length)
    return start, min(max(span[1], start), length)
