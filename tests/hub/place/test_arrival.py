"""Promise 13: a ticket keeps its true place, whatever clocks say and whenever the message comes."""

import random
import uuid
from typing import Any

import pytest

from tests.hub.hall import Hall, HallKiosk

WRONG = {"1970": "1970-01-01T00:00:07.000000Z", "2099": "2099-12-31T23:59:59.000000Z"}


def true_line(hall: Hall, at_s: float) -> int:
    """The hub's line at a moment of the test's clock."""
    return hall.hub.timeline.at(hall.clock.now()) - int((hall.clock.boottime_s - at_s) * 1e6)


def reboot(kiosk: HallKiosk) -> None:
    kiosk.boot_id = str(uuid.uuid4())
    kiosk.boot_offset_s = -kiosk.hall.clock.boottime_s + 20


def test_tickets_of_a_hubless_hour_join_by_age_whatever_the_wall_clocks_say(hall: Hall) -> None:
    chance = random.Random(3)
    hall.press(1, "open")
    for kiosk, wall in zip(hall.kiosks, (None, WRONG["1970"], WRONG["2099"]), strict=True):
        kiosk.wall, kiosk.trust = wall, "synced" if wall is None else "unknown"
    issued = []
    for _ in range(90):
        hall.passes(chance.uniform(1, 60))
        kiosk = chance.choice(hall.kiosks)
        issued.append((kiosk, kiosk.ticket("A")))
    for kiosk in chance.sample(hall.kiosks, 3):  # the hub is back; kiosks come in any order, in batches
        told = [ticket for owner, ticket in issued if owner is kiosk]
        for start in range(0, len(told), 7):
            hall.passes(0.2)
            kiosk.tell(*chance.sample(told[start : start + 7], len(told[start : start + 7])))
    order = []
    while (number := hall.called(1)) is not None:
        order.append(number)
    assert order == [ticket.number for _, ticket in issued]


def test_the_error_of_age_is_that_of_the_message_alone(hall: Hall) -> None:
    chance = random.Random(5)
    truth = {}
    for _ in range(60):
        hall.passes(chance.uniform(1, 60))
        kiosk = chance.choice(hall.kiosks)
        ticket = kiosk.ticket("A", clock="untrusted", wall_time=WRONG["1970"])
        truth[ticket.id] = (kiosk, ticket, hall.clock.boottime_s)
    for kiosk, ticket, _ in truth.values():
        hall.passes(0.05)
        kiosk.tell(ticket)
    errors = [abs(hall.ticket(one).arrived_line - true_line(hall, at)) for one, (_, _, at) in truth.items()]
    assert sum(errors) / len(errors) <= 1_000_000


def test_across_a_reboot_trusted_wall_time_places_and_untrusted_lies_between_neighbours(hall: Hall) -> None:
    kiosk = hall.kiosks[0]
    first = kiosk.ticket("A")
    kiosk.tell(first)
    hall.passes(600)
    reboot(kiosk)  # a boot that the hub never heard of
    trusted_at = hall.clock.boottime_s
    trusted = kiosk.ticket("A")
    hall.passes(60)
    unsure = kiosk.ticket("A", clock="untrusted", wall_time=WRONG["2099"])
    hall.passes(600)
    reboot(kiosk)
    hall.passes(30)
    last = kiosk.ticket("A")
    kiosk.tell(trusted, unsure, last)
    assert abs(hall.ticket(trusted.id).arrived_line - true_line(hall, trusted_at)) < 1_000_000
    lines = [hall.ticket(one.id).arrived_line for one in (first, trusted, unsure, last)]
    assert lines == sorted(lines)
    assert [hall.ticket(one.id).is_certain for one in (trusted, unsure, last)] == [True, False, True]
    assert lines[2] == (lines[1] + lines[3]) // 2


@pytest.mark.parametrize("seed", range(8))
def test_within_one_kiosk_the_order_of_issue_always_rules(hall: Hall, seed: int) -> None:
    """Reboots, lying clocks, batches in any order and repeated: never against the kiosk's own seq."""
    chance = random.Random(seed)
    kiosk = hall.kiosks[0]
    issued = []
    for _ in range(40):
        hall.passes(chance.uniform(0, 100))
        if chance.random() < 0.1:
            reboot(kiosk)
        clock = chance.choice(["synced", "restored", "untrusted"])
        wall = chance.choice([*WRONG.values(), None])
        changed: dict[str, Any] = {"clock": clock} | ({"wall_time": wall} if wall else {})
        if chance.random() < 0.1:
            changed["boot_time_ns"] = chance.randrange(10**16)  # a lie, or a bug
        issued.append(kiosk.ticket("A", **changed))
    pending = chance.sample(issued, len(issued))
    while pending:
        batch, pending = pending[:5], pending[5:]
        kiosk.tell(*batch, *chance.sample(issued[: len(batch)], 1))
    lines = [hall.ticket(one.id).arrived_line for one in issued]
    assert lines == sorted(lines)
    assert max(lines) <= hall.hub.timeline.at(hall.clock.now())


def test_a_late_ticket_of_an_earlier_day_expires_at_once_and_is_counted(hall: Hall) -> None:
    hall.kiosks[0].give("A")
    late = hall.kiosks[1].ticket("A")
    hall.passes(86_400)
    hall.kiosks[1].tell(late)
    assert (hall.ticket(late.id).state, hall.ticket(late.id).end) == ("ended", "expired")
