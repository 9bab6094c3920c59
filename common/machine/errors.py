"""What can go wrong in a program, and in its store.

::

    PlainError                the text is a sentence for the person who typed the command
      ConfigError             a setting is wrong                         -> at start only: say so and end
      NotEnrolled             no identity on this disk yet               -> enrol
      CannotBeDone            a command was understood and could not be done

    StoreError
      StoreUnavailable        disk full, read-only, locked, I/O error  -> accept nothing, say so, try again later
        StoreDamaged          a page does not read; the next opening salvages  -> close the store and open it again
      StoreTooNew             written by a later version of this program  -> install that version
      TicketsClosed(reason)   the machine is not the enrolled one, or the kiosk was revoked  -> enrol again
      NoBusinessDay           no day may be opened by this clock  -> central or a manager opens it
      NotFound(what)          no such item, ticket or job
      SealingImpossible       no sealing key of central is known, or it is not a key  -> record nothing personal

What a person can cause (a repeated tap, a used order) is a return value, never one of these.
"""

import traceback
from pathlib import Path


class PlainError(Exception):
    """Root of what ends a command; its text is a sentence that a person can act on."""


class ConfigError(PlainError):
    """A setting can't be used; the text names it, its line in a file, what was found and what would be right."""


class NotEnrolled(PlainError):
    """This machine has no identity yet: enrolment gives it one."""


class CannotBeDone(PlainError):
    """A command was understood and could not be done; the text says why."""


class StoreError(Exception):
    """Root of everything that the store raises."""


class StoreUnavailable(StoreError):
    """The disk does not take or give data now; nothing was accepted. Trying again later may succeed."""


class StoreDamaged(StoreUnavailable):
    """A part of the database does not read any more. Reopening the store salvages what does."""


class StoreTooNew(StoreError):
    """The database was written by a later version of this program, and is left alone."""


class TicketsClosed(StoreError):
    """Tickets stay closed, because the numbers of this kiosk may be in use elsewhere."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"tickets are closed ({reason}): enrol this kiosk again")
        self.reason = reason


class NoBusinessDay(StoreError):
    """No business day is open, and this clock may not open one: central or a manager has to."""

    def __init__(self) -> None:
        super().__init__(
            "no business day is open and the clock is not trusted to open one: a manager has to open the day"
        )


class NotFound(StoreError):
    """The store has no row of that id."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"no {what} with id {key[:64]!r} in the store")


class SealingImpossible(StoreError):
    """Personal data cannot be sealed, so it must not be stored."""


def places_of(error: BaseException) -> list[str]:
    """Return where an error was raised, as `file:line function` from the outside in, for a log.

    The error's own text stays out of it: that may repeat what a citizen gave.
    """
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
