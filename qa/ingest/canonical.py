"""The canonical form of text: the words as they stand, without what no reader sees.

Letters are left as they were written (no Unicode normalisation), so a quotation can be found in the original by its
code points; only white space and invisible characters differ.
"""

from __future__ import annotations

import re

# Controls but tab and newline; bidi marks, embeddings, overrides, isolates; zero-width space, word joiner, BOM; soft
# hyphen; tags and annotations (both hide text). The joiners U+200C and U+200D stay: Persian and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028]")
_SPACES = re.compile("[\t \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def canonicalise(text: str) -> str:
    """Return the canonical form; applied twice it changes nothing.

    Invisible characters go, lone surrogates become U+FFFD (SQLite cannot store them), every line end is a newline and
    every space a space, runs of spaces inside a line and at its end shrink, blank lines stand alone.
    """
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", text))
    text = _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))
    text = _SPACES.sub(" ", text)
    text = re.sub(r"(?<=[^\n ]) {2,}", " ", text)  # indentation stays
    text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def one_line(text: str) -> str:
    """Return the canonical form on a single line, for titles and names."""
    plain = text.replace("\n", " ").replace("\t", " ")
    if plain.isprintable():  # nothing in it is invisible: 15 times faster
        return " ".join(plain.split())
    return " ".join(canonicalise(text).split())


def squash(line: str) -> str:
    """Return canonical text as it is compared with other lines: single spaces, straight quotes, without case."""
    line = line.replace("‘", "'").replace("’", "'").replace("“", '"').replace("”", '"')  # 4 times faster than translate
    return " ".join(line.split()).casefold()
