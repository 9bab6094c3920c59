"""How the kiosk's commands say what came of them and end: the console's, with the kiosk's own refusals."""

from collections.abc import Callable
from typing import NoReturn

from common.machine import console
from common.machine.console import emit, say, told_to_stop, version_of
from kiosk.errors import KioskError

__all__ = ["CannotBeDone", "emit", "run_to_the_end", "say", "told_to_stop", "version_of"]


class CannotBeDone(KioskError):
    """The command was understood and could not be done; the text says why."""


def run_to_the_end(command: Callable[[], object]) -> NoReturn:
    """Run a command and end the process: 0 done, 1 it could not be done, 2 wrong usage."""
    console.run_to_the_end(command, (KioskError,))
