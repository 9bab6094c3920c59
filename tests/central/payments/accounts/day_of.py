"""What tests of accountant and cashier do with a town: pay, read books, ask for the day."""

import asyncio
from typing import Any

from sqlalchemy import select

from central.base import clock
from central.base.database.transactions import reading
from central.base.tables.paid.books import payment_ports
from central.payments.accounts import day
from central.payments.accounts.day import BooksLine, Ports, Span
from central.payments.keeping import BooksKeeper
from central.payments.running import Payments, opened
from central.payments.settings import load
from tests.central.payments.conftest import Town


async def paid(town: Town, state: str = "marked") -> str:
    """Pay the bill by the wallet; return the payment."""
    said = await town.opened()
    town.wallet.pay(said["answer"]["bill_no"])
    assert await town.tell(said["answer"]["bill_no"]) == 200
    await town.until(said["answer"]["payment"], state)
    return str(said["answer"]["payment"])


def desk_of(town: Town) -> Payments:
    """Return ports of our own beside the server's, as a command has them."""
    assert town.stage.config.payments is not None
    return opened(load(town.stage.config.payments), town.stage.engine, town.stage.ring)


async def read_books(town: Town) -> None:
    """Read what payers' and billers' books have; while the server reads them nobody else does."""
    keeper = BooksKeeper(town.stage.engine, town.stage.ring, desk_of(town))
    under_way = select(payment_ports).where(payment_ports.c.claimed_until.is_not(None))
    async with asyncio.timeout(30):
        await keeper.read_books()
        while await town.stage.all(under_way):
            await asyncio.sleep(0.02)
            await keeper.read_books()


def today() -> str:
    """Return the day by the centres' clock."""
    return str(clock.now().astimezone(clock.CENTRE_TIME).date())


async def lines(town: Town, of_day: str | None = None, **ports: frozenset[str]) -> list[BooksLine]:
    """Return the books of a day."""
    async with reading(town.stage.engine) as connection:
        return await day.lines(connection, Span.of(of_day or today()), Ports(**ports))


async def changed(town: Town, statement: Any) -> None:
    """Put a fault into the database."""
    town.is_tampered_with = True
    async with town.stage.engine.begin() as connection:
        await connection.execute(statement)


def names(found: list[BooksLine]) -> list[str]:
    """Return the words of all differences."""
    return sorted(one.what for line in found for one in line.differences)
