"""What every command says and how it ends: results on stdout, logs on stderr, an exit status, never a traceback."""

import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, NoReturn

import msgspec
import structlog

from common.machine.errors import PlainError, StoreError, places_of

ASIDE: Final = "For trials, and other names of the same"
"""Under which `--help` lists, behind all others, what no operator of a city's machines has to type."""


class NobodyHears(StoreError):
    """A result can't be written: its reader has gone, or its disk is full. Nothing more is done then."""


def emit(row: dict[str, Any]) -> None:
    """Print one JSON object a line, at once: anyone who reads it may rely on it."""
    _print(msgspec.json.encode(row).decode())


def say(row: dict[str, Any], sentence: str, *, json: bool) -> None:
    """Print a result as a sentence, or as JSON where that was asked for."""
    if json:
        emit(row)
    else:
        _print(sentence)


def told_to_stop() -> threading.Event:
    """Return an event that SIGTERM and Ctrl+C set, so that what runs ends in order."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _of_the_system(error: Exception) -> str | None:
    """Return what an error of the operating system means to the person who typed the command."""
    return f"{error.filename or 'the system'}: {error.strerror or error}" if isinstance(error, OSError) else None


def run_to_the_end(
    command: Callable[[], object], explain: Callable[[Exception], str | None] = _of_the_system
) -> NoReturn:
    """Run a command and end the process: 0 done, 1 it could not be done, 2 wrong usage.

    `explain`: the sentence for an error that is neither a PlainError nor the store's; None for a fault of the program.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a citizen said is in memory: no core file of it, ever
    if not _replace_closed_streams():
        _end("standard output is closed: there is nowhere to put the result")
    try:
        command()  # it ends the process itself with 2 where the usage is wrong
    except (PlainError, StoreError) as error:
        _end(str(error))
    except UnicodeEncodeError:  # half a character: only from outside can such text come
        _end("a word of the command is not UTF-8 text")
    except Exception as error:  # noqa: BLE001 (the edge of the program: said plainly, and where it happened is logged)
        if isinstance(error, OSError):
            _let_go_of_output()  # it may be the output itself: a help page that finds no room
        _end(explain(error) or _fault(error))
    sys.exit(0)


def _fault(error: Exception) -> str:
    while isinstance(error, ExceptionGroup):  # of tasks that failed side by side the first says what happened
        error = error.exceptions[0]
    structlog.get_logger().error("command-failed", problem=type(error).__name__, at=places_of(error))
    return f"an unexpected fault of the program ({type(error).__name__}); please report it with the line above"


def _print(line: str) -> None:
    try:
        print(line, flush=True)
    except OSError as error:
        _let_go_of_output()
        raise NobodyHears(f"standard output can't be written: {error.strerror}") from error


def _let_go_of_output() -> None:
    """Send what is still in the buffer nowhere: written at exit, it would fail again and turn the status into 120."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace_closed_streams() -> bool:
    """Put the null device where a standard stream was closed, so that no file of ours gets its number.

    Returns whether standard output was open.
    """
    is_heard = sys.stdout is not None
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdin, sys.stdout, sys.stderr = (
        stream or os.fdopen(number, mode)
        for number, (stream, mode) in enumerate([(sys.stdin, "r"), (sys.stdout, "w"), (sys.stderr, "w")])
    )
    return is_heard


def _end(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(1)


def version_option(program: str) -> Any:
    """Return the option `--version`, which says the program's version and ends it."""
    import typer

    def say_version(wanted: bool) -> None:
        if wanted:
            from importlib import metadata

            print(f"{program} {metadata.version('homs-kiosk')}")
            raise typer.Exit

    return typer.Option("--version", callback=say_version, is_eager=True, help="Say the version, and end.")
