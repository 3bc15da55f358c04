"""The command line, a thin layer over Archive: data on stdout, narration on stderr."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.ask import ask
from qa.commands.backup import backup, restore, verify_backup
from qa.commands.batch import batch
from qa.commands.copy import copy
from qa.commands.evaluate import evaluate
from qa.commands.follow import follow
from qa.commands.ingest import ingest, tell
from qa.commands.mcp import mcp
from qa.commands.notes import notes
from qa.commands.options import Json, Publisher, Since, Source, Until
from qa.commands.serve import serve
from qa.commands.verify import verify
from qa.exits import Exit, code_of, open_streams
from qa.sanitize import clean, line
from vectorstore.articles import counted

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.cli_context import Wire


app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    help="Answer questions from your own articles, with a footnote under every sentence.",
)
config_app = typer.Typer(no_args_is_help=True, help="Show or check the configuration.")
app.add_typer(config_app, name="config")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"qa {version('footnote-qa')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def before(
    context: typer.Context,
    store: Annotated[
        str | None, typer.Option(metavar="FOLDER|URL", help="Folder of the archive, or its PostgreSQL database.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no progress or notices.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Print without colours.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show version.")] = False,  # noqa: ARG001 - read by its callback
) -> None:
    """Answer questions from your own articles, with a footnote under every sentence."""
    context.obj = CliContext(store, config, quiet, not no_color and "NO_COLOR" not in os.environ, context.obj)
    if context.invoked_subcommand is None:
        _alone(context)


def _alone(context: typer.Context) -> None:
    """Run `qa` without a command: start the chat if a front end offers one, else print the help."""
    chat = next((command.callback for command in app.registered_commands if command.name == "chat"), None)
    if chat:
        context.invoke(chat, context)
    else:
        print(context.get_help())


app.command()(ingest)


app.command()(follow)


app.command()(ask)


@app.command()
def search(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION|-", help="The question, or - for standard input.")],
    as_json: Json = False,
    count: Annotated[
        int, typer.Option("-k", min=1, max=200, help="The most passages to show.")
    ] = 10,  # as many are ranked
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
) -> None:
    """Show the passages nearest to a question, without an answer."""
    from qa import cli_input
    from qa.assistant import checked
    from qa.query_notes import left_out
    from qa.render import dumped, hit_json, hit_text

    text = cli_input.question(question)
    checked(text)
    scope = cli_input.scope(publisher, since, until, source)
    session: CliContext = context.obj
    with session.archive() as archive:
        if notice := left_out(archive.store, scope):
            session.narrator().say(notice)
        hits = archive.search(text, count, filter=scope)
    if as_json:
        print(dumped([hit_json(hit) for hit in hits]))
    else:
        print("\n".join(hit_text(number, hit) for number, hit in enumerate(hits, 1)) or "No passages found.")


app.command()(batch)


app.command()(verify)


app.command("eval")(evaluate)


app.command()(serve)


app.command()(mcp)


app.command()(notes)


@app.command()
def articles(context: typer.Context, as_json: Json = False) -> None:
    """List the articles in the archive."""
    from qa.render import dumped, listing_json, named

    with context.obj.archive() as archive:
        listed = archive.articles()
    if as_json:
        print(dumped([listing_json(listing) for listing in listed]))
    else:
        print("\n".join(f"{listing.article.id}  {named(listing.article)}" for listing in listed))


@app.command()
def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="An id, the start of one, or a source.")],
    as_json: Json = False,
    original: Annotated[bool, typer.Option("--original", help="Print the source, byte for byte in a pipe.")] = False,
) -> None:
    """Show an article's metadata and text."""
    from qa.render import article_json, article_text, dumped

    with context.obj.archive() as archive:
        if original:
            _put(archive.original(article))
            return
        shown = archive.article(article)
        ingested = archive.store.ledger.ingested(shown.id)
    print(dumped(article_json(shown, ingested)) if as_json else article_text(shown, ingested))


def _put(data: bytes) -> None:
    """Write bytes as they are; a terminal, which would obey some of them, gets their words."""
    if sys.stdout.isatty():
        print(clean(data.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(data)


@app.command()
def remove(
    context: typer.Context, names: Annotated[list[str], typer.Argument(metavar="ARTICLE", help="Ids or sources.")]
) -> None:
    """Remove articles from the archive, but leave their files alone."""
    session: CliContext = context.obj
    say = session.narrator().say
    with session.archive() as archive:
        count = archive.remove(*names, warn=lambda text: say(f"warning: {text}"))
    say(f"{count} removed.")


@app.command()
def rebuild(context: typer.Context) -> None:
    """Re-split and re-embed every article with the configured model."""
    session: CliContext = context.obj
    archive, narrator = session.archive(), session.narrator()
    tell(narrator.follow(archive.rebuilding()), narrator, archive.name)


@app.command()
def doctor(
    context: typer.Context,
    as_json: Json = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Also rebuild the ledger's own indexes and records.")
    ] = False,
    salvage: Annotated[
        Path | None, typer.Option(metavar="NEW", help="Only save the articles that can be read, to a new archive.")
    ] = None,
) -> None:
    """Check the archive, rebuild damaged indexes, and try the configured models."""
    if salvage:
        _salvaged(context.obj, salvage)
        return
    from qa.llm.healthcheck import loads, ready
    from qa.render import check_text, checks_json, dumped

    archive: Archive = context.obj.archive()
    wiring, config = archive.wiring, archive.wiring.config
    checks = (
        *archive.check(repair=repair),
        *loads("reranker", config.search.reranker, wiring.cross_encoder),
        *loads("reader", config.reader.model, wiring.reader),
        *ready(config.answer.answerer, wiring.language_model),
    )
    print(dumped(checks_json(checks)) if as_json else "\n".join(map(check_text, checks)))
    if not all(check.ok for check in checks):
        raise typer.Exit(Exit.FAILED)


def _salvaged(session: CliContext, folder: Path) -> None:
    archive, narrator = session.archive(), session.narrator()
    report = narrator.follow(archive.salvaging(folder))
    for warning in report.warnings:
        narrator.say(f"warning: {warning}")
    narrator.failures(report.failed)
    print(line(f"{folder}: {counted(report.added, 'article')} saved, {len(report.failed)} lost."))
    if report.failed:
        raise typer.Exit(Exit.FAILED)


app.command()(copy)


app.command()(backup)


app.command()(restore)


app.command("verify-backup")(verify_backup)


@config_app.command("show")
def config_show(context: typer.Context) -> None:
    """Print the current configuration as a config.toml."""
    from qa.config import as_toml, load

    print(as_toml(load(context.obj.config)), end="")


@config_app.command("check")
def config_check(context: typer.Context) -> None:
    """Check the configuration, and say where it comes from."""
    from qa.config import config_file, load

    load(context.obj.config)
    print(line(f"{config_file(context.obj.config) or 'the defaults'}: OK"))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; an error prints one sentence and a hint to stderr."""
    open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # other programs expect UTF-8, whatever the locale
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    code = run(arguments)
    gc.freeze()  # the interpreter would look through all that is loaded before it ends: 0.02 s
    sys.exit(code)


def run(arguments: list[str] | None = None, wire: Wire | None = None) -> int:
    """Run the command line and return the exit code; `wire` builds its parts, in the place of qa.wiring."""
    return code_of(lambda: app(args=arguments, prog_name="qa", standalone_mode=False, obj=wire))
