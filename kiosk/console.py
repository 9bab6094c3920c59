"""What every command says and how it ends: results on stdout, logs on stderr, an exit status, never a traceback."""

import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import structlog

from kiosk.errors import KioskError
from offline_store.errors import StoreError


class CannotBeDone(KioskError):
    """The command was understood and could not be done; the text says why."""


def emit(row: dict[str, Any]) -> None:
    """Print one JSON object a line, at once: whoever reads it may rely on it."""
    sys.stdout.write(msgspec.json.encode(row).decode() + "\n")
    sys.stdout.flush()


def say(row: dict[str, Any], sentence: str, *, json: bool) -> None:
    """Print a result as a sentence, or as JSON where that was asked for."""
    if json:
        emit(row)
    else:
        print(sentence, flush=True)


def told_to_stop() -> threading.Event:
    """Give an event that SIGTERM and Ctrl+C set, so that what runs ends in order."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run_to_the_end(command: Callable[[], object]) -> NoReturn:
    """Run a command and end the process: 0 done, 1 it could not be done, 2 wrong usage."""
    try:
        command()  # it ends the process itself with 2 where the usage is wrong
    except KeyboardInterrupt:
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; there is nobody to tell
        sys.exit(1)
    except (KioskError, StoreError) as error:
        _end(str(error))
    except OSError as error:
        _end(f"{error.filename or 'the system'}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 (the edge of the program: said plainly, and where it happened is logged)
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        at = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        structlog.get_logger().error("command-failed", problem=type(error).__name__, at=at)
        _end(f"an unexpected fault of the program ({type(error).__name__}); please report it with the line above")
    sys.exit(0)


def _end(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(1)
