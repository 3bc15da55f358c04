"""How a command ends: in an exit code, and where it failed in a sentence and a way out on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from vectorstore.errors import AppError, UsageError


class Exit(IntEnum):
    """What the process returns."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


def code_of(command: Callable[[], Any]) -> int:
    """Run a command and return its exit code; what is no AppError keeps its traceback."""
    try:
        code = command() or Exit.DONE
        if code == Exit.INTERRUPTED:  # typer makes this of Ctrl-C
            return _interrupted()
        if sys.stdout:  # None where it was closed by who started us
            sys.stdout.flush()
        return int(code)
    except AppError as error:
        _complain(error.message, error.hint)
        return Exit.USAGE if isinstance(error, UsageError) else Exit.FAILED
    except (KeyboardInterrupt, typer_abort()):
        return _interrupted()
    except SystemExit:  # typer makes this of a closed pipe: who closed it has read enough
        return Exit.DONE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except typer_errors() as error:
        error.show()
        return Exit.USAGE


def typer_abort() -> type[Exception]:
    """Return the class of what typer raises where a question is left unanswered."""
    from typer import Abort  # typer costs 0.16 s, and who ends well needs it not

    return Abort


def typer_errors() -> type[Any]:
    """Return the class of what typer says of arguments that cannot be meant."""
    from typer._click.exceptions import ClickException

    return ClickException


def _interrupted() -> Exit:
    _complain("Interrupted.", "What is in the archive or in an output file is kept.")
    return Exit.INTERRUPTED


def _complain(message: str, hint: str) -> None:
    from qa.sanitize import line

    print(line(f"error: {message}", 2000), file=sys.stderr)
    if hint:
        print(f"       {line(hint, 2000)}", file=sys.stderr)
