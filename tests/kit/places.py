"""Answerers of the tests' own: `claim` takes a place in a table, `payment` is pending until a test tells more."""

import asyncio
import uuid
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central.inquiries.answerers import Answerer, Found, Question, Refusal

places = Table("test_places", MetaData(), Column("id", Text, primary_key=True), Column("who", Text))


async def make_table(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(places.metadata.create_all)


async def taken(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list(await connection.scalars(select(places.c.who)))


async def claim(connection: AsyncConnection, _ring: Any, question: Question) -> Found:
    """Take one of twenty places; `who` None is refused, "refused" after it had a place, "slow" takes a while."""
    who = question.body.get("who")
    if who is None:
        raise Refusal("no-who")
    if await connection.scalar(select(func.count()).select_from(places)) == 20:
        raise Refusal("slot-full")
    if who == "slow":
        await asyncio.sleep(0.3)
    place = uuid.uuid4().hex
    await connection.execute(insert(places).values(id=place, who=who))
    if who == "refused":
        raise Refusal("closed")
    return Found({"claim": place, "at": question.body["at"]}, {"code": f"SY1:{who}", "digits": "12345678"}, place)


async def undo(connection: AsyncConnection, _ring: Any, reference: str) -> None:
    await connection.execute(delete(places).where(places.c.id == reference))


async def seats(connection: AsyncConnection, _ring: Any, question: Question) -> Found:
    left = 20 - (await connection.scalar(select(func.count()).select_from(places)) or 0)
    return Found({"seats": [{"at": question.body["from"], "minutes": 10, "left": left}]})


async def payment(_connection: AsyncConnection, _ring: Any, question: Question) -> Found:
    return Found({"payment": question.id, "state": "opened"}, {"show": "QR"}, question.id, is_final=False)


PLACES = {"claim": Answerer(claim, undo), "seats": Answerer(seats), "payment": Answerer(payment, undo)}
