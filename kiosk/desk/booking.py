"""Appointments that are asked of central while somebody waits: what is left, one of them, and its end by its paper.

Synchronous, for worker threads: each call ends when its question dies. What names a person is sealed to central and
kept nowhere.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from common.machine.errors import SealingImpossible, StoreError
from common.machine.stamp import Clock, rfc3339
from common.protocol.claim_feed import ClaimRules
from kiosk.desk.answers import Booked, PaperOutcome
from kiosk.desk.others import Papers
from offline_store.disk.database import Store
from offline_store.feed.claims import claim_rules, takes_claims
from offline_store.inquiries import asking
from offline_store.inquiries.asking import Outcome
from offline_store.issuing.business_day import ZONE

AN_HOUR: Final = 6
_HOUR_S: Final = 3600.0
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seat:
    """A time at which somebody is left a seat. `at` as central says it."""

    at: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class NotBooked:
    """Why nothing was booked or ended: `late`, `timed-out`, `no-network`, or central's own word."""

    why: str


class Booking:
    """Asks for appointments of one kiosk, through its open store. `papers`: None where there is no printer."""

    def __init__(self, store: Store, clock: Clock, papers: Papers | None = None) -> None:
        self._store = store
        self._clock = clock
        self._papers = papers
        self._made: deque[float] = deque(maxlen=AN_HOUR)

    def is_offered(self) -> bool:
        """Whether this centre takes appointments at all, as far as central has said."""
        try:
            with self._store.read() as connection:
                return takes_claims(connection)
        except StoreError:
            return False

    def seats(self, service: str, is_left: Callable[[], bool]) -> list[Seat] | NotBooked:
        """Return the times that are left, the earliest first."""
        now = self._clock.now()
        answer = self._ask("seats", {"service": service, "from": rfc3339(now.wall_time)}, None, is_left)
        if isinstance(answer, NotBooked):
            return answer
        return [Seat(one["at"], _moment(one["at"])) for one in answer[1]["seats"] if one["left"] > 0]

    def book(self, service: str, seat: Seat, who: str, is_left: Callable[[], bool]) -> Booked | NotBooked:
        """Book a time; `who` names the person: a national number, or its last four digits."""
        now = self._clock.boottime()
        if len(self._made) == AN_HOUR and now - self._made[0] < _HOUR_S:
            return NotBooked("enough-here")
        answer = self._ask("claim", {"service": service, "at": seat.at, "kind": "booked"}, {"who": who}, is_left)
        if isinstance(answer, NotBooked):
            return answer
        self._made.append(now)
        inquiry, said = answer
        moment = _moment(said["at"])
        opens = moment - timedelta(minutes=self._rules().early_min)
        return Booked(inquiry, service, moment, opens, said["code"], said["digits"])

    def cancel(self, code: str, is_left: Callable[[], bool]) -> NotBooked | None:
        """End an appointment by its code; None where it is ended."""
        answer = self._ask("claim-cancel", {}, {"code": code}, is_left)
        if isinstance(answer, NotBooked):
            return answer
        return None if answer[1].get("state") == "cancelled" else NotBooked("not-open")

    def print_paper(self, booked: Booked, language: str | None) -> PaperOutcome:
        """Print what is to be brought: its time, code and digits."""
        return PaperOutcome("skipped") if self._papers is None else self._papers.print_booked(booked, language=language)

    def _rules(self) -> ClaimRules:
        with self._store.read() as connection:
            return claim_rules(connection)

    def _ask(
        self, kind: str, body: dict[str, Any], personal: dict[str, Any] | None, is_left: Callable[[], bool]
    ) -> tuple[str, dict[str, Any]] | NotBooked:
        try:
            asked = asking.ask(self._store, self._clock.now(), kind, body, personal)
            found = asking.wait(self._store, asked, self._clock, is_left=is_left)
        except (StoreError, SealingImpossible) as error:
            _log.error("inquiry-not-asked", kind=kind, problem=str(error)[:200])
            return NotBooked("store")
        if not isinstance(found, Outcome):
            return NotBooked("left")
        if found.fate != "answered":
            return NotBooked(str(found.answer.get("reason", found.fate)))
        return asked.id, found.answer


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZONE)
