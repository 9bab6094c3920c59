"""What every command says and how it ends: results on stdout, logs on stderr, an exit status, never a traceback."""

import getpass
import os
import resource
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from central.base.config import ConfigError
from central.base.database.migration import SchemaTooNewError, SchemaTooOldError, TableBusyError
from central.base.database.replication import NotReplicatedError
from central.base.logs import configure_logs
from central.intake.orders.order_code import OrderCodeError
from central.keys.key_file import KeyFileError
from central.keys.keys import KeyMissingError
from common.web.runner import CannotListen


class CannotBeDone(Exception):
    """The command was understood and could not be done; the text is a plain sentence."""


_OF_DATABASE = (NotReplicatedError, SchemaTooNewError, SchemaTooOldError, TableBusyError)
_REFUSALS = (CannotBeDone, CannotListen, KeyFileError, KeyMissingError, OrderCodeError, *_OF_DATABASE)


def emit(row: dict[str, Any]) -> None:
    """Print one JSON object a line, at once: anyone who reads it may rely on it."""
    _print(msgspec.json.encode(row).decode())


def say(result: dict[str, Any], sentence: str, *, json: bool) -> None:
    """Print a result as a sentence, or as JSON where that was asked for."""
    if json:
        emit(result)
    else:
        _print(sentence)


def run_to_the_end(command: Callable[[], object]) -> None:
    """Run a command and end the process where it fails: 1 it could not be done, 2 wrong usage or settings."""
    is_heard = _replace_closed_streams()
    configure_logs()
    os.umask(0o077)  # keys, and a database with citizens' orders
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what was unsealed is in memory: no core file of it, ever
    if not is_heard:
        _end("standard output is closed: there is nowhere to put the result", 1)
    try:
        command()  # it ends the process itself, with 0 or with 2
    except ConfigError as error:
        _end(str(error), 2)
    except UnicodeEncodeError:  # half a character: only from outside can such text come
        _end("a word of the command is not UTF-8 text", 1)
    except (*_REFUSALS, ValueError) as error:
        _end(str(error), 1)
    except SQLAlchemyError as error:
        _end(f"the database cannot be used: {getattr(error, 'orig', None) or type(error).__name__}", 1)
    except OSError as error:
        _let_go_of_output()  # it may be the output itself: a help page that finds no room
        where = error.filename or "the database cannot be reached"
        _end(f"{where}: {error.strerror or error}{_todo(error)}", 1)
    except Exception as error:  # noqa: BLE001 - the process's edge: say it plainly
        _end(f"failed unexpectedly ({type(error).__name__})", 1)


def _print(line: str) -> None:
    try:
        print(line, flush=True)
    except OSError as error:
        _let_go_of_output()
        raise CannotBeDone(f"standard output cannot be written: {error.strerror}") from error


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


def _todo(error: OSError) -> str:
    """Installed, the command runs as central's own user, no matter who types it: it can't read root's files."""
    if not isinstance(error, PermissionError):
        return ""
    user = getpass.getuser()
    return f' ("central" runs as the user {user}: put the file where {user} may read it, such as /tmp)'


def _end(text: str, status: int) -> NoReturn:
    sys.stderr.write(f"central: {text}\n")
    sys.exit(status)


def version_of(name: str) -> str:
    """Return the version of this program, as its package names it."""
    from importlib import metadata

    return f"{name} {metadata.version('homs-kiosk')}"
