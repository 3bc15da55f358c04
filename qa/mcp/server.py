"""The protocol's side of the tools: their list, their calls, and every failure as a sentence."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from mcp.server import Server, ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from pydantic import ValidationError

from qa.mcp.tools import TOOLS, ArchiveTool, Reply
from qa.sanitize import line
from qa.serve.questions import mistake
from qa.types import Progress
from vectorstore.errors import AppError

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.serve.desk import Desk
    from qa.serve.models import Given

Context = ServerRequestContext[Any, Any]
Report = Callable[[float, float | None], Awaitable[None]]
INSTRUCTIONS = (
    "An archive of articles that answers with verbatim quotes. Ask it before you state what an article says, and cite "
    "the article, publisher and date of each quote. An answer with answered = false means that the archive has none."
)


def make_server(archive: Archive, desk: Desk) -> Server[Any]:
    """Return the server of an archive's tools; blocking work runs at the desk, and ends with its client."""

    async def listed(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[described(tool) for tool in TOOLS.values()])

    async def called(context: Context, asked: CallToolRequestParams) -> CallToolResult:
        if not (tool := TOOLS.get(asked.name)):
            return failed(f"There is no tool {asked.name[:100]!r}.", f"Tools: {', '.join(TOOLS)}.")
        try:
            given = tool.takes.model_validate(asked.arguments or {})
            return await done(tool, given, archive, desk, context.session.report_progress)
        except ValidationError as error:
            return failed(mistake(error.errors()[0]), "See the tool’s input schema.")
        except AppError as error:
            return failed(line(error.message), error.hint.replace("qa articles", "list_articles"))

    return Server(
        "footnote",
        title="Footnote",
        version=version("footnote-qa"),
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def described(tool: ArchiveTool) -> Tool:
    """Return a tool as clients list it."""
    return Tool(
        name=tool.name,
        title=tool.title,
        description=tool.purpose,
        input_schema=tool.takes.model_json_schema(),
        output_schema=tool.gives.model_json_schema(),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


async def done(tool: ArchiveTool, given: Given, archive: Archive, desk: Desk, report: Report) -> CallToolResult:
    """Return what a tool came to, and report how far it is to a client that asked; raises AppError."""
    step = None
    async with aclosing(desk.follow(lambda: tool.work(archive, given))) as steps:
        async for step in steps:
            if isinstance(step, Progress):
                await report(step.done, step.total)
    assert isinstance(step, Reply)  # the last
    return CallToolResult(
        content=[TextContent(type="text", text=_whole(step.text))], structured_content=_whole(step.content)
    )


def failed(error: str, hint: str) -> CallToolResult:
    """Return a failure that the model can read, and do something about."""
    return CallToolResult(content=[TextContent(type="text", text=_whole(f"{error} {hint}".strip()))], is_error=True)


def _whole(value: Any) -> Any:
    """The value with a question mark for each lone surrogate, such as of a file's broken name: no JSON may hold one."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
