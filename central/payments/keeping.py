"""What central does about payments by itself: it opens, asks, marks and reads books, beside whatever is received.

Each process looks; a claim on a row lets one of them work on it at a time, and one that dies lets it lapse.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.database.transactions import reading
from central.base.recurring import RecurringTask
from central.base.tables.paid.payments import payments, whole
from central.intake.receiving.apart import is_passing
from central.keys.keys import KeyRing
from central.payments import apart, bills, setup, told
from central.payments.flow import books, marking, state, tries
from central.payments.ports.errors import PortError
from central.payments.running import Payments

LOOK_EVERY_S: Final = 0.5
MOST_AT_A_TIME: Final = 32
CLAIM: Final = timedelta(seconds=60)
"""More than the longest step: two calls of twelve seconds."""
BOOKS_EVERY: Final = timedelta(seconds=60)
BOOKS_SOON: Final = timedelta(seconds=10)
"""Where a payer has not said what became of a number, or can't."""
FIELDS_EVERY: Final = timedelta(minutes=15)
LONGEST_PAUSE: Final = timedelta(minutes=30)
"""Between two tries of a step that fails for another reason than its payer's or biller's silence."""

log: Final = structlog.get_logger()


class Worker(RecurringTask):
    """Works on each payment and bill that is due, many at a time: a payer that hangs keeps no other up."""

    every_s = LOOK_EVERY_S
    at_once = True
    failure = "payments-not-kept"

    def __init__(self, engine: AsyncEngine, ring: KeyRing, desk: Payments) -> None:
        """Work with the ports of this process."""
        super().__init__(engine)
        self._ring, self._desk = ring, desk
        self._works: dict[str, asyncio.Task[None]] = {}

    def stop(self) -> None:
        """End `run`; what waits for a payer or biller is asked again by the next one."""
        super().stop()
        self._desk.wake.set()

    async def run(self) -> None:
        """Look whenever something may be due, until `stop`; where nothing can be paid there is nothing to do."""
        while self._desk.are_on and not self._stopping.is_set():
            try:
                await self.act()
            except Exception as error:  # noqa: BLE001 - the task's edge: it must go on
                self.failed(type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._desk.wake.wait(), self.every_s)
            self._desk.wake.clear()
        for work in self._works.values():
            work.cancel()
        await asyncio.gather(*self._works.values(), return_exceptions=True)

    async def act(self) -> None:
        """Begin what is due."""
        self._works = {name: work for name, work in self._works.items() if not work.done()}
        room = MOST_AT_A_TIME - len(self._works)
        if room <= 0:
            return
        now = clock.as_text(clock.now())
        free = or_(payments.c.claimed_until.is_(None), payments.c.claimed_until < now)
        query = select(payments.c.id).where(payments.c.due_at <= now, free).order_by(payments.c.due_at).limit(room)
        async with reading(self._engine) as connection:
            asked = await bills.due(connection, room)
            due = list(await connection.scalars(query))
        for row in asked:
            self._begin(
                f"bill {row.kiosk} {row.inquiry}", partial(bills.ask, self._engine, self._ring, self._desk, row)
            )
        for payment in due:
            self._begin(payment, partial(self._stepped, payment))

    async def finish(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._works.values())

    async def step(self, payment: str) -> None:
        """Do what is due for one payment, unless another process does."""
        now = clock.now()
        moment = clock.as_text(now)
        free = or_(payments.c.claimed_until.is_(None), payments.c.claimed_until < moment)
        own = payments.c.id == payment, payments.c.due_at <= moment, free
        async with self._engine.begin() as connection:
            claim = update(payments).where(*own).values(claimed_until=clock.as_text(now + CLAIM))
            if (await connection.execute(claim)).rowcount == 0:
                return
            row = (await connection.execute(whole().where(payments.c.id == payment))).one()
        if row.state == "paid":
            await marking.step(self._engine, self._ring, self._desk, row)
        elif row.state in ("inquired", "opened", "unknown"):
            await tries.step(self._engine, self._ring, self._desk, row)

    async def _stepped(self, payment: str) -> None:
        """Do what is due; where that fails, name the payment and come to it later, behind those that can go on."""
        try:
            await self.step(payment)
        except Exception as error:
            await self._put_off(payment, error)
            raise

    async def _put_off(self, payment: str, error: Exception) -> None:
        if is_passing(error):
            return  # its claim lapses
        async with self._engine.begin() as connection:
            row = await state.find(connection, payment)
            if row is None or row.due_at is None:
                return
            pause = min(LONGEST_PAUSE, timedelta(seconds=10) * 2 ** min(row.tries, 10))
            await state.wait(connection, payment, clock.now() + pause, row.tries + 1)
        await apart.set_apart(self._engine, apart.PAYMENT, row.kiosk, payment, error)

    def _begin(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if name not in self._works:
            self._works[name] = asyncio.create_task(self._guarded(name, work))

    async def _guarded(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - one payment's trouble must not end the others'
            log.warning("payment-step-failed", payment=name, error=type(error).__name__)
        else:
            self._desk.wake.set()  # what is paid is to be marked at once


class BooksKeeper(RecurringTask):
    """Reads books and items, tells kiosks what can be paid, and forgets what is over."""

    every_s = 5.0
    at_once = True
    failure = "payment-books-not-read"

    def __init__(self, engine: AsyncEngine, ring: KeyRing, desk: Payments) -> None:
        """Begin as if nothing was ever read."""
        super().__init__(engine)
        self._ring, self._desk = ring, desk
        self._read_at = self._asked_at = clock.now() - FIELDS_EVERY

    async def act(self) -> None:
        """Do what is due; what of it fails keeps the rest from nothing."""
        now = clock.now()
        is_known = self._desk.fields.keys() >= self._desk.billers.keys()  # else kiosks are told of it only after this
        if self._desk.are_on and not timedelta() <= now - self._asked_at < (FIELDS_EVERY if is_known else BOOKS_EVERY):
            self._asked_at = now
            await self._tried(setup.ask_fields(self._engine, self._desk))
        is_told = await self._tried(setup.publish(self._engine, self._desk))
        if not self._desk.are_on:
            if is_told:
                self._stopping.set()  # what was told is taken back, and there is nothing else to do
            return
        await self._tried(told.catch_up(self._engine, self._stopping))
        if not timedelta() <= now - self._read_at < await self._pause():
            self._read_at = now
            await self.read_books()
            await self._tried(self._forget())

    async def _tried(self, part: Coroutine[Any, Any, None]) -> bool:
        try:
            await part
        except Exception as error:  # noqa: BLE001 - what follows does not hang on it
            self.failed(type(error).__name__)
            return False
        return True

    async def _forget(self) -> None:
        async with self._engine.begin() as connection:
            await bills.forget(connection)

    async def read_books(self) -> None:
        """Read what all books have that is new; those that do not answer are read another time."""
        for name, payer in self._desk.payers.items():
            if payer.late_days:  # a bank's file, which a person brings
                continue
            await self._one("payer", name, books.read_payer(self._engine, self._ring, name, payer))
        for name, biller in self._desk.billers.items():
            await self._one("biller", name, books.read_biller(self._engine, self._ring, name, biller))
        self._desk.wake.set()

    async def _one(self, side: books.Side, name: str, read: Coroutine[Any, Any, None]) -> None:
        try:
            await read
        except PortError as error:
            log.warning("payment-books-silent", side=side, name=name, why=str(error)[:80])
        except Exception as error:  # noqa: BLE001 - one house's fault is never another's books
            await self._tried(apart.set_apart(self._engine, apart.BOOKS, name, side, error))
        else:
            return
        await self._tried(books.let_go(self._engine, side, name))

    async def _pause(self) -> timedelta:
        # A payer that was told of no address says nothing by itself.
        silent = ("unknown", "opened") if self._desk.public_url is None else ("unknown",)
        asked = [name for name, payer in self._desk.payers.items() if not payer.late_days]
        open_ones = select(payments.c.id).where(payments.c.state.in_(silent), payments.c.payer.in_(asked)).limit(1)
        async with reading(self._engine) as connection:
            return BOOKS_EVERY if await connection.scalar(open_ones) is None else BOOKS_SOON
