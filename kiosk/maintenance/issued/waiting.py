"""Who waits, on paper, to be called by voice where no hub is left: this kiosk's numbers, or those of the whole hall."""

import asyncio
from functools import partial

from kiosk.maintenance.prompts import Button, Line, Panel
from kiosk.maintenance.session import Session
from kiosk.peripherals.report import Device
from kiosk.prompts.ui import OFFERED, Availability, Text
from offline_store.queue.waiting import WaitingNumber, hall_list, waiting_list


def printable(session: Session) -> Availability:
    """Return whether a paper can come out here."""
    has_printer = session.tools.devices.report(Device.PRINTER).is_fitted
    return OFFERED if has_printer else Availability(False, Text("maintenance.no_printer"))


async def print_own_list(session: Session) -> None:
    """Print who waits of this kiosk's numbers."""
    await _print(session, await asyncio.to_thread(waiting_list, session.tools.store), None)


async def print_hall_list(session: Session) -> None:
    """Say how old the hall's list is and that one of it is enough; print it. Raises WentBack."""
    hall = await asyncio.to_thread(hall_list, session.tools.store, session.tools.clock.now())
    as_of = Text("maintenance.hall_list.as_of"), hall.as_of_time or Text("maintenance.hall_list.unknown")
    lines = (Line(*as_of), Line(Text("maintenance.hall_list.waiting"), str(len(hall.numbers))))
    buttons = (Button("print", Text("maintenance.hall_list.print"), printable(session)),)
    await session.ask(
        Panel("hall_list", Text("maintenance.hall_list.title"), lines, buttons, Text("maintenance.hall_list.once"))
    )
    await _print(session, hall.numbers, hall.as_of_time)


async def _print(session: Session, numbers: list[WaitingNumber], hall: str | None) -> None:
    lines = [one.line for one in numbers]
    printing = partial(session.tools.papers.print_waiting_list, lines, session.look.language, hall)
    paper = await session.work("maintenance.printing", printing)
    await session.tell("print_result", "maintenance.tickets.print_waiting", f"maintenance.printed.{paper.state}")
