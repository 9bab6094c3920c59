"""Appointments at this kiosk: a few an hour, and a paper for each."""

from collections.abc import Callable
from typing import Final

from common.city.calendar import CentreHours
from common.city.catalogue import Catalogue, load_catalogue
from common.machine.errors import StoreError
from common.machine.stamp import Clock
from common.protocol.claim_feed import ClaimRules
from kiosk.desk.answers import Booked, PaperOutcome
from kiosk.desk.hours import taken_from
from kiosk.desk.others import Papers
from offline_store.disk.database import Store
from offline_store.feed.claims import claim_rules
from offline_store.inquiries.appointments import Appointments, NotBooked, Seat

AN_HOUR: Final = 6


class Booking:
    """Asks for appointments of one kiosk, through its open store. `papers`: None where there is no printer.

    `catalogue` and `hours`: the services, and when the centre is open, as they are now.
    Synchronous, for worker threads: each call ends when its question dies.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        papers: Papers | None = None,
        catalogue: Callable[[], Catalogue] = load_catalogue,
        hours: Callable[[], CentreHours] = CentreHours,
    ) -> None:
        self._store, self._papers = store, papers
        self._catalogue, self._hours = catalogue, hours
        self._appointments = Appointments(store, clock)

    def is_offered(self) -> bool:
        """Whether this centre takes appointments at all, as far as central has said."""
        return self._appointments.are_offered()

    def seats(self, service: str, is_left: Callable[[], bool]) -> list[Seat] | NotBooked:
        """Return the times that are left, the earliest first."""
        return self._appointments.seats(service, is_left)

    def book(
        self, service: str, seat: Seat, who: str, is_left: Callable[[], bool], *, people: int = 1
    ) -> Booked | NotBooked:
        """Book a time for so many of one errand; `who` names one: a national number, or its last four digits."""
        try:
            if self._appointments.booked_of_an_hour() >= AN_HOUR:
                return NotBooked("enough-here")
        except StoreError:
            return NotBooked("store")
        made = self._appointments.book(service, seat.at, who, is_left, people=people)
        if isinstance(made, NotBooked):
            return made
        found = self._catalogue().get(service)
        opens = taken_from(made.moment, self._rules().early_min, self._hours(), None if found is None else found.hours)
        return Booked(made.inquiry, service, made.moment, opens, made.code, made.digits, people)

    def cancel(self, code: str, is_left: Callable[[], bool]) -> NotBooked | None:
        """End an appointment by its code; None where it is ended."""
        return self._appointments.cancel({"code": code}, is_left)

    def print_paper(self, booked: Booked, language: str | None) -> PaperOutcome:
        """Print what is to be brought: its time, code and digits."""
        return PaperOutcome("skipped") if self._papers is None else self._papers.print_booked(booked, language=language)

    def _rules(self) -> ClaimRules:
        with self._store.read() as connection:
            return claim_rules(connection)
