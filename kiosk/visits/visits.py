"""Visits, one after the other, for as long as the kiosk runs.

One visit: language, flow, paper, back to the start screen with nothing left of it. This is the one place with a broad
`except`: what a flow did not foresee is logged, the citizen is told what holds, and the next visit begins.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Never

import structlog

from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue
from common.machine.errors import places_of
from kiosk.desk.claims.booking import Booking
from kiosk.desk.desk import Desk
from kiosk.desk.payments.paying import Paying
from kiosk.flows.context import ByDigits, Centre, Context, Hall, Judged, Memory, Readers, StaffCalls, nobody_knows
from kiosk.flows.ended import FlowEnded, Interrupted
from kiosk.flows.help import help_citizen
from kiosk.flows.ordering.order import held_code
from kiosk.flows.payments.found import say_what_became
from kiosk.flows.situation import Situation
from kiosk.flows.start import start
from kiosk.prompts.choosing import ANNOUNCED
from kiosk.prompts.state import CentreClosed, NotNow, OutOfService
from kiosk.prompts.ticket import TicketOnScreen
from kiosk.prompts.ui import Display, Look, OutReason, Prompt, Text, Trouble, Words
from kiosk.visits.visit_ui import VisitUi
from offline_store.issuing.business_day import business_date

FAULTS_IN_A_ROW = 3
PAUSE_S = 30.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What visits ask of the place where the kiosk stands; each is asked again, for it may change while they run.

    Attributes:
        catalogue: returns the services as they are now.
        centre: returns the settings of this place as they are now.
        hours: returns the centre's hours and special days.
        times: returns the centre's times that may be right now, its own first; none while no clock can be trusted.
        language: returns the language of the first screen as it is set now.
        staff: who takes a citizen's call; None where nobody does.
        hall: returns what the hub says of the hall; None where nothing was heard lately.
        judged: returns what the hub made of a ticket's earlier paper; None where it has not said it lately.
        notices: returns what the municipality says to everybody now.
        claim_by_digits: asks the hub for the claim of eight digits.
        booking: asks central for appointments; None where nobody does.
        paying: asks central for bills and payments; None where nobody does.
    """

    catalogue: Callable[[], Catalogue]
    centre: Callable[[], Centre]
    hours: Callable[[], CentreHours]
    times: Callable[[], Sequence[datetime]]
    language: Callable[[], str] = lambda: "ar"
    staff: StaffCalls | None = None
    hall: Callable[[], Hall | None] = lambda: None
    judged: Callable[[str], Judged | None] = lambda _: None
    notices: Callable[[], Sequence[Words]] = tuple
    claim_by_digits: ByDigits = nobody_knows
    booking: Booking | None = None
    paying: Paying | None = None


