"""Pages that were fetched and are no articles, because a program sees only what stands before them."""

from __future__ import annotations

import re

FEWEST = 600  # characters that an article has, with all around it, where something else says that it is none
_MARK = re.compile(r"<(/?)(script|style|noscript|template|svg)\b[^<>]*>|(<!--)|(-->)|<[^<>]*>", re.I)
_PASSWORD = re.compile(r"<input\b[^<>]*\btype\s*=\s*[\"']?password", re.I)
_LOGIN = re.compile(r"/(?:log-?in|sign-?in|auth|sso|account/login)(?:[/?.]|$)", re.I)
_WANTS_SCRIPTS = re.compile(r"java\s?script", re.I)
_EMPTY_ROOT = re.compile(r"<(div|main|app-root)\b[^<>]*>\s{0,99}</\1>", re.I)
_CHECKED = re.compile(
    r"checking (?:if|that|your)[^<>]{0,40}(?:browser|human|connection)|just a moment\.\.\.|captcha", re.I
)


def wall(page: str, address: str) -> str:
    """Return what stands before the article, "" where nothing does."""
    visible, noscript = _texts(page)
    if len(visible) >= FEWEST:
        return ""
    if _PASSWORD.search(page) or _LOGIN.search(address):
        return "the page needs a login: save it in your browser, and ingest the file"
    if _CHECKED.search(page):
        return "the site wants to see a person first: save the page in your browser, and ingest the file"
    if "<script" in page.lower() and (_WANTS_SCRIPTS.search(noscript + visible) or _EMPTY_ROOT.search(page)):
        return "the page needs JavaScript: save it in your browser, and ingest the file"
    return ""


def _texts(page: str) -> tuple[str, str]:
    """Return the text that a reader sees, and the one for who runs no scripts; in one go, whatever is never closed."""
    texts: dict[str, list[str]] = {"": [], "noscript": []}
    within, at = "", 0
    for mark in _MARK.finditer(page):
        texts.setdefault(within, []).append(page[at : mark.start()])
        at = mark.end()
        closes, name, opens_comment, closes_comment = mark.groups()
        if not within and not closes and (name or opens_comment):
            within = (name or "!").lower()
        elif (closes and name.lower() == within) or (closes_comment and within == "!"):
            within = ""
    texts.setdefault(within, []).append(page[at:])
    return " ".join(" ".join(texts[""]).split()), " ".join(texts["noscript"])
