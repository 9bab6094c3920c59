"""T10. What was counted: since the kiosk was set up, and since a trip was set back; printable as the month's report."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

from sqlalchemy import func, select

from kiosk.device_report import Device
from kiosk.language import Language
from kiosk.maintenance.prompts import Button, Line, Panel
from kiosk.maintenance.session import Session
from kiosk.prompts import OFFERED, Availability, Text
from offline_store import tables, tallies
from offline_store.database import Store
from offline_store.tallies import Tally

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
    "stalls",
    "power_cuts",
    "battery_s",
)


def count(store: Store, name: str, amount: int = 1) -> None:
    """Count further in a transaction of its own. Raises StoreUnavailable."""
    with store.write() as connection:
        tallies.add(connection, name, amount)


def read_counters(store: Store) -> dict[str, Tally]:
    """Give every counter that is shown, those that never counted as nothing.

    Tickets and orders are counted from their rows: what is older than 90 days has left the kiosk.

    Raises:
        StoreUnavailable: the store can't be read.
    """
    counted = tallies.read_tallies(store)
    with store.read() as connection:
        for name, table in (("tickets", tables.tickets), ("orders", tables.orders)):
            rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
            counted[name] = Tally(rows, rows)
    return {name: counted.get(name, Tally(0, 0)) for name in SHOWN}


async def counters(session: Session) -> None:
    """Show the counters; set the trips back, or print them."""
    bench = session.bench
    while True:
        found = await asyncio.to_thread(read_counters, bench.store)
        lines = tuple(Line(Text(f"maintenance.counter.{name}"), _value(name, tally)) for name, tally in found.items())
        has_printer = bench.devices.report(Device.PRINTER).is_fitted
        printable = OFFERED if has_printer else Availability(False, Text("maintenance.no_printer"))
        buttons = (
            Button("print", Text("maintenance.counter.print"), printable),
            Button("reset", Text("maintenance.counter.reset"), is_grave=True),
        )
        panel = Panel("counters", Text("maintenance.place.counters"), lines, buttons, Text("maintenance.counter.note"))
        if await session.ask(panel) == "print":
            language = Language(session.look.language)
            named = [
                (language.text(f"maintenance.counter.{name}"), _whole(name, tally)) for name, tally in found.items()
            ]
            paper = await session.work("maintenance.printing", partial(bench.papers.print_counters, named))
            await session.tell("print_result", "maintenance.counter.print", f"maintenance.printed.{paper.state}")
        else:
            await session.record("trips-reset")
            for name in SHOWN:
                # The roll's metres are set back by changing the roll, not here.
                if name != tallies.PAPER_MM:
                    await asyncio.to_thread(tallies.reset_trip, bench.store, name)


def _whole(name: str, tally: Tally) -> int:
    """Metres of millimetres, hours of seconds, else the count."""
    return {tallies.PAPER_MM: tally.total // 1000, "battery_s": tally.total // 3600}.get(name, tally.total)


def _value(name: str, tally: Tally) -> str:
    trip = Tally(tally.trip, tally.trip)
    return f"{_whole(name, tally):,}  ({_whole(name, trip):,})"
