"""The tools as an assistant's client sees them: listed with schemas, answers with citations, errors as sentences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mcp import Client

from qa.archive import Archive
from qa.mcp.server import make_server
from qa.mcp.tools import TOOLS
from qa.serve.desk import Desk
from tests.qa.serve.clients import EndlessArchive
from vectorstore.embedding import Embedder

KING = "When did King Salman visit Moscow?"


@pytest.fixture(scope="module")
def archive(seeds_store: Path, embedder: Embedder) -> Iterator[Archive]:  # noqa: ARG001 - exported by now
    with Archive.open(seeds_store) as archive:
        yield archive


@asynccontextmanager
async def connected(archive: Archive) -> AsyncIterator[Client]:
    desk = Desk(2, 8)
    async with Client(make_server(archive, desk)) as client:
        yield client
    desk.close()


async def test_the_tools_are_listed_with_the_forms_of_what_they_take_and_give(archive: Archive) -> None:
    async with connected(archive) as client:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["ask", "search", "read_article", "list_articles", "verify"]
        for tool in tools:
            assert tool.description
            assert tool.input_schema["additionalProperties"] is False
            assert tool.output_schema
            assert tool.annotations
            assert tool.annotations.read_only_hint


async def test_ask_gives_its_citations_as_structured_content(archive: Archive) -> None:
    async with connected(archive) as client:
        asked = await client.call_tool("ask", {"question": KING, "since": "2017", "publisher": "Footnote digest"})
        content = held(asked, "ask")
        assert content["answered"]
        citation = content["citations"][0]
        text = archive.article(citation["article"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert "[1]" in asked.content[0].text
        follow = await client.call_tool("ask", {"question": "And who received him?", "history": [content]})
        assert "Putin" in held(follow, "ask")["answer"]
        unknown = await client.call_tool("ask", {"question": "Who won the regatta of Saltmere?"})
        assert not held(unknown, "ask")["answered"]
        assert "Look closer: search 'Who won" in unknown.content[0].text


async def test_articles_are_listed_searched_and_read_in_parts(archive: Archive) -> None:
    async with connected(archive) as client:
        listing = held(await client.call_tool("list_articles", {"q": "patriot"}), "list_articles")
        assert listing["total"] == 1
        found = await client.call_tool("search", {"query": "air defence", "k": 3})
        passages = held(found, "search")["passages"]
        assert len(passages) == 3
        assert all(" ".join(passage["text"].split()) in found.content[0].text for passage in passages)
        none = await client.call_tool("search", {"query": "air defence", "publisher": "Saltmere Echo"})
        assert held(none, "search")["notice"] == "No article passes the filter “published by Saltmere Echo”."
        assert none.content[0].text == f"No passages found.\n{none.structured_content['notice']}"
        name = listing["articles"][0]["id"]
        read = await client.call_tool("read_article", {"article": name, "start": 3, "length": 10})
        part = held(read, "read_article")
        whole = held(await client.call_tool("read_article", {"article": name}), "read_article")
        assert part["text"] == whole["text"][3:13]
        assert whole["length"] == whole["end"] == len(whole["text"])
        assert read.content[0].text.endswith(f"\nCharacters 3 to 13 of {whole['length']}:\n\n{part['text']}")
        beyond = held(await client.call_tool("read_article", {"article": name, "start": 2**31}), "read_article")
        assert beyond["text"] == ""


async def test_verify_says_of_each_statement_what_the_archive_does(archive: Archive) -> None:
    async with connected(archive) as client:
        text = "Salman is the first Saudi king ever to visit Russia. The regatta of Saltmere was won by two sisters."
        steps: list[tuple[float, float | None]] = []

        async def told(done: float, total: float | None, _: str | None) -> None:
            steps.append((done, total))

        verified = await client.call_tool("verify", {"text": text}, progress_callback=told)
        assert steps == [(1, 2), (2, 2)]
        content = held(verified, "verify")
        assert [one["verdict"] for one in content["statements"]] == ["supported", "not_found"]
        assert content["statements"][0]["citations"][0]["quote"]
        assert content["counts"] == {"supported": 1, "contradicted": 0, "not_found": 1}
        said = verified.content[0].text
        assert "visit Russia. [1] The regatta" in said
        assert "two sisters. ○\n\n[1] " in said


BAD = (
    ("ask", {}),
    ("ask", {"question": 3}),
    ("ask", {"question": " ?! "}),
    ("ask", {"question": "\ud800 who?"}),
    ("ask", {"question": "who " * 2000}),
    ("ask", {"question": "who?", "since": "2022", "until": "2021"}),
    ("ask", {"question": "who?", "model": "other"}),
    ("search", {"query": "who?", "k": 10_000}),
    ("read_article", {"article": "ffff"}),
    ("read_article", {"article": "\0"}),
    ("read_article", {"article": "x", "start": -1}),
    ("list_articles", {"limit": "all"}),
    ("verify", {"text": ""}),
    ("verify", {"text": "a\0b. c d e."}),
    ("verify", {"text": "Why?"}),
    ("nowhere", {}),
)


@pytest.mark.parametrize(("name", "arguments"), BAD, ids=lambda part: str(part)[:40])
async def test_bad_input_is_a_tool_error_with_a_sentence(
    archive: Archive, name: str, arguments: dict[str, Any]
) -> None:
    async with connected(archive) as client:
        result = await client.call_tool(name, arguments)
        assert result.is_error
        said = result.content[0].text
        assert "." in said
        assert "Traceback" not in said
        assert "\n" not in said
        assert len(said) < 500


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("search", {}, "query is missing."),
        ("search", {"query": 3}, "query: Input should be a valid string."),
        ("ask", {"question": "who?", "source": [" "]}, "source.0 is blank."),
        ("read_article", {"article": "Saltmere"}, "list_articles"),
        ("read_article", {"article": "x" * 4000}, "xxx… List the articles with: list_articles"),
    ],
)
async def test_an_error_names_what_is_wrong_as_the_tools_do(
    archive: Archive, name: str, arguments: dict[str, Any], sentence: str
) -> None:
    async with connected(archive) as client:
        assert sentence in (await client.call_tool(name, arguments)).content[0].text


async def test_a_client_that_leaves_stops_its_answer() -> None:
    archive, desk = EndlessArchive(), Desk(1, 1)

    async def ask_and_leave() -> None:
        async with Client(make_server(archive, desk), mode="legacy") as client:  # type: ignore[arg-type]
            asking = asyncio.ensure_future(client.call_tool("ask", {"question": KING}))
            assert await asyncio.to_thread(archive.begun.acquire, timeout=5)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    await ask_and_leave()
    assert await asyncio.to_thread(archive.closed.acquire, timeout=5)
    desk.close()


def held(result: Any, tool: str) -> dict[str, Any]:
    """Return structured content after holding it against the tool's schema."""
    assert not result.is_error, result.content
    content: dict[str, Any] = result.structured_content
    jsonschema.validate(content, TOOLS[tool].gives.model_json_schema())
    return content
