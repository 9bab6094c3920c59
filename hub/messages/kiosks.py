"""What kiosks need somebody for, as they last said, and when: written by who serves, read by who sends messages."""

from typing import Final

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.engine.act import Act, Look
from hub.log import tables
from offline_store.disk.sql import precompiled, run

_US: Final = 1_000_000
_kiosk = tables.kiosk_needs.c
_SAID: Final = precompiled(select(_kiosk.needs, _kiosk.heard_line).where(_kiosk.kiosk == bindparam("kiosk")))
_put = upsert(tables.kiosk_needs).values({name: bindparam(name) for name in ("kiosk", "needs", "heard_line")})
_PUT: Final = precompiled(
    _put.on_conflict_do_update(["kiosk"], set_={name: _put.excluded[name] for name in ("needs", "heard_line")})
)
HEARD_EVERY_US: Final = 60 * _US
"""How often it is written that a kiosk was heard: an alarm needs minutes, and a disk has a life."""


def are_news(look: Look, kiosk: str, needs: list[str]) -> bool:
    """Return whether what a kiosk says has to be written down."""
    row = run(look.connection, _SAID, {"kiosk": kiosk}).fetchone()
    return row is None or row[0] != _text(needs) or look.line_us - row[1] > HEARD_EVERY_US


def note_needs(act: Act, kiosk: str, needs: list[str]) -> None:
    """Write down what a kiosk says."""
    run(act.connection, _PUT, {"kiosk": kiosk, "needs": _text(needs), "heard_line": act.line_us})


def kiosks_heard(look: Look) -> dict[str, tuple[list[str], float]]:
    """Return by kiosk what it needs somebody for, and how many seconds ago it was heard."""
    rows = look.connection.execute(select(tables.kiosk_needs))
    return {
        row.kiosk: (msgspec.json.decode(row.needs, type=list[str]), max(0, look.line_us - row.heard_line) / _US)
        for row in rows
    }


def _text(needs: list[str]) -> str:
    return msgspec.json.encode(sorted(needs)).decode()
