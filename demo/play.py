"""What happens in the demo without a display: citizen, technician, whatever goes wrong and who mends it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from common.city.catalogue import load_catalogue
from demo.faults.fault import Fault
from demo.payments.till import SUBSCRIBER, WALLET, pay_by_telephone
from demo.people.citizen import Citizen
from demo.people.clerk import Clerk
from demo.people.technician import Technician
from demo.people.window import Window
from demo.processes import DemoFailed, wait_until
from demo.summary import Summary
from demo.town import Town
from kiosk.runtime.parts import open_store
from offline_store.delivery.outbox import OutboxRow, list_items
from offline_store.disk import tables

APPLIED_WITHIN_S = 60.0
HEARD_WITHIN_S = 30.0
SAID_OUTSIDE_WITHIN_S = 60.0
STOPPED_BY = "registry-line"


class Play:
    """One run before one window.

    Args:
        window: the kiosk's.
        town: what is around it.
        fault: what goes wrong.
        summary: filled with what is seen and done.
        tell: says what happens.
    """

    def __init__(self, window: Window, town: Town, fault: Fault, summary: Summary, tell: Callable[[str], None]) -> None:
        pictures = town.folder / "screens"
        self._town = town
        self._summary = summary
        self._fault = fault
        self._citizen = Citizen(window, pictures, tell)
        self._technician = Technician(window, pictures / "technician", tell)
        self._tell = tell
        summary.seen = self._citizen.seen

    async def run(self, *, technician: bool) -> None:
        """Play all of it, and wait until nothing waits for central any more.

        Args:
            technician: whether a technician comes after the citizen.

        Raises:
            DemoFailed: a screen did not come, or a process failed.
        """
        if technician:
            self._town.processes.stop("central")  # so that there is something to carry on a stick
        await self._visit()
        if technician:
            await self._maintain()
        await asyncio.to_thread(self._mend)
        await asyncio.to_thread(self._call_who_waits)
        if self._town.processes.is_running("central"):
            await asyncio.to_thread(self._town.try_now)
            await asyncio.to_thread(wait_until, lambda: not waiting(self._town), APPLIED_WITHIN_S)
            await asyncio.to_thread(self._look_at_visits)
            if not self._fault.name and not technician:
                await self._stop_a_service()
                await self._citizen.pay_a_bill(SUBSCRIBER, WALLET, pay_by_telephone)
                self._summary.written = await asyncio.to_thread(self._town.tell_an_owner)
                self._tell(f"an order became ready, and its owner got the text “{self._summary.written}”")

    def _clerk(self) -> Clerk:
        centre = self._town.centre
        return Clerk(centre.url, centre.clerk_pin, self._tell, on_silence=centre.start)

    def _look_at_visits(self) -> None:
        """See that central knows what became of each number that was served. Raises DemoFailed."""
        if not self._summary.served:
            return
        self._town.centre.run("forward", "--once")
        done = self._town.visits_done()
        if missing := set(self._summary.served) - done:
            raise DemoFailed(f"central does not know that {', '.join(sorted(missing))} were served")

    def _call_who_waits(self) -> None:
        """Let a clerk call all that the kiosk has given, once the hub has heard of it. Raises DemoFailed."""
        town, clerk = self._town, self._clerk()
        given = numbers_of(town)
        if not given or not self._fault.is_delivered:
            return
        if not wait_until(lambda: town.centre.knows(given), HEARD_WITHIN_S):
            raise DemoFailed(
                f"the hub has not heard of {', '.join(sorted(given))}; its log is {town.folder / 'hub.log'}"
            )
        clerk.presses_each = 1
        clerk.come()
        self._fault.at_counter(town)
        clerk.presses_each = town.presses_each
        clerk.serve_all()
        clerk.go()
        self._summary.called, self._summary.served = clerk.called, clerk.served

    async def _stop_a_service(self) -> None:
        """Let the clerk stop a service and say that it works again, and see what tile and public page say of it."""
        clerk, service = self._clerk(), self._fault.service
        why = load_catalogue().reasons[STOPPED_BY]["ar"]
        await asyncio.to_thread(clerk.come)
        await asyncio.to_thread(clerk.stop_service, service, STOPPED_BY)
        await self._citizen.see(why, stands=True)
        self._summary.stopped_page = await asyncio.to_thread(self._page_says, why, True)
        await asyncio.to_thread(clerk.resume_service, service)
        await self._citizen.see(why, stands=False)
        await asyncio.to_thread(self._page_says, why, False)
        await asyncio.to_thread(clerk.go)

    def _page_says(self, text: str, is_there: bool) -> Path:
        """Wait until central's page of the centre says a text, or no longer does, and keep it. Raises DemoFailed."""
        path = self._town.folder / "screens" / ("page-stopped.html" if is_there else "page-works-again.html")
        if not wait_until(lambda: (text in self._town.public_page()) == is_there, SAID_OUTSIDE_WITHIN_S):
            raise DemoFailed(f"central's page of the centre did not {'say' if is_there else 'lose'} “{text}” in time")
        path.write_text(self._town.public_page(), encoding="utf-8")
        return path

    async def _visit(self) -> None:
        """Let the citizen take a ticket and hand in an order, with what goes wrong and is mended between."""
        fault, citizen, town = self._fault, self._citizen, self._town
        if fault.face is None:
            await citizen.come()
        if fault.by_technician:
            await self._take_out()
        if not fault.is_of_scanner:
            await asyncio.to_thread(fault.begin, town)
        if fault.face is not None:
            await citizen.find(fault.face)
            if not await self._mended():
                return
            await citizen.come()
        if fault.walk:
            await citizen.walk(fault.walk)
        if fault.refusal is not None:
            await citizen.be_refused(fault.service, fault.refusal)
            if not await self._mended():
                return
        await citizen.take_ticket(fault.service, None if fault.mend is None else self._mend)
        await asyncio.to_thread(fault.after_ticket, town)
        await self._order_or_find_it_closed()

    async def _order_or_find_it_closed(self) -> None:
        """Let the citizen, who has a number, hand in an order, where the kiosk still takes one."""
        fault, citizen, town = self._fault, self._citizen, self._town
        if fault.ends_at is not None:
            await citizen.find(fault.ends_at)
            return
        if fault.mark is not None:
            await citizen.notice(fault.mark)
        if fault.takes_orders and citizen.can_order():
            if fault.is_of_scanner:
                await citizen.meet_broken_scanner(lambda: fault.begin(town), self._mend)
            await citizen.hand_in(town.codes, town.devices.scan, hesitates=fault.hesitates)

    async def _mended(self) -> bool:
        """Have it mended; False where it cannot be."""
        if self._fault.by_technician:
            await self._technician.enter(self._town.pin)
            await self._technician.put_back_in_service()
            await self._technician.leave()
        elif self._fault.mend is not None:
            await asyncio.to_thread(self._mend)
        else:
            return False
        return True

    def _mend(self) -> None:
        if self._fault.mend is not None:
            self._fault.mend(self._town)

    async def _take_out(self) -> None:
        self._summary.technician = self._technician.done
        await self._technician.enter(self._town.pin)
        await self._technician.take_out_of_service()
        await self._technician.leave()

    async def _maintain(self) -> None:
        """Let the technician do everything once: first while central is down, then when it is back."""
        technician, emupos = self._technician, self._town.devices.emupos
        self._summary.technician = technician.done
        await technician.enter(self._town.pin, wrong_first=True)
        await technician.change_paper({
            "open": lambda: emupos.turn("cover-open", is_on=True),
            "remove": lambda: emupos.turn("paper-out", is_on=True),
            "insert": lambda: emupos.turn("paper-out", is_on=False),
            "close": lambda: emupos.turn("cover-open", is_on=False),
        })  # fmt: skip
        await technician.print_test_page(self._town.devices.scan)
        exported = await technician.export_outbox(self._town.stick)
        technician.done.imported = json.loads(
            await asyncio.to_thread(self._town.central, "import", str(exported), "--json")
        )
        await technician.export_logs(self._town.stick)
        await technician.take_out_of_service()
        await technician.leave()
        await asyncio.to_thread(self._town.start_central)
        await technician.enter(self._town.pin)
        await technician.put_back_in_service()
        await technician.try_now()
        await technician.leave()


def accepted(town: Town) -> list[OutboxRow]:
    """List the tickets and orders that the kiosk has accepted, delivered or not."""
    with open_store(town.config) as opened:
        rows = list_items(opened.store, include_acknowledged=True)
    return [row for row in rows if row.kind in ("ticket", "order")]


def recorded(town: Town) -> list[str]:
    """List the outcomes of the orders that the kiosk has recorded, oldest first."""
    orders = tables.orders.c
    with open_store(town.config) as opened, opened.store.read() as connection:
        return list(connection.scalars(select(orders.outcome).order_by(orders.recorded_us)))


def waiting(town: Town) -> bool:
    """Return whether a ticket or order still waits for central."""
    return any(row.state == "waiting" for row in accepted(town))


def numbers_of(town: Town) -> set[str]:
    """Return the numbers of all tickets that the kiosk has given and nobody has voided."""
    with open_store(town.config) as opened, opened.store.read() as connection:
        given = select(tables.tickets.c.number).where(tables.tickets.c.voided.is_(None))
        return set(connection.execute(given).scalars())
