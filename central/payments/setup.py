"""What kiosks are told of payments by the feed, what billers last said of themselves, and where payers tell what."""

import secrets
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from central import feed
from central.base.database.rows import insert_new
from central.base.database.transactions import FEED_LOCK, lock, reading
from central.base.tables.paid.books import payment_ports
from central.keys import issuer_keys
from central.keys.keys import KeyRing
from central.payments.ports.biller import BillerFields
from central.payments.ports.errors import PortError
from central.payments.running import Payments
from common.protocol.payments.setup import BillerRecord, PayerRecord, PaymentsSetup

KIND: Final = "payments"
log: Final = structlog.get_logger()


async def begin(engine: AsyncEngine, ring: KeyRing, desk: Payments) -> None:
    """Have what payments need before the first: addresses, the receipts' key, what billers last said."""
    async with engine.begin() as connection:
        if desk.are_on:
            await issuer_keys.ensure(connection, ring, issuer_keys.RECEIPTS)
        for name in desk.payers:
            desk.addresses[name] = await _address(connection, ring, name)
        own = payment_ports.c.side == "biller", payment_ports.c.fields.is_not(None)
        for row in await connection.execute(select(payment_ports).where(*own)):
            if row.name in desk.billers:
                desk.fields[row.name] = msgspec.json.decode(row.fields, type=BillerFields)


async def ask_fields(engine: AsyncEngine, desk: Payments) -> None:
    """Ask each biller what it asks for; one that is silent stays as it was."""
    for name, biller in desk.billers.items():
        try:
            found = await biller.fields()
        except PortError as error:
            log.warning("biller-silent", biller=name, why=str(error)[:80])
            continue
        except Exception as error:  # noqa: BLE001 - another package's own: the other billers are asked
            log.warning("biller-not-asked", biller=name, error=type(error).__name__)
            continue
        if found.pound != desk.pound:
            log.error("biller-in-another-pound", biller=name, found=found.pound)
            desk.fields.pop(name, None)
            continue
        if desk.fields.get(name) == found:
            continue
        desk.fields[name] = found
        async with engine.begin() as connection:
            await _row_of(connection, "biller", name)
            own = payment_ports.c.side == "biller", payment_ports.c.name == name
            text = msgspec.json.encode(found).decode()
            await connection.execute(update(payment_ports).where(*own).values(fields=text))


async def publish(engine: AsyncEngine, desk: Payments) -> None:
    """Tell kiosks what can be paid, where that has changed; where nothing can, only if they were told of something."""
    async with reading(engine) as connection:
        if await feed.newest_body(connection, KIND) == _text(told_of(desk)):
            return
    async with engine.begin() as connection:
        await lock(connection, FEED_LOCK)
        last, new = await feed.newest_body(connection, KIND), told_of(desk)
        if last == _text(new) or (last is None and not new.payers):
            return
        if not new.payers and last is not None:  # what is taken back was of that pound
            pound = msgspec.json.decode(last, type=PaymentsSetup).pound
            new = PaymentsSetup(pound, [], [])
            if last == _text(new):
                return
        await feed.append(connection, KIND, new)


def told_of(desk: Payments) -> PaymentsSetup:
    """Return what can be paid now."""
    if not desk.are_on or desk.pound is None:
        return PaymentsSetup(desk.pound or "new", [], [])
    billers = [
        BillerRecord(
            name,
            known.names,
            known.fields,
            biller.cashier_group,
            list(biller.papers),
            getattr(biller, "service", None),  # one of another package may not know of it
        )
        for name, biller in sorted(desk.billers.items())
        if name != desk.orders and (known := desk.fields.get(name)) is not None
    ]
    payers = [PayerRecord(name, payer.names, payer.late_days) for name, payer in sorted(desk.payers.items())]
    return PaymentsSetup(desk.pound, payers, billers, orders=desk.orders is not None)


async def _address(connection: AsyncConnection, ring: KeyRing, payer: str) -> str:
    """Return the random part of where a payer tells what; made once and kept, whatever process asks first."""
    row = await _row_of(connection, "payer", payer)
    if row.address is None:
        sealed = ring.vault().seal(_place(payer), secrets.token_hex(16))
        own = payment_ports.c.side == "payer", payment_ports.c.name == payer
        new = update(payment_ports).where(*own, payment_ports.c.address.is_(None)).values(address=sealed)
        await connection.execute(new)
        row = await _row_of(connection, "payer", payer)
    return ring.vault().open(_place(payer), row.address)


async def _row_of(connection: AsyncConnection, side: str, name: str) -> Any:
    empty = dict.fromkeys(column.name for column in payment_ports.columns) | {"side": side, "name": name}
    await insert_new(connection, payment_ports, [empty])
    query = select(payment_ports).where(payment_ports.c.side == side, payment_ports.c.name == name)
    return (await connection.execute(query.with_for_update())).one()


def _text(body: PaymentsSetup) -> str:
    return msgspec.json.encode(body).decode()


def _place(payer: str) -> str:
    return f"payment_ports/{payer}/address"
