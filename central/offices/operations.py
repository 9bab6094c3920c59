"""What operators did, each act with a name: written in the same transaction as the act."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.people import operations

CONSOLE: Final = "console"
"""Who acts by a command on central's machine."""
HUB: Final = "hub:"
"""Before the id of the hub at which a manager acts, and the slash before his name."""
LOGIN_REFUSED: Final = "login-refused"
newest = select(operations).order_by(operations.c.id.desc())


def who_says() -> dict[str, str]:
    """Return the user of the machine behind a command, where sudo says it."""
    user = os.environ.get("SUDO_USER", "")
    return {"user": user[:100]} if user else {}


@dataclass(frozen=True, slots=True)
class Act:
    """An act as it was written down."""

    at: str
    operator: str
    act: str
    details: Mapping[str, str]

    @property
    def clerk(self) -> str | None:
        """Return who pressed at a hub, "" where the hub did it itself; None for who acts at central."""
        return self.operator.partition("/")[2] if self.operator.startswith(HUB) else None


def acts_of(rows: Iterable[Row[Any]]) -> list[Act]:
    """Return acts as rows of `newest` hold them."""
    return [Act(row.at, row.operator, row.act, msgspec.json.decode(row.detail, type=dict[str, str])) for row in rows]


async def note(connection: AsyncConnection, operator: str, act: str, detail: Mapping[str, str]) -> None:
    """Write an act down. `act` is a short code such as `logged-in`; `detail` holds no secret."""
    await connection.execute(
        insert(operations).values(
            at=clock.as_text(clock.now()),
            operator=operator,
            act=act,
            detail=msgspec.json.encode(dict(detail)).decode(),
        )
    )
