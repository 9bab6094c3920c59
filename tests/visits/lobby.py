"""A kiosk in its lobby, without a window: real desk, real store, and time that passes by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from common.city.calendar import CentreHours
from common.city.catalogue import Hours
from common.machine.errors import StoreError
from common.protocol.feed_message import CalendarDay
from common.protocol.queue.claim import ClaimFound
from devices.protocols import Scan
from kiosk.desk.answers import Booked, PaymentPaper
from kiosk.desk.claims.booking import Booking
from kiosk.desk.desk import Issued, OrderRecorded, PaperOutcome
from kiosk.desk.hours import times_of_day
from kiosk.desk.payments.paying import Paying
from kiosk.flows.context import Centre, Hall, Judged, Readers, StaffCalls
from kiosk.flows.situation import Conditions, Situation
from kiosk.papers.recorded import as_issued
from kiosk.prompts.ui import Display, Look, Trouble
from kiosk.visits.visits import Premises, Visits
from offline_store.disk import tables
from offline_store.printed.without_paper import WithoutPaper, numbers_without_paper
from tests.kit.clock import HandClock
from tests.kit.desk import CENTRE, App, Place, open_store
from tests.visits.scripted_ui import HandReaders, HandTime, Happens, ScriptedUi, Step


@dataclass
class Tray:
    """Papers that print at once, or fail as told; keeps what came out."""

    trouble: Trouble | None = None
    state: str = "printed"
    out: list[tuple[str, bool, str | None]] = field(default_factory=list)
    on_print: Callable[[], None] = lambda: None
    missing: dict[str, Trouble] = field(default_factory=dict)
    waiting: Callable[[], list[WithoutPaper]] = list

    def print_ticket(self, ticket: Issued, *, copy: bool, language: str | None = None) -> PaperOutcome:
        if copy:
            self.missing.pop(ticket.id, None)
        else:
            self.missing[ticket.id] = self.trouble or Trouble.FAULT
        outcome = self._print(ticket.number, copy, language)
        if outcome.state == "printed":
            self.missing.pop(ticket.id, None)
        return outcome

    def without_paper(self) -> list[tuple[Issued, Trouble]]:
        """Answer as what prints does, of which the journal is this tray's own."""
        try:
            found = [one for one in self.waiting() if one.id in self.missing]
        except StoreError:
            return []
        return [(as_issued(*one[:5]), self.missing[one.id]) for one in found]

    def print_booked(self, booked: Booked, *, language: str | None = None) -> PaperOutcome:
        return self._print(booked.digits, False, language)

    def print_payment(self, paper: PaymentPaper, *, language: str | None = None) -> PaperOutcome:
        return self._print(f"{paper.kind} {paper.now.bill_no}", False, language)

    def print_void(self, ticket: Issued, *, language: str | None = None) -> PaperOutcome:
        return self._print(f"void {ticket.number}", False, language)

    def print_receipt(self, order: OrderRecorded, *, copy: bool, language: str | None = None) -> PaperOutcome:
        return self._print(order.ticket.number if order.ticket else str(order.id), copy, language)

    def _print(self, what: str, copy: bool, language: str | None) -> PaperOutcome:
        self.on_print()
        if self.trouble is not None:
            return PaperOutcome("unknown" if self.trouble is Trouble.UNKNOWN else "failed", self.trouble)
        self.out.append((what, copy, language))
        return PaperOutcome("printed")


@dataclass
class Staff:
    """Staff who take calls, or not, and acknowledge one when a test says so."""

    is_there: bool = True
    takes: bool = True
    calls: list[str] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    async def call(self, call_id: str) -> bool:
        self.calls.append(call_id)
        return self.takes

    async def seen(self, call_id: str) -> None:
        assert call_id in self.calls
        await self.acknowledged.wait()


