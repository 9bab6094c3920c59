"""Appointments that are asked of central while somebody waits: what is left, one of them, and the end of one.

At a kiosk's screen and at a hub's desk alike. Synchronous, for worker threads: each call ends when its question dies.
What names a person is sealed to central and kept nowhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from common.machine.errors import SealingImpossible, StoreError
from common.machine.stamp import Clock, rfc3339
from offline_store.disk.database import Store
from offline_store.feed.claims import takes_claims
from offline_store.inquiries import asking
from offline_store.inquiries.asking import Outcome
from offline_store.issuing.business_day import ZONE

_log = structlog.get_logger(__name__)
#: A central that is older knows of no such kind how long it lives, and withdraws it unread.
_NEWER: Final = frozenset({"day-seats", "capacity"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A time at which somebody is left a seat, and how long it lasts. `at` as central says it."""

    at: str
    moment: datetime
    minutes: int


def for_people(seats: Sequence[Seat], people: int) -> list[Seat]:
    """Return the times from which so many people of one errand find seats, one behind the other."""
    by_moment = {one.moment: one for one in seats}

    def has_room(seat: Seat) -> bool:
        for _ in range(people - 1):
            after = by_moment.get(seat.moment + timedelta(minutes=seat.minutes))
            if after is None:
                return False
            seat = after
        return True

    return [one for one in seats if has_room(one)]


@dataclass(frozen=True, slots=True)
class Appointment:
    """One that was booked; `inquiry` is the question's id."""

    inquiry: str
    moment: datetime
    code: str
    digits: str


@dataclass(frozen=True, slots=True)
class NotBooked:
    """Why nothing was booked or ended: `late`, `timed-out`, `no-network`, or central's own word."""

    why: str


class Appointments:
    """Asks for appointments through an open store, whose forwarder carries what it asks."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def are_offered(self) -> bool:
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
        return [Seat(one["at"], _moment(one["at"]), one["minutes"]) for one in answer[1]["seats"] if one["left"] > 0]

    def book(
        self, service: str, at: str, who: str, is_left: Callable[[], bool], *, people: int = 1
    ) -> Appointment | NotBooked:
        """Book a time; `who` names the person: a national number, or its last four digits."""
        body = {"service": service, "at": at, "kind": "booked"} | ({"people": people} if people > 1 else {})
        answer = self._ask("claim", body, {"who": who}, is_left)
        if isinstance(answer, NotBooked):
            return answer
        inquiry, said = answer
        return Appointment(inquiry, _moment(said["at"]), said["code"], said["digits"])

    def booked_of_an_hour(self) -> int:
        """Count those that were booked here in the last hour, before a restart too. Raises StoreUnavailable."""
        return asking.of_an_hour(self._store, self._clock.now(), "claim", "shown")

    def cancel(self, shown: dict[str, str], is_left: Callable[[], bool]) -> NotBooked | None:
        """End an appointment by its `code` or its `digits`; None where it is ended."""
        answer = self._ask("claim-cancel", {}, shown, is_left)
        if isinstance(answer, NotBooked):
            return answer
        return None if answer[1].get("state") == "cancelled" else NotBooked("not-open")

    def day(self, day: str, group: str, is_left: Callable[[], bool]) -> dict[str, Any] | NotBooked:
        """Return the seats of a group's day by half hour, and what was changed of them by hand; of a hub alone."""
        answer = self._ask("day-seats", {"day": day, "group": group}, None, is_left)
        return answer if isinstance(answer, NotBooked) else answer[1]

    def change_day(self, wish: dict[str, Any], is_left: Callable[[], bool]) -> dict[str, Any] | NotBooked:
        """Change the seats of a group's day, or take a change back; return the day as `day` does. Of a hub alone."""
        answer = self._ask("capacity", wish, None, is_left)
        return answer if isinstance(answer, NotBooked) else answer[1]

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
        if found.fate == "late" and kind in _NEWER and not asked.is_dead(self._clock.now()):
            return NotBooked("unknown-kind")
        if found.answer.get("of") == "machine":  # as it counts them itself: of the person nothing is said
            return NotBooked("enough-here")
        if found.fate != "answered":
            return NotBooked(str(found.answer.get("reason", found.fate)))
        return asked.id, found.answer


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZONE)
