"""Addresses of office PCs: where somebody has logged in on a PC that is known. Hubs of a centre tell them each other.

A browser gives a PC's cookie to the hub alone that set it, so at a take-over each office PC is unknown at the standby.
By its address it is counted by itself there too, and strangers who guessed beforehand have locked strangers only.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from common.web.addresses import origin_of
from hub.log import tables
from offline_store.disk.sql import precompiled, run

MOST: Final = 200
_US: Final = 1_000_000
_NOTED_EACH_US: Final = 3600 * _US
_office = tables.offices.c
_KNOWN: Final = precompiled(
    select(_office.origin, _office.seen_line).order_by(_office.seen_line.desc(), _office.origin)
)


def is_office(connection: Connection, address: str) -> bool:
    """Return whether an office PC has this address."""
    columns = tables.offices.c
    return connection.scalar(select(columns.origin).where(columns.origin == origin_of(address))) is not None


def note_office(connection: Connection, address: str, line_us: int) -> None:
    """Note that somebody has logged in on a known PC at an address."""
    _note(connection, [origin_of(address)], line_us)


def offices_to_carry(connection: Connection) -> list[str]:
    """Return what a follower is to know, the latest first."""
    return [origin for origin, _ in run(connection, _KNOWN).fetchall()]


def take_offices(connection: Connection, told: Sequence[str], line_us: int) -> None:
    """Know what the leader knows besides what this hub knew."""
    _note(connection, [origin_of(one) for one in told[:MOST]], line_us)


def _note(connection: Connection, origins: Sequence[str], line_us: int) -> None:
    """Write down what is not known, or was seen long ago: a page of the log comes each second."""
    columns = tables.offices.c
    known = dict(run(connection, _KNOWN).fetchall())
    news = [one for one in origins if line_us - known.get(one, -_NOTED_EACH_US) >= _NOTED_EACH_US]
    if not news:
        return
    for origin in news:
        seen = {"seen_line": line_us}
        connection.execute(
            upsert(tables.offices).values(origin=origin, **seen).on_conflict_do_update(["origin"], set_=seen)
        )
    newest = select(columns.origin).order_by(columns.seen_line.desc(), columns.origin).limit(MOST)
    connection.execute(delete(tables.offices).where(columns.origin.not_in(newest)))