@dataclass
class Lobby:
    """One kiosk; `run` plays a script on it until the script has ended."""

    place: Place
    tray: Tray
    readers: Readers | None = None
    centre: Centre = field(
        default_factory=lambda: Centre(CENTRE, order_page="https://app.example/o/{centre}/{service}")
    )
    hours: Callable[[], Hours | None] = lambda: None
    days: dict[str, CalendarDay] = field(default_factory=dict)
    conditions: Conditions = field(default_factory=Conditions)
    staff: StaffCalls | None = None
    hall: Callable[[], Hall | None] = lambda: None
    judged: Callable[[str], Judged | None] = lambda _: None
    notices: list[dict[str, str]] = field(default_factory=list)
    booking: Booking | None = None
    paying: Paying | None = None
    claims_of_hub: dict[str, ClaimFound] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.time = HandTime()
        self.maintained: list[Look] = []
        self.tray.waiting = lambda: numbers_without_paper(self.place.store, self.place.clock.now(), 0)

    async def run(
        self, *steps: Step, meanwhile: Callable[[], Coroutine[Any, Any, None]] | None = None, timeout_s: float = 50.0
    ) -> ScriptedUi:
        """Play the script; returns the display, to be looked at. `meanwhile` runs beside it."""
        return await self.play(ScriptedUi(*steps), meanwhile=meanwhile, timeout_s=timeout_s)

    async def play(
        self,
        ui: ScriptedUi,
        *,
        meanwhile: Callable[[], Coroutine[Any, Any, None]] | None = None,
        timeout_s: float = 25.0,
    ) -> ScriptedUi:
        """Play on this display until it says that it has ended."""
        self.ui = ui
        self.situation = Situation(self.conditions)
        self.hand = HandReaders()
        visits = Visits(
            ui,
            self.place.desk,
            self.readers or self.hand,
            self.situation,
            Premises(
                catalogue=lambda: self.place.catalogue,
                centre=lambda: self.centre,
                hours=lambda: CentreHours(self.hours(), self.days),
                times=self._times,
                staff=self.staff,
                hall=lambda: self.hall(),  # noqa: PLW0108 (a test may say something else later)
                judged=lambda ticket: self.judged(ticket),  # noqa: PLW0108 (the same)
                notices=lambda: self.notices,
                claim_by_digits=self._claim_by_digits,
                booking=self.booking,
                paying=self.paying,
            ),
            maintenance=self._maintain,
            sleep=self.time.sleep,
        )
        running = asyncio.create_task(visits.run())
        ended = asyncio.create_task(ui.ended.wait())
        beside = asyncio.create_task(meanwhile() if meanwhile else asyncio.sleep(0))
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.wait({running, ended}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise AssertionError(f"stuck before {ui.steps[:2]}; asked {ui.asked[-2:]}") from None
        finally:
            forgotten = ui.forgotten
            for task in (running, ended, beside):
                task.cancel()
            results = await asyncio.gather(running, ended, beside, return_exceptions=True)
        ui.forgotten = forgotten  # what the cancelled visit forgot does not count
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, asyncio.CancelledError):
                raise result
        return ui

    async def _claim_by_digits(self, digits: str) -> ClaimFound | None:
        return self.claims_of_hub.get(digits)

    def passes(self, seconds: float) -> Happens:
        """Nobody touches anything for so long."""
        return Happens(lambda: self.time.advance(seconds))

    def passes_and_ends(self, seconds: float) -> Happens:
        """Nobody touches anything for so long, nothing else is asked meanwhile, and the script ends there."""

        async def act() -> None:
            await self.time.advance(seconds)
            self.ui.ended.set()

        return Happens(act)

    def scans(self, payload: bytes | str) -> Happens:
        """A code is held to the reader."""
        data = payload.encode() if isinstance(payload, str) else payload
        return Happens(lambda: self.hand.scans.put_nowait(Scan(data)))

    def printer_fails(self, trouble: Trouble) -> None:
        """Begin with a printer that prints nothing, of which its watch knows."""
        self.tray.trouble, self.conditions = trouble, Conditions(printer=trouble)

    def mends_printer(self) -> Happens:
        """Let it print from now on."""

        def mend() -> None:
            self.tray.trouble = None
            self.situation.update(printer=None)

        return Happens(mend)

    def changes(self, **conditions: Any) -> Happens:
        """Something about the kiosk changes."""
        return Happens(lambda: self.situation.update(**conditions))

    def numbers(self) -> list[str]:
        """Return the numbers on disk."""
        with self.place.store.read() as connection:
            return list(connection.execute(select(tables.tickets.c.number)).scalars())

    def _times(self) -> tuple[datetime, ...]:
        return times_of_day(self.place.clock.now())

    async def _maintain(self, display: Display, look: Look) -> None:
        del display
        self.maintained.append(look)


@asynccontextmanager
async def open_lobby(folder: Path) -> AsyncIterator[Lobby]:
    """Give a kiosk on which all is well, with a real store in this folder."""
    clock = HandClock()
    # Its threads end before the store closes: one that a visit no longer waits for would open it once more.
    with open_store(folder, clock) as store, ThreadPoolExecutor() as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        tray = Tray()
        place = Place(store, clock, App(), papers=tray)
        place.app.make_known(store)
        yield Lobby(place, tray)
