"""One valid file of each kind that can be taken in, and valid questions, settings and requests: what is mutated."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from email.message import EmailMessage

from tests.qa.ingest.kinds.build import column, docx, epub, pdf, zipped

SAID = "The harbour opened again on Monday. Its keeper said that 11 guests came, “more than ever”, to the café."
MORE = "Nobody had expected so many guests at the harbour. The next opening is on 3 May 2024, in Port Aveline."
FACTS = '{"@context":"https://schema.org","@type":"NewsArticle","headline":"The harbour opens",'
FACTS += '"datePublished":"2024-03-04T10:00:00Z","author":[{"name":"Jane Roe"}],"publisher":{"name":"Quay Herald"}}'
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The harbour opens | Quay Herald</title>
<meta property="og:title" content="The harbour opens"><meta property="article:published_time" content="2024-03-04">
<script type="application/ld+json">{FACTS}</script></head><body><nav><a href="/">Home</a> <a href="/n">News</a></nav>
<article><h1>The harbour opens</h1><time datetime="2024-03-04">4 March 2024</time><p>{SAID}</p><blockquote>{MORE}
</blockquote><table><tr><td>guests</td><td>11</td></tr></table><ul><li>{SAID}</li></ul></article></body></html>"""
MARKDOWN = f"""---
title: The harbour opens
published: 2024-03-04
author: [Jane Roe, John Doe]
url: https://quay.example/harbour
---
# The harbour opens

{SAID} [A link](https://quay.example/x "words") and `code`.

> {MORE}

| guests | day |
|---|---|
| 11 | Monday |

1. one
   - two
"""
TEXT = f"The harbour opens\n\nBy Jane Roe, 4 March 2024\n\n{SAID}\n\n{MORE}\n"
ROW = {
    "url": "https://quay.example/harbour",
    "title": "The harbour",
    "text": f"{SAID}\n\n{MORE}",
    "published": 20240304,
}
RSS = f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay Herald</title><item><title>Harbour
&amp; quay</title><link>https://quay.example/h</link><pubDate>Mon, 04 Mar 2024 10:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>{SAID}</p><p>{MORE}</p>]]></content:encoded></item></channel></rss>"""


def _letter() -> bytes:
    message = EmailMessage()
    message["From"] = "Quay Letters <letters@quay.example>"
    message["Subject"] = "The harbour is opened"
    message["Date"] = "Mon, 4 Mar 2024 23:30:00 -0500"
    message.set_content(f"{SAID}\n\n{MORE}\n")
    message.add_alternative(PAGE, subtype="html")
    return message.as_bytes()


def _mhtml() -> bytes:
    head = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://quay.example/h\r\nSubject: Harbour\r\n"
    head += "Date: Mon, 4 Mar 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    head += '\ttype="text/html";\r\n\tboundary="----B1"\r\n\r\n------B1\r\nContent-Type: text/html; charset=utf-8\r\n'
    return f"{head}Content-Location: https://quay.example/h\r\n\r\n{PAGE}\r\n------B1--\r\n".encode()


def _warc() -> bytes:
    body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}".encode()
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://quay.example/h\r\n"
    head += "WARC-Date: 2024-03-04T05:06:07Z\r\nContent-Type: application/http; msgtype=response\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def files() -> dict[str, bytes]:
    """Return a valid file of each kind by its ending."""
    rows = "".join(json.dumps({**ROW, "url": f"https://quay.example/{n}"}) + "\n" for n in range(3)).encode()
    warc, letter = _warc(), _letter()
    body = f"<h1>One</h1><p>{SAID}</p><p>{MORE}</p>"
    return {
        ".txt": TEXT.encode(),
        ".latin.txt": TEXT.replace("“", '"').replace("”", '"').encode("latin-1"),
        ".utf16.txt": TEXT.encode("utf-16"),
        ".md": MARKDOWN.encode(),
        ".html": PAGE.encode(),
        ".mhtml": _mhtml(),
        ".jsonl": rows,
        ".jsonl.gz": gzip.compress(rows, mtime=0),
        ".pdf": pdf([column(50, 700, [SAID[:60], MORE[:60]])], {"Title": "The harbour opens", "Author": "Jane Roe"}),
        ".docx": docx([SAID, MORE], "The harbour opens", "Jane Roe", "The harbour"),
        ".epub": epub({"one.xhtml": body, "two.xhtml": body}, {"one.xhtml": "One"}),
        ".xml": RSS.encode(),
        ".eml": letter,
        ".mbox": b"".join(b"From x Mon Mar  4 00:00:00 2024\n" + letter + b"\n\n" for _ in range(2)),
        ".warc": warc,
        ".warc.gz": gzip.compress(warc, mtime=0),
        ".wacz": zipped({"datapackage.json": "{}", "archive/a.warc.gz": gzip.compress(warc, mtime=0)}),
        ".zip": zipped({"a.html": PAGE, "b.md": MARKDOWN, "c/d.txt": TEXT}),
    }


QUESTIONS: Mapping[str, bytes] = {
    ".jsonl": b"".join(
        json.dumps(row).encode() + b"\n"
        for row in (
            {"id": 1, "question": "How many guests came to the mill?", "publisher": "Quay Herald", "since": "2024"},
            {"id": "two", "question": "Who keeps the ferry?", "history": ["What opened on Monday?"]},
            {"id": 3, "question": "And the tower?", "history": [{"question": "How many?", "answer": "Eleven [1]."}]},
        )
    ),
    ".csv": b"id,question,publisher,since,until\n"
    b'1,"How many guests came to the mill?",,2023,2024-05\n2,Who?,Herald,,\n',
    ".txt": "How many guests came to the mill?\n\nWho keeps the “ferry”?\n".encode(),
}
ASKED = json.dumps(
    {
        "question": "How many guests came?",
        "history": ["Who?"],
        "publisher": "Quay",
        "since": "2023-01",
        "as_typed": True,
    }
)
_HEAD = "Host: localhost\r\nAccept: */*\r\n"


def _posted(path: str, kind: str, body: bytes, more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\n{_HEAD}{more}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def requests() -> dict[str, bytes]:
    """Return valid requests to `qa serve`, whole, as they go over the wire."""
    got = {
        "search": "/search?q=guests&k=3&publisher=Quay&since=2023&source=*mill*",
        "articles": "/articles?q=mill&limit=5&offset=0",
        "article": "/articles/0123abcd",
        "health": "/health",
        "batch": "/batches/0123456789abcdef",
        "page": "/",
    }
    kinds = {".jsonl": "application/jsonl", ".csv": "text/csv; charset=utf-8", ".txt": "text/plain"}
    return {
        **{name: f"GET {path} HTTP/1.1\r\n{_HEAD}\r\n".encode() for name, path in got.items()},
        "ask": _posted("/ask", "application/json", ASKED.encode()),
        "events": _posted("/ask", "application/json", ASKED.encode(), "Accept: text/event-stream\r\n"),
        "chunked": f"POST /ask HTTP/1.1\r\n{_HEAD}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        f"{len(ASKED):x}\r\n{ASKED}\r\n0\r\n\r\n".encode(),
        **{f"upload{ending}": _posted("/batches", kinds[ending], data) for ending, data in QUESTIONS.items()},
    }
