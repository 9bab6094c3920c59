"""What operators did, each act with a name: written in the same transaction as the act."""

import os
from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.people import operations

CONSOLE: Final = "console"
"""Who acts by a command on central's machine."""
LOGIN_REFUSED: Final = "login-refused"
newest = select(operations).order_by(operations.c.id.desc())


def who_says() -> dict[str, str]:
    """Return the user of the machine behind a command, where sudo says it."""
    user = os.environ.get("SUDO_USER", "")
    return {"user": user[:100]} if user else {}


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
