"""Moments as tickets tell them. One that no calendar knows is set apart and named once; its reader goes on."""

import functools
from datetime import datetime
from typing import Final

import structlog

_YEARS: Final = range(1970, 9999)
"""A clock that was never set begins in the first; in none of them does another time zone leave the calendar."""
_NAMED: Final = 10_000

_log = structlog.get_logger(__name__)


def as_moment(text: str) -> datetime | None:
    """Return the aware moment that an RFC 3339 text names, None for a text that names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year in _YEARS else None


def moment_of(ticket: str, text: str | None) -> datetime | None:
    """Return a moment of a ticket's row, None where it has none, or one that can't be: the log names that ticket."""
    if text is None:
        return None
    moment = as_moment(text)
    if moment is None:
        _name(ticket)
    return moment


@functools.lru_cache(_NAMED)
def _name(ticket: str) -> None:
    """Say it once a process: pages are drawn again all day."""
    _log.warning("odd-moment-set-apart", ticket=ticket)
