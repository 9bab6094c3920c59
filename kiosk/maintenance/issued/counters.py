"""T10. What was counted: in all, and since the trips were set back; printable as the month's report."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import func, select

from kiosk.flows.ended import WentBack
from kiosk.language import Language
from kiosk.maintenance.prompts import Button, Line, Panel, Tone
from kiosk.maintenance.session import Session
from kiosk.peripherals.report import Device
from kiosk.prompts.ui import OFFERED, Availability, Text
from kiosk.records.trips import TripStart, read_trip_start, set_trips_back
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import ZONE
from offline_store.printed import tallies
from offline_store.printed.tallies import Tally

_NEVER: Final = TripStart()
# In the order they are shown. The first three are the store's own; the others are counted by `count`.
SHOWN: Final = (
    "tickets",
    "orders",
    tallies.PAPER_MM,
    tallies.PAPERS,
    "scans_good",
    "scans_bad",
    "restarts",
    "crashes",
    "watchdogs",
    "updates",
    "stalls",
    "power_cuts",
    "battery_s",
)


def count(store: Store, name: str, amount: int = 1) -> None:
    """Count further in a transaction of its own. Raises StoreUnavailable."""
    with store.write() as connection:
        tallies.add(connection, name, amount)


def read_counters(store: Store, start: TripStart = _NEVER) -> dict[str, Tally]:
    """Return every counter that is shown, those that never counted as nothing.

    Tickets and orders are counted from their rows: what is older than 90 days has left the kiosk.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    counted = tallies.read_tallies(store)
    tickets, orders = tables.tickets.c.row, tables.orders.c.recorded_us
    with store.read() as connection:
        for name, column, since in (("tickets", tickets, start.ticket_row), ("orders", orders, start.order_us)):
            total = connection.execute(select(func.count(column))).scalar_one()
            trip = connection.execute(select(func.count(column)).where(column > since)).scalar_one()
            counted[name] = Tally(total, trip)
    return {name: counted.get(name, Tally(0, 0)) for name in SHOWN}


def tickets_by_month(store: Store, months: int = 2) -> list[tuple[str, int]]:
    """Return the last months that had tickets, the newest first: `YYYY/MM` and how many. Raises StoreUnavailable."""
    month = func.substr(tables.business_days.c.date, 1, 7)
    query = (
        select(month, func.count())
        .join_from(tables.tickets, tables.business_days, tables.business_days.c.id == tables.tickets.c.day_id)
        .group_by(month)
        .order_by(month.desc())
        .limit(months)
    )
    with store.read() as connection:
        return [(name.replace("-", "/"), count) for name, count in connection.execute(query)]


async def counters(session: Session) -> None:
    """Show the counters; set the trips back, or print them as the month's report."""
    tools = session.tools
    data_dir = tools.settings.config.data_dir
    while True:
        start = await asyncio.to_thread(read_trip_start, data_dir)
        found = await asyncio.to_thread(read_counters, tools.store, start)
        lines = tuple(Line(Text(f"maintenance.counter.{name}"), _value(name, tally)) for name, tally in found.items())
        has_printer = tools.devices.report(Device.PRINTER).is_fitted
        printable = OFFERED if has_printer else Availability(False, Text("maintenance.no_printer"))
        buttons = (
            Button("print", Text("maintenance.counter.print"), printable),
            Button("reset", Text("maintenance.counter.reset"), is_grave=True),
        )
        note = Text("maintenance.counter.note")
        if start.at is not None:
            note = Text("maintenance.counter.since", {"moment": _moment(start.at)})
        if await session.ask(Panel("counters", Text("maintenance.place.counters"), lines, buttons, note)) == "print":
            await _print(session, found, start)
        elif await _is_sure(session):
            await session.record("trips-reset")
            # The roll's metres are set back by changing the roll, not here.
            names = [name for name in SHOWN if name != tallies.PAPER_MM]
            await asyncio.to_thread(set_trips_back, tools.store, data_dir, names, tools.clock.now())


async def _print(session: Session, found: dict[str, Tally], start: TripStart) -> None:
    """Print months, trips and totals, named in the language of the screen."""
    language = Language(session.look.language)
    since = language.text("maintenance.counter.from_the_first_day")
    if start.at is not None:
        since = language.text("maintenance.counter.since_moment", moment=_moment(start.at))
    months = await asyncio.to_thread(tickets_by_month, session.tools.store)
    lines = [
        *((language.text("maintenance.counter.month", month=month), f"{count:,}") for month, count in months),
        (language.text("maintenance.counter.period"), since),
        *((language.text(f"maintenance.counter.{name}"), _value(name, tally)) for name, tally in found.items()),
    ]
    printing = partial(session.tools.papers.print_counters, lines, language.code)
    paper = await session.work("maintenance.printing", printing)
    await session.tell("print_result", "maintenance.counter.print", f"maintenance.printed.{paper.state}")


async def _is_sure(session: Session) -> bool:
    yes = Line(Text("maintenance.counter.reset"), id="yes", tone=Tone.ATTENTION)
    note = Text("maintenance.counter.reset_note")
    try:
        return await session.ask(Panel("sure", Text("maintenance.counter.reset"), (yes,), note=note)) == "yes"
    except WentBack:
        return False


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, ZONE):%Y/%m/%d %H:%M}"


def _whole(name: str, amount: int) -> int:
    """Metres of millimetres, hours of seconds, else the count."""
    return {tallies.PAPER_MM: amount // 1000, "battery_s": amount // 3600}.get(name, amount)


def _value(name: str, tally: Tally) -> str:
    return f"{_whole(name, tally.total):,}  ({_whole(name, tally.trip):,})"
