"""T5. The newest orders, doubtful papers first; each as far as it may be shown, which is never who ordered."""

import asyncio
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy import select

from kiosk.flows.ended import WentBack
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.prompts.ui import Availability, Text
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE

_SHOWN: Final = 60
_PAPER_TONE: Final = {"printed": Tone.GOOD, "not_printed": Tone.BAD, "unknown": Tone.ATTENTION, "sending": Tone.UNKNOWN}
_FIRST: Final = {"unknown": 0, "not_printed": 1, "sending": 2}  # somebody may be waiting for these
_OUTCOMES: Final = frozenset({"accepted", "accepted_unpaid", "accepted_unverified"})


class OrderLine(NamedTuple):
    """An order. `paper`: how its receipt's last print ended, None where none was asked for."""

    id: str
    order_number: str | None
    service: str | None
    outcome: str
    recorded_us: int
    paper: str | None


def newest_orders(store: Store, limit: int = _SHOWN) -> list[OrderLine]:
    """Return the newest orders of this kiosk, doubtful papers first. Raises StoreUnavailable."""
    orders, jobs = tables.orders.c, tables.print_jobs
    last_job = select(jobs.c.state).where(jobs.c.item_id == orders.id).order_by(jobs.c.id.desc()).limit(1)
    columns = (orders.id, orders.order_number, orders.service, orders.outcome, orders.recorded_us)
    query = select(*columns, last_job.scalar_subquery()).order_by(orders.recorded_us.desc()).limit(limit)
    with store.read() as connection:
        found = [OrderLine(*row) for row in connection.execute(query)]
    return sorted(found, key=lambda order: _FIRST.get(order.paper or "", 3))


async def orders(session: Session) -> None:
    """List the orders, and show the one touched."""
    while True:
        found = {order.id: order for order in await asyncio.to_thread(newest_orders, session.tools.store)}
        lines = tuple(
            Line(
                order.order_number or order.id[:8],
                Text(f"maintenance.print.{order.paper or 'none'}"),
                _PAPER_TONE.get(order.paper or "", Tone.PLAIN),
                order.id,
            )
            for order in found.values()
        )
        note = Text("maintenance.orders.newest" if found else "maintenance.orders.none")
        answer = await session.ask(Panel("orders", Text("maintenance.orders.title"), lines, note=note))
        try:
            await _one(session, found[answer])
        except WentBack:
            continue


async def _one(session: Session, order: OrderLine) -> None:
    """Show one order until Back; where to collect it stands in its code alone, so a copy needs the code again."""
    service = Text("maintenance.none")
    if order.service is not None:
        service = Text("maintenance.words", {"words": session.tools.catalogue().names(order.service)})
    outcome = order.outcome if order.outcome in _OUTCOMES else "other"
    moment = datetime.fromtimestamp(order.recorded_us / 1_000_000, UTC).astimezone(ZONE)
    lines = (
        Line(Text("maintenance.tickets.service"), service),
        Line(Text("maintenance.orders.outcome"), Text(f"maintenance.orders.{outcome}")),
        Line(Text("maintenance.orders.recorded"), f"{moment:%Y/%m/%d %H:%M}"),
        Line(
            Text("maintenance.tickets.paper"),
            Text(f"maintenance.print.{order.paper or 'none'}"),
            _PAPER_TONE.get(order.paper or "", Tone.PLAIN),
        ),
        Line(Text("maintenance.tickets.id"), order.id[:8]),
    )
    again = Availability(False, Text("maintenance.orders.scan_again"))
    buttons = (Button("reprint", Text("maintenance.tickets.reprint"), again),)
    title = Text("maintenance.orders.one", {"number": order.order_number or order.id[:8]})
    await session.ask(Panel("order", title, lines, buttons))
