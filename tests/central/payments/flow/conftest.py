"""The rules of payments by their rows alone: a database, a clock that stands, ports that say what they were told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from central.base import clock
from central.base.config import CentralConfig
from central.base.database.engine import open_engine
from central.base.database.transactions import reading
from central.base.tables.paid.payments import payment_events, payments, whole
from central.keys.keys import KeyRing
from central.payments.flow.money import take
from central.payments.flow.words import Sum
from central.payments.ports.errors import PortError
from central.payments.ports.payer import Entries, Payer
from central.payments.running import Payments
from tests.central.payments.flow.rows import rows_of

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday


def moment(**later: float) -> str:
    """Return a moment after now, as a row has it."""
    return clock.as_text(NOW + timedelta(**later))


@dataclass
class Port:
    """A payer or biller that answers as it was told, and notes what it was asked."""

    says: Any = None
    late_days: int = 0
    bill_life_s: int = 600
    asked: list[Any] = field(default_factory=list)

    async def open(self, wanted: Any) -> Any:
        return self._said(wanted)

    async def state(self, bill_no: str) -> Any:
        return self._said(bill_no)

    async def mark(self, mark: Any) -> Any:
        return self._said(mark)

    async def changes(self, after: Any) -> Any:
        return self._said(after)

    async def refund(self, *asked: Any) -> Any:
        return self._said(asked)

    def _said(self, asked: Any) -> Any:
        self.asked.append(asked)
        said = self.says.pop(0) if isinstance(self.says, list) else self.says
        if isinstance(said, PortError):
            raise said
        return said


USUAL: dict[str, Any] = {
    "id": "p1", "bill_no": "B1", "extra": 0, "debt_mark": "d1", "biller": "water", "payer": "wallet", "kiosk": "k1",
    "centre": "homs-main", "amount": 12_500, "currency": "SYP", "pound": "new", "state": "opened", "at": moment(),
    "dies_at": moment(minutes=10), "due_at": moment(), "tries": 0, "claimed_until": moment(minutes=1),
}  # fmt: skip


@dataclass
class Till:
    """Central's books of payments, and the ports beside it."""

    engine: AsyncEngine
    ring: KeyRing
    payer: Port
    biller: Port
    desk: Payments

    async def put(self, table: Table = payments, /, **values: Any) -> None:
        """Write a row, of payments if nothing is said; there what is not said is usual."""
        async with self.engine.begin() as connection:
            for into, row in rows_of(USUAL | values) if table is payments else [(table, values)]:
                await connection.execute(insert(into).values(**row))

    async def row(self, payment: str = "p1") -> Any:
        """Return a payment's row."""
        async with reading(self.engine) as connection:
            return (await connection.execute(whole().where(payments.c.id == payment))).one()

    async def all(self, table: Table) -> list[Any]:
        """Return all rows of a table."""
        async with reading(self.engine) as connection:
            return list(await connection.execute(whole() if table is payments else select(table)))

    async def events(self, payment: str = "p1") -> list[tuple[str, str, dict[str, Any]]]:
        """Return what became of a payment, by whose word, and with what."""
        rows = [row for row in await self.all(payment_events) if row.payment == payment]
        return [(row.event, row.by, msgspec.json.decode(row.detail)) for row in rows]

    async def stands(self, *names: str, payment: str = "p1") -> dict[str, Any]:
        """Return some columns of a payment."""
        row = await self.row(payment)
        return {name: getattr(row, name) for name in names}

    async def take(self, receipt: str = "R1", bill_no: str = "B1", by: str = "books", **more: Any) -> bool:
        """Let a payer say that money came or went."""
        said: dict[str, Any] = {"at": NOW, "amount": 12_500, "currency": "SYP", "is_booked": True} | more
        async with self.engine.begin() as connection:
            return await take(connection, self.ring, Sum("wallet", receipt, bill_no, **said), by)


@pytest.fixture
async def till(config: CentralConfig, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Till]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    engine, payer, biller = open_engine(config.database_url), Port(Entries((), None)), Port()
    desk = Payments("new", {"wallet": cast("Payer", payer)}, {"water": cast("Any", biller)})
    yield Till(engine, KeyRing(config.keys_dir), payer, biller, desk)
    await engine.dispose()
