"""How central's commands end: the console's way, with the words for what goes wrong with the database."""

import getpass
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from central.base.database.migration import SchemaTooNewError, SchemaTooOldError, TableBusyError
from central.base.database.replication import NotReplicatedError
from central.base.logs import configure_logs
from central.intake.orders.order_code import OrderCodeError
from central.keys.key_file import KeyFileError
from central.keys.keys import KeyMissingError
from common.machine import console
from common.machine.errors import ConfigError
from common.web.runner import CannotListen

_OF_DATABASE = (NotReplicatedError, SchemaTooNewError, SchemaTooOldError, TableBusyError)
_REFUSALS = (CannotListen, KeyFileError, KeyMissingError, OrderCodeError, ValueError, *_OF_DATABASE)


def run_to_the_end(command: Callable[[], object]) -> NoReturn:
    """Run a command and end the process: 0 done, 1 it could not be done, 2 wrong usage or settings."""

    def run() -> None:
        configure_logs()
        os.umask(0o077)  # keys, and a database with citizens' orders
        try:
            command()
        except ConfigError as error:
            sys.stderr.write(f"{error}\n")
            sys.exit(2)

    console.run_to_the_end(run, _explained)


def _explained(error: Exception) -> str | None:
    if isinstance(error, _REFUSALS):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        return f"the database cannot be used: {getattr(error, 'orig', None) or type(error).__name__}"
    if isinstance(error, OSError):
        return f"{error.filename or 'the database cannot be reached'}: {error.strerror or error}{_todo(error)}"
    return None


def _todo(error: OSError) -> str:
    """Installed, the command runs as central's own user, no matter who types it: it can't read root's files."""
    if not isinstance(error, PermissionError):
        return ""
    user = getpass.getuser()
    return f' ("central" runs as the user {user}: put the file where {user} may read it, such as /tmp)'
