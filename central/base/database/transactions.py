"""Transactions: reading without keeping writers, and locks that pass one transaction at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# All of them stand here: any constant will do, as long as nobody else in the database locks it.
SCHEMA_LOCK = 0x4D55_0001
FEED_LOCK = 0x4D55_0002
ENROLMENT_LOCK = 0x4D55_0003
UNSEALING_LOCK = 0x4D55_0004
READING_LOCK = 0x4D55_0005
COUNTING_LOCK = 0x4D55_0006
MESSAGES_LOCK = 0x4D55_0007
CLAIM_CHANGES_LOCK = 0x4D55_0008
SEATS_LOCK = 0x4D55_0009
PAYMENTS_LOCK = 0x4D55_000A


@asynccontextmanager
async def reading(engine: AsyncEngine, *, streams: bool = False) -> AsyncIterator[AsyncConnection]:
    """A connection that only reads: on SQLite it waits for no writer and keeps none waiting.

    On PostgreSQL each statement stands alone, which saves two round trips for the one that most callers make; who
    `streams` rows needs a transaction there, for its cursor lives in one.
    """
    async with engine.connect() as connection:
        if not is_postgres(connection):
            await connection.execution_options(reads_only=True)
        elif not streams:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
        async with connection.begin():
            yield connection


def is_postgres(connection: AsyncConnection | Connection) -> bool:
    """Whether the connection goes to PostgreSQL, where locks must be asked for."""
    return connection.dialect.name == "postgresql"


async def lock(connection: AsyncConnection, key: int) -> None:
    """Let one transaction at a time pass, until its end. On SQLite it already holds the one write lock."""
    if is_postgres(connection):
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


async def try_lock(connection: AsyncConnection, key: int) -> bool:
    """Take the lock if nobody has it; False at once where somebody does."""
    if not is_postgres(connection):
        return True
    return bool(await connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}))


async def let_others_write(connection: AsyncConnection) -> None:
    """Hold nobody's write up until the next statement. On PostgreSQL none is, and the locks taken stay."""
    if not is_postgres(connection):
        await connection.commit()
