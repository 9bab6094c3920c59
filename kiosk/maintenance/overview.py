"""T2. A line a device and service: sign, word, age of the reading; on touch, what it means and what to do."""

import asyncio
from collections.abc import Mapping
from typing import Final

import structlog

from common.machine.errors import StoreError
from kiosk.flows.ended import WentBack
from kiosk.maintenance.alarms import alarms
from kiosk.maintenance.prompts import Button, Line, Panel
from kiosk.maintenance.session import Place, Session
from kiosk.maintenance.status import Status, statuses
from kiosk.peripherals.report import Device
from kiosk.prompts.ui import OFFERED, Availability, Text

_REFRESH_S: Final = 5.0  # ages grow while the technician looks
_log = structlog.get_logger(__name__)


def places() -> dict[str, Place]:
    """Where one can go from the overview, in the order of the buttons."""
    from kiosk.maintenance.central import network, outbox
    from kiosk.maintenance.evidence import logbook
    from kiosk.maintenance.hardware import device_tests, out_of_service, paper, power_time, setting_panel
    from kiosk.maintenance.issued import counters, tickets

    return {
        "paper": paper.change_paper,
        "tests": device_tests.choose_test,
        "tickets": tickets.tickets,
        "outbox": outbox.outbox,
        "settings": setting_panel.settings,
        "network": network.network,
        "power": power_time.power_and_time,
        "counters": counters.counters,
        "logs": logbook.logbook,
        "audit": logbook.audit_chain,
        "out": out_of_service.out_of_service,
    }


async def overview(session: Session) -> None:
    """Show how everything is, and lead to every place and back."""
    everywhere = places()
    while True:
        shown = {f"status:{status.topic}": status for status in await _look(session)}
        try:
            answer = await session.ask(_panel(session, shown, everywhere), within_s=_REFRESH_S)
        except TimeoutError:
            continue
        try:
            if answer == "status:store" and shown[answer].advice == "store_alarms":
                await alarms(session)
            elif answer in shown:
                await _explain(session, shown[answer])
            elif answer in everywhere:
                await everywhere[answer](session)
        except WentBack:
            continue
        except (StoreError, OSError) as error:  # what can't be recorded is not done, and the technician is told
            _log.error("maintenance-not-done", place=answer, problem=str(error)[:200])
            title = f"maintenance.place.{answer}" if answer in everywhere else "maintenance.overview.title"
            await session.tell("store", title, "maintenance.disk_closed")


async def _look(session: Session) -> list[Status]:
    tools = session.tools
    links, _ = await asyncio.to_thread(tools.links)
    reports = {device: tools.devices.report(device) for device in Device}
    ages_s = {device: tools.devices.age_s(device) for device in Device}
    return statuses(tools.health(), reports, ages_s, links, tools.clock.now().unix_s)


def _panel(session: Session, shown: Mapping[str, Status], everywhere: Mapping[str, Place]) -> Panel:
    lines = tuple(
        Line(Text(f"maintenance.topic.{status.topic}"), status.word, status.tone, answer, status.age_s, status.note)
        for answer, status in shown.items()
    )
    has_printer = session.tools.devices.report(Device.PRINTER).is_fitted
    no_printer = Availability(False, Text("maintenance.no_printer"))
    buttons = tuple(
        Button(name, Text(f"maintenance.place.{name}"), no_printer if name == "paper" and not has_printer else OFFERED)
        for name in everywhere
    )
    places_head = Text("maintenance.overview.places")
    return Panel("overview", Text("maintenance.overview.states"), lines, buttons, heading=places_head)


async def _explain(session: Session, status: Status) -> None:
    detail = (Line(Text("maintenance.detail"), status.detail),) if status.detail else ()
    lines = (
        Line(Text(f"maintenance.topic.{status.topic}"), status.word, status.tone, age_s=status.age_s, note=status.note),
        *detail,
    )
    note = Text(f"maintenance.advice.{status.advice}")
    await session.ask(Panel("status", Text(f"maintenance.topic.{status.topic}"), lines, note=note))
