"""The command line: thin readers of one core. Data on stdout, narration on stderr."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from qa.cli_context import CliContext
from qa.commands.ask import ask
from qa.commands.batch import batch
from qa.commands.evaluate import evaluate
from qa.commands.follow import follow
from qa.commands.ingest import ingest, tell
from qa.commands.options import Json, Publisher, Since, Source, Until
from qa.commands.verify import verify
from qa.exits import Exit, code_of

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    help="Answers from your articles, every sentence footnoted.",
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
    store: Annotated[Path | None, typer.Option(help="Folder of the archive.")] = None,
    config: Annotated[Path | None, typer.Option(help="Configuration file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No narration.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,  # noqa: ARG001 - read by its callback
) -> None:
    """Answers from your articles, every sentence footnoted."""
    context.obj = CliContext(store, config, quiet, not no_color and "NO_COLOR" not in os.environ)
    if context.invoked_subcommand is None:
        _alone(context)


def _alone(context: typer.Context) -> None:
    """Without a command: the conversation where a front end offers one, else the help."""
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
    question: Annotated[str, typer.Argument(metavar="QUESTION|-")],
    as_json: Json = False,
    count: Annotated[int, typer.Option("-k", min=1, max=200, help="Passages, at most.")] = 10,  # as many are ranked
    publisher: Publisher = None,
    since: Since = None,
    until: Until = None,
    source: Source = None,
) -> None:
    """Show the passages that are nearest to a question, without an answer."""
    from qa import cli_input
    from qa.assistant import checked
    from qa.query_notes import left_out
    from qa.render import dumped, hit_json, hit_text
    from qa.retrieve.understand import understand
    from qa.types import Question

    text = cli_input.question(question)
    checked(text)
    asked = Question(text, filter=cli_input.scope(publisher, since, until, source))
    wiring = context.obj.wiring()
    with wiring.store() as store:
        if notice := left_out(store, asked.filter):
            wiring.say(notice)
        query = understand(asked, publishers=store.ledger.publishers())
        hits = wiring.searcher(store).search(query, count)
    if as_json:
        print(dumped([hit_json(hit) for hit in hits]))
    else:
        print("\n".join(hit_text(number, hit) for number, hit in enumerate(hits, 1)) or "No passage was found.")


app.command()(batch)


app.command()(verify)


app.command("eval")(evaluate)


@app.command()
def articles(context: typer.Context, as_json: Json = False) -> None:
    """List the articles of the archive."""
    from qa.render import dumped, listing_json, named

    wiring = context.obj.wiring()
    with wiring.store() as store:
        listed = store.ledger.articles()
    if as_json:
        print(dumped([listing_json(listing) for listing in listed]))
    else:
        print("\n".join(f"{listing.article.id}  {named(listing.article)}" for listing in listed))


@app.command()
def show(
    context: typer.Context,
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="An id, the start of one, or a source.")],
    as_json: Json = False,
    original: Annotated[bool, typer.Option("--original", help="The source, byte for byte.")] = False,
) -> None:
    """Show one article: what is known of it, and its text."""
    from qa.render import article_json, article_text, dumped

    wiring = context.obj.wiring()
    with wiring.store() as store:
        key = store.ledger.resolve(article)
        if original:
            sys.stdout.buffer.write(store.ledger.original(key))
            return
        shown, ingested = store.ledger.article(key), store.ledger.ingested(key)
    print(dumped(article_json(shown, ingested)) if as_json else article_text(shown, ingested))


@app.command()
def remove(
    context: typer.Context, names: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Ids or sources.")]
) -> None:
    """Remove articles from the archive; their files stay where they are."""
    from vectorstore.index import IndexUnusable
    from vectorstore.store import Store

    wiring = context.obj.wiring()
    wiring.store().close()
    with Store.writing(wiring.folder) as writer:
        ids = list(dict.fromkeys(writer.ledger.resolve(name) for name in names))
        count = writer.remove(ids)
        try:
            list(writer.sync_index(0))
        except IndexUnusable as error:
            wiring.say(f"warning: Chroma could not be brought up to date ({error}).")
    wiring.say(f"{count} removed.")


@app.command()
def rebuild(context: typer.Context) -> None:
    """Make all passages and vectors anew, with the configured model, from the articles in the archive."""
    from qa.ingest.pipeline import rebuild as rebuilding

    wiring, narrator = context.obj.wiring(), context.obj.narrator()
    wiring.store().close()
    tell(narrator.follow(rebuilding(wiring.folder, wiring.embedder())), narrator, wiring.folder)


@app.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Look for damage in the archive, mend what can be made anew, and try the configured models."""
    from qa.llm.healthcheck import loads, ready
    from qa.render import check_text, checks_json, dumped
    from vectorstore.doctor import treat

    wiring = context.obj.wiring()
    config = wiring.config
    checks = (
        *treat(wiring.folder),
        *loads("reranker", config.search.reranker, wiring.cross_encoder),
        *loads("reader", config.reader.model, wiring.reader),
        *ready(config.answer.answerer, wiring.language_model),
    )
    print(dumped(checks_json(checks)) if as_json else "\n".join(map(check_text, checks)))
    if not all(check.ok for check in checks):
        raise typer.Exit(Exit.FAILED)


@config_app.command("show")
def config_show(context: typer.Context) -> None:
    """Print the configuration in force, as a config.toml."""
    from qa.config import as_toml, load

    print(as_toml(load(context.obj.config)), end="")


@config_app.command("check")
def config_check(context: typer.Context) -> None:
    """Say whether the configuration can be used, and where it comes from."""
    from qa.config import config_file, load

    load(context.obj.config)
    print(f"{config_file(context.obj.config) or 'the defaults'}: all right")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit; errors are one sentence and a way out, on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # another program reads UTF-8, whatever the locale of this one
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    return code_of(lambda: app(args=arguments, prog_name="qa", standalone_mode=False))
