"""Who is called when, if nobody else comes: today's rule played forward over the counters that act.

How many come before somebody and how long that takes are read from the same play, for those who wait and for somebody
who would take a ticket now. Each service takes today's mean. Counters share groups, priority overtakes as its minutes
grow, and those who were absent come back, because the rule that calls is the one that is played.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from common.queue.standing import Ticket
from hub.engine.act import Act, Look
from hub.engine.choice import all_who_wait, is_passed_over, line_of, moment_of, waiting_tickets
from hub.engine.order import Line, Seat, Waiting
from hub.engine.services import DEFAULT_MINUTES
from hub.estimates.estimate import WaitRange, is_range_known, range_of
from hub.estimates.play import Busy, Turn, play
from hub.log.reading import all_counters
from offline_store.disk.sql import run

ACTED_WITHIN_S: Final = 15 * 60
LAST_SERVICES: Final = 60
PRIOR_SERVICES: Final = 20
_US: Final = 1_000_000
# A service that takes longer than the mean ends at any moment.
_LEAST_LEFT: Final = 0.1
_LAST_OF_ALL: Final = "\U0010ffff"


class Prospects(NamedTuple):
    """What somebody is told: how many come before, and the range of the wait; None where that is not known."""

    before: int
    wait: WaitRange | None


class Forecast:
    """What is needed to foretell calls in one transaction, read once however many are asked about."""

    def __init__(self, look: Act | Look, arriving: Ticket | None = None) -> None:
        """Read who acts, who waits, and how long services took; `arriving` is a ticket that is not recorded yet."""
        self._look = look
        self._took = _took_today(look)
        self._means: dict[str, float] = {}
        self._waiting = waiting_tickets(look, arriving)
        self._acting = self._acting_counters()

    def of(self, ticket: Ticket) -> Prospects:
        """Foretell the call of a ticket that waits; while its service stands still only how many came before it."""
        if is_passed_over(self._look, ticket):
            return Prospects(self._of_same_queue(ticket.id, ticket.queue, self._everybody), None)
        return self._told(ticket.id, ticket.queue, preferred=ticket.is_preferred)

    def of_new(self, queue: str, *, preferred: bool = False) -> Prospects:
        """Foretell the call of somebody who would take a ticket of a queue now."""
        return self._told(_newcomer(queue, preferred), queue, preferred=preferred)

    def estimate_s_of_new(self, queue: str) -> float | None:
        """Return how long somebody who would take a ticket of a queue now is estimated to wait, in working seconds.

        None where no counter that acts serves it.
        """
        turn = self._by_those_who_act.get(_newcomer(queue, preferred=False))
        is_served = any(queue in one.seat.groups for one in self._acting)
        return None if turn is None or not is_served else turn.wait_us / _US

    def _told(self, name: str, queue: str, *, preferred: bool) -> Prospects:
        turn = self._by_those_who_act.get(name)
        is_served = any(queue in one.seat.groups for one in self._acting)
        if turn is None or not is_served:
            turn = turn or self._by_all_counters.get(name)
            before = turn.before if turn is not None else self._of_same_queue(name, queue, self._waiting)
            return Prospects(before, None)
        estimate_s = turn.wait_us / _US
        if not is_range_known(self._look, estimate_s, services_today=sum(map(len, self._took.values()))):
            return Prospects(turn.before, None)
        return Prospects(turn.before, range_of(self._look, estimate_s, preferred=preferred))

    @staticmethod
    def _of_same_queue(name: str, queue: str, waiting: Sequence[Waiting]) -> int:
        """Count those of the same queue who came earlier: nothing more is known before the centre has counters."""
        names = [one.id for one in sorted(waiting, key=lambda one: one.place) if one.queue == queue]
        return names.index(name) if name in names else len(names)

    @cached_property
    def _everybody(self) -> Sequence[Waiting]:
        """All who wait, also for what stands still."""
        return all_who_wait(self._look)

    @cached_property
    def _by_those_who_act(self) -> Mapping[str, Turn]:
        return self._play(self._acting, line_of(self._look, self._waiting))

    @cached_property
    def _by_all_counters(self) -> Mapping[str, Turn]:
        """The same by all counters that the centre has, as when it opens: for queues that nobody serves now."""
        defined = self._look.centre.counters.values()
        counters = [Busy(Seat(one.number, frozenset(one.groups)), 0) for one in defined]
        return self._play(counters, line_of(self._look, self._waiting, begins=True))

    def _play(self, counters: Sequence[Busy], line: Line) -> Mapping[str, Turn]:
        return play(line, counters, moment_of(self._look), self.mean_us, self._newcomers())

    def _newcomers(self) -> list[Waiting]:
        """Return one who takes a ticket now of each queue, with and without priority."""
        place = (self._look.line_us, _LAST_OF_ALL, "", 0)
        return [
            Waiting(_newcomer(queue, preferred), queue, "", preferred, self._look.work_us, place)
            for queue in sorted(self._look.centre.queues())
            for preferred in (False, True)
        ]

    def _acting_counters(self) -> list[Busy]:
        """Return the counters that acted within the last fifteen working minutes, and when each is free again."""
        since = self._look.work_us - ACTED_WITHIN_S * _US
        defined = self._look.centre.counters
        found = []
        for one in all_counters(self._look.connection):
            has_acted = one.acted_work is not None and one.acted_work >= since
            if one.number in defined and has_acted and one.state not in ("closed", "paused"):
                seat = Seat(one.number, frozenset(defined[one.number].groups))
                found.append(Busy(seat, 0 if one.ticket is None else self._left_us(one.ticket)))
        return found

    def _left_us(self, ticket_id: str) -> int:
        """Return how long a counter still has the ticket that it called, by the mean of its service."""
        query = "SELECT service, called_work FROM hub_tickets WHERE id = ?"
        row = run(self._look.connection, query, (ticket_id,)).fetchone()
        if row is None or row[1] is None:
            return 0
        mean_us, called_work = self.mean_us(row[0]), int(row[1])
        return max(mean_us - (self._look.work_us - called_work), round(mean_us * _LEAST_LEFT))

    def mean_us(self, service: str) -> int:
        """Return today's mean of a service, shrunk to what one usually takes, in microseconds."""
        if service not in self._means:
            prior_s = DEFAULT_MINUTES * 60
            took = self._took.get(service, [])[:LAST_SERVICES]
            self._means[service] = (sum(took) + PRIOR_SERVICES * prior_s) / (len(took) + PRIOR_SERVICES)
        return round(self._means[service] * _US)


def _newcomer(queue: str, preferred: bool) -> str:
    return f"new in {queue}{', preferred' if preferred else ''}"


def _took_today(look: Act | Look) -> Mapping[str, Sequence[float]]:
    """Return by service how long each of today's kept a counter, the way to it included, in working seconds."""
    rows = run(
        look.connection,
        "SELECT service, (ended_work - called_work) / 1e6 AS took_s FROM hub_tickets "
        "WHERE state = 'ended' AND day = ? AND \"end\" = 'done' AND called_work IS NOT NULL ORDER BY ended_line DESC",
        (look.day,),
    )
    took: dict[str, list[float]] = {}
    for service, took_s in rows.fetchall():
        took.setdefault(service, []).append(took_s)
    return took
