"""The app's place in what it reads: given in order, by one central at a time."""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base.tables.messages import told as messages
from central.messages import app
from central.messages.texts import Said
from tests.central.messages.conftest import Post, put

BLOCKED_BY_ME = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
)


async def give_place(engine: AsyncEngine, message: str) -> None:
    async with engine.begin() as connection:
        await app.give_place(connection, message)


@pytest.mark.parametrize("config", ["postgresql"], indirect=True)
async def test_two_centrals_at_once_give_places_one_after_the_other(post: Post) -> None:
    async with post.engine.begin() as connection:
        first, second = [await put(connection, "order-ready", "order", about, Said(ends="210")) for about in ("a", "b")]
    async with post.engine.begin() as connection, asyncio.timeout(20):
        await app.give_place(connection, first)
        other = asyncio.create_task(give_place(post.engine, second))
        while not other.done() and not await connection.scalar(BLOCKED_BY_ME):
            pass
    await other
    async with post.engine.connect() as connection:
        rows = await connection.execute(select(messages.c.id, messages.c.number).order_by(messages.c.number))
        assert [tuple(row) for row in rows] == [(first, 1), (second, 2)]
