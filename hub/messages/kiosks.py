"""What kiosks need somebody for, as they last said, and when: written by who serves, read by who sends messages."""

from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.engine.act import Act, Look
from hub.log import tables

_US: Final = 1_000_000
HEARD_EVERY_US: Final = 60 * _US
"""How often it is written that a kiosk was heard: an alarm needs minutes, and a disk has a life."""


def are_news(look: Look, kiosk: str, needs: list[str]) -> bool:
    """Return whether what a kiosk says has to be written down."""
    columns = tables.kiosk_needs.c
    query = select(columns.needs, columns.heard_line).where(columns.kiosk == kiosk)
    row = look.connection.execute(query).one_or_none()
    return row is None or row.needs != _text(needs) or look.line_us - row.heard_line > HEARD_EVERY_US


def note_needs(act: Act, kiosk: str, needs: list[str]) -> None:
    """Write down what a kiosk says."""
    row = {"needs": _text(needs), "heard_line": act.line_us}
    statement = upsert(tables.kiosk_needs).values(kiosk=kiosk, **row)
    act.connection.execute(statement.on_conflict_do_update(["kiosk"], set_=row))


def kiosks_heard(look: Look) -> dict[str, tuple[list[str], float]]:
    """Return by kiosk what it needs somebody for, and how many seconds ago it was heard."""
    rows = look.connection.execute(select(tables.kiosk_needs))
    return {
        row.kiosk: (msgspec.json.decode(row.needs, type=list[str]), max(0, look.line_us - row.heard_line) / _US)
        for row in rows
    }


def _text(needs: list[str]) -> str:
    return msgspec.json.encode(sorted(needs)).decode()
