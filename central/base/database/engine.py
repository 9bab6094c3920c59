"""Engines: how central reaches its database, and within which time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from central.base.database import replication

CONNECT_WITHIN_S: Final = 5.0
"""Also for a place in the pool, and for SQLite's one writer: a kiosk waits 30 s for an answer, and one that says 503 is
better than none."""


def open_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """Make the engine. Every SQLite connection gets WAL and full synchronisation, and begins IMMEDIATE."""
    # An error's text must not carry what citizens sent.
    limits: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0, "hide_parameters": True}
    limits["pool_timeout"] = CONNECT_WITHIN_S
    if not url.startswith("sqlite"):
        # READ COMMITTED is needed, not merely usual: the inbox compares in a second statement that must see what the
        # first one waited for.
        target = make_url(url).set(drivername=replication.DRIVER)
        connect = {} if "timeout" in target.query else {"timeout": CONNECT_WITHIN_S}
        engine = create_async_engine(target, isolation_level="READ COMMITTED", connect_args=connect, **limits)
        replication.listen(engine)
        return engine
    engine = create_async_engine(url, **limits)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


@asynccontextmanager
async def opened_engine(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine that is closed at the end, for commands. Raises SQLAlchemyError or OSError when there is none."""
    engine = open_engine(url, pool_size=2)
    try:
        yield engine
    finally:
        await engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions of its own: `_begin_immediate` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    turn = f"busy_timeout={round(CONNECT_WITHIN_S * 1000)}"
    for pragma in (turn, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
