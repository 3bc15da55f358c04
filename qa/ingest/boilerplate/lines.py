"""Lines of plain text: putting wrapped ones together again, and telling what one line is by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from vectorstore.articles import BlockKind

_TERMINAL = re.compile(r"[.?!…。！？؟।][\"'”’»)\]」』]*$")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")  # scripts that put no or few spaces
_BULLET = re.compile(r"(?:[-*•‣▪–]|\d{1,2}[.)])\s+\S")
_AGENCY = r"(?:AP|AFP|EPA|DPA|TASS|ANSA|EFE|Reuters|Getty|Shutterstock|Xinhua|Anadolu|Sputnik|Bloomberg|Alamy|iStock)"
_PHOTO = r"(?:Photo|Image|Picture|Photograph|Foto|Bild|Caption|Pictured|Légende|Crédit photo|Credit)"
_CREDIT_IN_BRACKETS = (
    r"(?i:photos?|images?|picture|foto|bild)(?: ?:|(?i: by| via| courtesy| credit| from)\b)[^()]*"
    r"|(?:[^()\s]+ ){0,4}(?i:photos?|images?|picture|foto|bild)"
    r"|(?i:courtesy|handout|screengrab|file|pool|archives?)\b[^()]*|[^()]*\bGetty\b[^()]*"
    rf"|[^()]+/\s?{_AGENCY}|{_AGENCY}(?: Photo)?/[^()]+"
)
_CREDIT_END = re.compile(
    rf"\((?:{_CREDIT_IN_BRACKETS})\)\W*$"
    rf"|(?:/|\bvia\s){_AGENCY}(?:\s(?:Images|Photo))?\W*$|\bGetty Images\W*$"
    r"|\b(?:AP Photo|REUTERS|AFP|EPA)/[^.]{2,40}$"
    rf"|[.”\"|] ?{_PHOTO}s?(?i: credit| courtesy)?(?: ?:| by| of) ?[^.]{{2,60}}\.?$"
)
_CREDIT_START = re.compile(
    r"(?:FILE(?: PHOTO)?\b ?[-–—:.]|File (?:photo|picture|image)\b"
    rf"|{_PHOTO}s?(?: credit| source)? ?(?::|by\b|courtesy\b|copyright\b|caption\b)"
    r"|(?:Getty Images|PA Media|Alamy|Shutterstock|EPA-EFE) [A-Z]|© ?[^\d.]{2,60}$"
    r"|In this (?:\S+ ){0,4}(?:file )?photo\b|REUTERS/|AP Photo/|AFP PHOTO\b)"
)
_BYLINE = re.compile(
    r"(?:(?:By|BY|Von|Par|Por|Written by|Posted by|Reported by|Author:|Story by)\s+)"
    r"(?P<name>[A-ZÀ-Þ][\w.'’-]+(?:\s+(?:and|et|und|y|&|de|von|van|bin|al|[A-ZÀ-Þ][\w.'’-]*))*"
    r"(?:,\s*[A-ZÀ-Þ][\w.'’-]+(?:\s+[A-ZÀ-Þ][\w.'’-]+)*)*)\s*(?:[|•·].*)?"
)
_CRUMBS = re.compile(r"[^/>»›|]{1,32}(?:\s+[/>»›|]\s+[^/>»›|]{1,32}){1,6}")
WRAP_NARROWEST, WRAP_WIDEST = 45, 120  # characters to which people wrap prose


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on its way to be a block."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH


def words(line: str) -> int:
    """Count a line's words; two letters of a script without spaces count as one."""
    return len(line.split()) + len(_WIDE.findall(line)) // 2


def is_terminated(line: str) -> bool:
    """Tell whether a line ends as a sentence does."""
    return bool(_TERMINAL.search(line))


def is_prose(line: str) -> bool:
    """Tell whether a line can only be running text: a sentence of eight words, or forty words of anything."""
    count = words(line)
    shouted = line.isupper()  # false too for scripts without case
    return (count >= 8 and is_terminated(line) and not shouted) or count >= 40


def is_caption(line: str) -> bool:
    """Tell whether a line is a picture's caption by its credit; an agency's sign-off "(AFP)" is none."""
    return words(line) <= 90 and bool(_CREDIT_START.match(line) or _CREDIT_END.search(line))


def is_bullet(line: str) -> bool:
    """Tell whether a line is an item of a list."""
    return bool(_BULLET.match(line))


def is_heading(line: str) -> bool:
    """Tell whether a line can head the paragraph below it: short, and not a sentence."""
    closed = is_terminated(line) and not line.rstrip("\"'”’»").endswith("?")
    return words(line) <= 14 and not closed and not line.endswith((":", ",", ";")) and not is_bullet(line)


def byline(line: str) -> str | None:
    """Return the name on a line such as "By Jane Roe", else None."""
    match = _BYLINE.fullmatch(line.strip()) if words(line) <= 14 else None
    return match["name"].strip() if match else None


def crumbs(line: str) -> list[str]:
    """Return the parts of a breadcrumb such as "News / World / Asia", or nothing."""
    parts = [part.strip() for part in re.split(r"\s[/>»›|]\s", line)]
    if not _CRUMBS.fullmatch(line.strip()) or words(line) > 16 or any(words(part) > 4 for part in parts):
        return []
    return [part for part in parts if part]


def paragraphs(text: str) -> list[str]:
    """Split canonical text into paragraphs: at blank lines, and at line ends unless the text is hard-wrapped.

    Wrapped lines are joined by a space; the items of a list stay one paragraph of several lines.
    """
    chunks = [[line.strip() for line in chunk.split("\n") if line.strip()] for chunk in text.split("\n\n")]
    wrapped = _is_wrapped_text(chunks)
    return [piece for lines in chunks if lines for piece in _joined(lines, wrapped)]


def _joined(lines: list[str], wrapped: bool) -> list[str]:
    if wrapped and _fills(lines):
        return [" ".join(lines)]
    runs = groupby(lines, is_bullet)
    return [text for listed, run in runs for text in (["\n".join(run)] if listed else run)]


def _is_wrapped_text(chunks: Sequence[list[str]]) -> bool:
    """Wrapped text goes on in lower case on the next line, again and again, and has no long line."""
    following = [line for lines in chunks for line in lines[1:]]
    longest = max((len(line) for lines in chunks for line in lines), default=0)
    return longest <= WRAP_WIDEST and sum(line[0].islower() for line in following) > 0.3 * len(following)


def _fills(lines: list[str]) -> bool:
    """Tell whether each line is full: the next line's first word would have stuck out. Verses are narrower."""
    width = max(map(len, lines))
    return width >= WRAP_NARROWEST and all(len(a) + 1 + len(b.split()[0]) > width - 2 for a, b in pairwise(lines))
