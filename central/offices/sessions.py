"""Sessions of operators: a random token in a cookie, of which only the hash is kept; they end by themselves."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from central.base import clock
from central.base.tables.people import operator_sessions
from central.offices import operators
from central.offices.operators import Operator

LASTS: Final = timedelta(hours=12)
IDLE: Final = timedelta(minutes=45)


async def begin(connection: AsyncConnection, operator: Operator) -> str:
    """Begin a session; return the token that the browser keeps."""
    token = secrets.token_urlsafe(32)
    now = clock.as_text(clock.now())
    await connection.execute(
        insert(operator_sessions).values(token_sha256=_hash(token), operator=operator.name, begun_at=now, used_at=now)
    )
    return token


async def find(connection: AsyncConnection, token: str) -> Operator | None:
    """Return whose session this is, None where it has ended; using it keeps it from ending."""
    row = (
        await connection.execute(select(operator_sessions).where(operator_sessions.c.token_sha256 == _hash(token)))
    ).one_or_none()
    if row is None:
        return None
    now = clock.now()
    idle, lasted = (now - datetime.fromisoformat(at) for at in (row.used_at, row.begun_at))
    if idle > IDLE or lasted > LASTS:
        await end(connection, token)
        return None
    await connection.execute(
        update(operator_sessions)
        .where(operator_sessions.c.token_sha256 == row.token_sha256)
        .values(used_at=clock.as_text(now))
    )
    return await operators.find(connection, row.operator)


async def end(connection: AsyncConnection, token: str) -> None:
    """End a session."""
    await connection.execute(delete(operator_sessions).where(operator_sessions.c.token_sha256 == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
