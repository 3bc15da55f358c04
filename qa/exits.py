"""How a command ends: with an exit code and, if it failed, an error and a hint on stderr."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any, TextIO

from qa.sanitize import line
from vectorstore import disk
from vectorstore.errors import AppError, UsageError

FULL = {*disk.FULL, errno.EIO, errno.EBADF}


class Exit(IntEnum):
    """The exit codes of the process."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


def open_streams() -> None:
    """Put a stream that goes nowhere in the place of each that the parent process closed.

    Otherwise a file of ours would get its number, and what is written to the stream by number would end up in it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end of the process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def code_of(command: Callable[[], Any]) -> int:
    """Run a command and return its exit code; an error other than an AppError keeps its traceback."""
    try:
        code = command() or Exit.DONE
        if code == Exit.INTERRUPTED:  # typer's result for Ctrl-C
            return _interrupted()
        if sys.stdout:  # None if the parent process closed it
            sys.stdout.flush()
        return int(code)
    except AppError as error:
        _complain(error.message, error.hint)
        return Exit.USAGE if isinstance(error, UsageError) else Exit.FAILED
    except (KeyboardInterrupt, typer_abort()):
        return _interrupted()
    except SystemExit:  # typer's reaction to a closed pipe: its reader has read enough
        return Exit.DONE
    except BrokenPipeError:
        _drop(sys.stdout)
        return Exit.DONE
    except OSError as error:
        return _unwritten(error)
    except typer_errors() as error:
        error.message = line(error.message, 2000)  # which repeats what was typed
        error.show()
        return Exit.USAGE


def _unwritten(error: OSError) -> Exit:
    """Say what is wrong with a name, the output or the disk; any other error goes on with its traceback."""
    if error.errno == errno.ENAMETOOLONG:
        _complain(f"The name {error.filename} is too long.", "Choose a shorter one.")
        return Exit.USAGE
    if error.filename is not None and error.errno in disk.FULL | disk.BARRED:
        said = disk.unusable(error, Path(error.filename))
        _complain(said.message, said.hint)
        return Exit.FAILED
    if error.filename is not None or error.errno not in FULL:  # what has a file name is no stream of ours
        raise error
    _drop(sys.stdout)
    _complain(f"The output cannot be written: {error.strerror}.", "Free some space, or write it elsewhere.")
    return Exit.FAILED


def _drop(stream: TextIO | None) -> None:
    """Let what is left of a stream go nowhere, or Python would complain about it when it ends."""
    if stream:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def typer_abort() -> type[Exception]:
    """Return the class that typer raises if a prompt is left unanswered."""
    from typer import Abort  # typer costs 0.16 s, which a successful command need not pay

    return Abort


def typer_errors() -> type[Any]:
    """Return the class that typer raises for invalid arguments."""
    from typer._click.exceptions import ClickException

    return ClickException


def _interrupted() -> Exit:
    _complain("Interrupted.", "Everything already in the archive or in an output file is kept.")
    return Exit.INTERRUPTED


def _complain(message: str, hint: str) -> None:
    told = f"error: {line(message, 2000)}" + (f"\n       {line(hint, 2000)}" if hint else "")
    try:
        print(told, file=sys.stderr, flush=True)
    except OSError:  # where nobody can be told, the exit code tells
        _drop(sys.stderr)