class Visits:
    """Runs visits on one display.

    Args:
        display: draws; all calls come from the loop that `run` runs in.
        desk: issues and records.
        readers: scanner and card reader.
        situation: what works now.
        premises: the place where the kiosk stands.
        maintenance: the technician's screens, until they are left.
        sleep: waits in seconds; a test moves it by hand.
    """

    def __init__(
        self,
        display: Display,
        desk: Desk,
        readers: Readers,
        situation: Situation,
        premises: Premises,
        *,
        maintenance: Callable[[Display, Look], Awaitable[object]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._display = display
        self._desk = desk
        self._readers = readers
        self._situation = situation
        self._premises = premises
        self._maintenance = maintenance
        self._sleep = sleep
        self._faults = 0
        self._count = 0  # names a visit in the log; nothing else of it does
        self._says_what_became = True  # of payments that a cut came into: once a start
        self._asks_again = False  # once, where central was not heard then

    async def run(self) -> Never:
        """Serve one citizen after the other; ends only by being cancelled."""
        strip = asyncio.create_task(self._keep_strip(), name="status strip")
        try:
            while True:
                await self.visit()
        finally:
            strip.cancel()
            await asyncio.gather(strip, return_exceptions=True)

    async def visit(self) -> None:
        """Serve one citizen, from the start screen to the start screen."""
        self._count += 1
        structlog.contextvars.bind_contextvars(visit=self._count)
        memory = Memory(Look(self._premises.language()))
        context = self._context(memory)
        self._display.set_look(memory.look)
        try:
            while not await self._serve(context):
                pass
            self._faults = 0
            _log.info("visit-ended", how="done")
        except Interrupted:
            self._display.forget()
            await self._maintain(memory.look)
        except FlowEnded as ended:
            _log.info("visit-ended", how=type(ended).__name__)
        except Exception as error:  # noqa: BLE001 (the one edge: logged, the citizen told, back to the start)
            _log.error("visit-failed", error=type(error).__name__, at=places_of(error))
            await self._apologise(context)
        finally:
            self._display.forget()

    async def _serve(self, context: Context) -> bool:
        """Show what is to be shown now; True when a flow has come to its end."""
        resting = context.resting()
        if resting is None:
            if self._says_what_became or (self._asks_again and not self._situation.now.is_offline):
                is_again, self._says_what_became, self._asks_again = self._asks_again, False, False
                await say_what_became(context, is_again=is_again, unheard=self._ask_again)
            return await start(context)
        await context.ui.ask_until(resting, partial(self._rests_otherwise, context, resting))
        return False

    def _ask_again(self) -> None:
        self._asks_again = True

    async def _rests_otherwise(self, context: Context, resting: Prompt[Never]) -> None:
        while context.resting() == resting:  # asked again each minute, it would never come to its time limit
            await self._situation.change()

    def _resting_screen(self) -> Prompt[Never] | None:
        centre = self._premises.centre()
        stands = self._situation.now.resting_screen(paperless=centre.paperless, has_others=centre.has_others)
        if stands is not None:
            return stands
        hours, times, is_over = self._premises.hours(), self._premises.times(), self._situation.now.is_day_over
        if not is_over and (not times or any(map(hours.is_open, times))):
            return None
        if not times:
            return CentreClosed(None)
        now = times[0]
        ends = datetime.combine(business_date(now), datetime.max.time(), now.tzinfo)
        opens, special = hours.next_opening(max(now, ends) if is_over else now), hours.special(now.date())
        because = None if special is None else Text("closed.today", {"name": special.names})
        is_known = opens is not None and hours.closes(opens.day) is not None
        when = None if opens is None or not is_known else Text("closed.opens_on", {"day": opens.day, "opens": opens.at})
        return CentreClosed(when, opens is not None and opens.day == now.date(), because)

    def _notice(self) -> Text | None:
        """Return what the start screen says of the next day or to everybody; more than one take turns, visit by visit.

        Within a visit it stays: tiles would move under a finger, and speech would begin again.
        """
        tomorrow = self._tomorrow()
        notices = [Text(ANNOUNCED, {"words": words}) for words in self._premises.notices()]
        said = notices if tomorrow is None else [tomorrow, *notices]
        return said[self._count % len(said)] if said else None

    def _tomorrow(self) -> Text | None:
        """Return what the calendar says of the next day: closed, or hours of its own."""
        times = self._premises.times()
        special = self._premises.hours().special(times[0].date() + timedelta(days=1)) if times else None
        if special is None:
            return None
        if special.closed:
            return Text("closed.tomorrow", {"name": special.names})
        hours = {"opens": special.opens or "", "closes": special.closes or ""}
        return Text("closed.tomorrow_hours", {"name": special.names, **hours})

    def _context(self, memory: Memory) -> Context:
        async def help_over() -> None:
            await help_citizen(context)

        context = Context(
            VisitUi(self._display, memory, self._sleep, help_over, lambda: held_code(context)),
            self._desk,
            self._readers,
            self._situation,
            self._premises.catalogue,
            self._premises.centre,
            self._resting_screen,
            self._sleep,
            memory,
            self._premises.staff,
            self._premises.hall,
            self._premises.judged,
            self._premises.claim_by_digits,
            self._premises.booking,
            self._premises.paying,
            self._notice,
        )
        return context

    async def _maintain(self, look: Look) -> None:
        try:
            await self._maintenance(self._display, look)
        except Exception as error:  # noqa: BLE001 (the technician's screens must not end the citizens')
            _log.error("maintenance-failed", error=type(error).__name__, at=places_of(error))

    async def _apologise(self, context: Context) -> None:
        """Say what holds after a fault of ours: a number that was shown is still good."""
        self._faults += 1
        ticket = context.memory.ticket
        prompt: Prompt[object] = NotNow(Text("fault.unexpected"), others_work=False)
        if ticket is not None:
            names = context.catalogue().names(ticket.service)
            prompt = TicketOnScreen(ticket.number, names, Trouble.FAULT, ticket.has_priority)
        elif self._faults >= FAULTS_IN_A_ROW:
            prompt = OutOfService(OutReason.UNEXPECTED, has_others=context.centre.has_others)
        try:
            await context.ui.ask_until(prompt, self._pause)
        except FlowEnded:
            pass
        except Exception as error:  # noqa: BLE001 (the display itself fails: the next visit tries again)
            _log.error("apology-failed", error=type(error).__name__, at=places_of(error))
            await self._sleep(1.0)  # a display that fails at once must not turn into a busy loop

    async def _pause(self) -> None:
        await self._sleep(PAUSE_S)

    async def _keep_strip(self) -> None:
        while True:
            centre = self._premises.centre()
            self._display.set_strip(self._situation.now.strip(self._premises.catalogue().centre_names(centre.code)))
            await self._situation.change()
