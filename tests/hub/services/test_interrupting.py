"""A service that stands still: calling passes over it, nobody loses a place, and nothing but a word ends it."""

import base64
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from common.protocol.queue.service_now import CENTRAL, ServiceOrder, ServiceOrders
from hub.engine.centre import Interruption
from hub.engine.refusal import Refused
from hub.engine.retention import forget_old
from hub.log.event import read_events, rebuild
from hub.services.interrupting import follow_orders, has_news, interrupt, works_again
from hub.services.now import services_now
from offline_store.disk import tables as store_tables
from tests.hub.hall import CENTRE, Hall, open_hall, said

LINE = Interruption("registry-line", "clerk-1")


def stop(hall: Hall, service: str = "civil-affairs", found: Interruption = LINE, **more: Any) -> None:
    with hall.act() as act:
        interrupt(act, service, found, **more)


def resume(hall: Hall, service: str = "civil-affairs", **more: Any) -> None:
    with hall.act() as act:
        works_again(act, service, "clerk-1", **more)


def stands(hall: Hall) -> dict[str, str | None]:
    with hall.hub.read() as look:
        return {one.service: one.reason for one in services_now(look) if one.state == "interrupted"}


def told(hall: Hall) -> list[tuple[str, str | None, str | None]]:
    """What central is told of services, in order."""
    with hall.hub.store.read() as connection:
        events = list(read_events(connection))
    return [
        (one.kind, one.read_body().reason, (one.read_body().detail or {})["by"])
        for one in events
        if one.kind in ("service-interrupted", "service-resumed")
    ]


def test_calling_passes_over_a_service_that_stands_still_and_goes_on_with_the_others(hall: Hall) -> None:
    hall.press(1, "open")
    first, other, second = (hall.kiosks[0].give(letter) for letter in "ABA")
    stop(hall)
    assert hall.called(1) == other.number
    assert hall.called(1) is None
    resume(hall)
    assert [hall.called(1), hall.called(1)] == [first.number, second.number]


def test_who_is_at_a_counter_already_is_served_to_the_end(hall: Hall) -> None:
    hall.press(1, "open")
    ticket = hall.kiosks[0].give("A")
    assert hall.called(1) == ticket.number
    stop(hall)
    hall.press(1, "came")
    hall.press(1, "done", documents={"civil-affairs": 1})
    assert hall.ticket(ticket.id).end == "done"


def test_out_of_turn_and_transfer_stay_possible(hall: Hall) -> None:
    hall.press(1, "open")
    one, two = hall.kiosks[0].give("A"), hall.kiosks[0].give("A")
    stop(hall)
    hall.press(1, "out-of-turn", number=one.number, reason="has all papers with her")
    hall.press(1, "transfer", to="C", first=False)
    hall.press(1, "out-of-turn", number=two.number, reason="the line came back for a moment")
    assert hall.ticket(one.id).queue == "C"
    assert hall.ticket(two.id).state == "called"


@pytest.mark.parametrize("seed", range(12))
def test_the_order_afterwards_is_that_without_an_interruption(tmp_path: Path, seed: int) -> None:
    """Two halls see the same people; in one a service stands still for a while in which nobody is called in either."""
    orders = []
    for interrupts in (False, True):
        rng = random.Random(seed)
        hall = open_hall(tmp_path / f"{interrupts}")
        hall.set_up({1: ["A", "B"], 2: ["A"], 3: ["C"]})
        hall.works()
        hall.press(1, "open")
        for step in range(40):
            hall.passes(rng.uniform(5, 90))
            hall.kiosks[rng.randrange(3)].give(rng.choice("AAB"), priority=rng.choice(["none", "none", "elderly"]))
            if interrupts and step == 10:
                stop(hall)
            if interrupts and step == 30:
                resume(hall)
        numbers = []
        while (number := hall.called(1)) is not None:
            numbers.append(number)
            hall.passes(60)
        orders.append(numbers)
        hall.hub.store.close()
    assert len(orders[0]) == 40
    assert orders[1] == orders[0]


def test_said_again_it_changes_nothing_and_another_reason_keeps_since(hall: Hall) -> None:
    stop(hall)
    with hall.hub.read() as look:
        since, seq = look.centre.interrupted["civil-affairs"].since, look.seq
    hall.passes(600)
    stop(hall)
    with hall.hub.read() as look:
        assert look.seq == seq
    stop(hall, found=replace(LINE, reason="power", by="clerk-2"))
    with hall.hub.read() as look:
        found = look.centre.interrupted["civil-affairs"]
    assert (found.reason, found.since, found.by) == ("power", since, "clerk-1")
    resume(hall)
    resume(hall)
    assert [kind for kind, _, _ in told(hall)] == ["service-interrupted"] * 2 + ["service-resumed"]


@pytest.mark.parametrize(
    ("service", "reason", "groups", "status"),
    [
        ("no-such-service", "power", None, 404),
        ("civil-affairs", "no-such-reason", None, 422),
        ("civil-affairs", "power", {"C"}, 403),
    ],
)
def test_what_cannot_be_said_is_refused_and_leaves_no_event(
    hall: Hall, service: str, reason: str, groups: set[str] | None, status: int
) -> None:
    with pytest.raises(Refused) as refused:
        stop(hall, service, Interruption(reason, "clerk-1"), groups=groups)
    assert refused.value.status == status
    assert told(hall) == []


def test_it_outlives_night_kill_and_rebuild(hall: Hall, tmp_path: Path) -> None:
    stop(hall)
    with hall.act() as act:
        rebuild(act.connection)
    hall.passes(15 * 3600)
    clock = hall.clock
    hall.hub.store.close()
    again = open_hall(tmp_path / "hub", clock)
    assert stands(again) == {"civil-affairs": "registry-line"}
    again.hub.store.close()


def test_it_outlives_forty_days_of_retention(hall: Hall) -> None:
    """The log may be rebuilt from what is kept: what is in force is kept with it."""
    stop(hall)
    hall.passes(41 * 86_400)
    hall.kiosks[0].give("A", business_day="2027-01-05")
    forget_old(hall.hub)
    with hall.act() as act:
        rebuild(act.connection)
    assert stands(hall) == {"civil-affairs": "registry-line"}


def order(of: str, service: str = "civil-affairs") -> ServiceOrder:
    return ServiceOrder(id=of, service=service, reason="registry-line", since="2026-11-25T07:00:00Z")


def follows(hall: Hall, *orders: ServiceOrder, message_id: int) -> None:
    said(hall.hub, ServiceOrders(CENTRE, list(orders)), message_id)
    with hall.act() as act:
        if has_news(act):
            follow_orders(act)


def test_central_stops_a_service_and_lets_it_work_again(hall: Hall) -> None:
    follows(hall, order("1"), message_id=10)
    assert stands(hall) == {"civil-affairs": "registry-line"}
    with hall.hub.read() as look:
        assert look.centre.interrupted["civil-affairs"].since == "2026-11-25T07:00:00Z"
    follows(hall, order("1"), order("2", "judicial-record"), message_id=11)
    assert set(stands(hall)) == {"civil-affairs", "judicial-record"}
    follows(hall, message_id=12)
    assert stands(hall) == {}
    assert told(hall) == [
        ("service-interrupted", "registry-line", CENTRAL),
        ("service-interrupted", "registry-line", CENTRAL),
        ("service-resumed", None, CENTRAL),
        ("service-resumed", None, CENTRAL),
    ]


def test_a_clerk_cannot_end_what_central_said_and_what_a_manager_ended_stays_ended(hall: Hall) -> None:
    follows(hall, order("1"), message_id=10)
    with pytest.raises(Refused) as refused:
        resume(hall, groups={"A"})
    assert refused.value.code == "central-says"
    resume(hall)  # a manager, who needs no group
    follows(hall, order("1"), order("2", "judicial-record"), message_id=11)
    assert set(stands(hall)) == {"judicial-record"}
    follows(hall, order("3"), order("2", "judicial-record"), message_id=12)  # central stops it once more
    assert set(stands(hall)) == {"civil-affairs", "judicial-record"}


def test_central_ends_only_what_it_said_itself(hall: Hall) -> None:
    stop(hall, found=Interruption("no-forms", "clerk-1"))
    follows(hall, order("1"), message_id=10)
    follows(hall, message_id=11)
    assert stands(hall) == {"civil-affairs": "no-forms"}


def test_what_central_said_meanwhile_holds_once_it_works_again_here(hall: Hall) -> None:
    stop(hall, found=Interruption("no-forms", "clerk-1"))
    follows(hall, order("1"), message_id=10)
    assert stands(hall) == {"civil-affairs": "no-forms"}
    resume(hall, groups={"A"})
    follows(hall, order("1"), message_id=10)
    assert stands(hall) == {"civil-affairs": "registry-line"}
    with hall.hub.read() as look:
        seq = look.seq
    follows(hall, order("1"), message_id=10)
    with hall.hub.read() as look:
        assert look.seq == seq, "what is followed is not followed again"


def test_what_central_said_of_a_service_holds_once_this_centre_offers_it(hall: Hall) -> None:
    follows(hall, order("1", "passports"), message_id=10)
    with hall.hub.read() as look:
        seq = look.seq
    follows(hall, order("1", "passports"), message_id=10)
    with hall.hub.read() as look:
        assert look.seq == seq, "what cannot be followed yet is no news"
    with hall.hub.store.write() as connection:
        names = {"ar": "جوازات", "en": "Passports"}
        entry = msgspec.json.encode({"code": "passports", "names": names, "group": "civil", "prefix": "A"}).decode()
        row = {"code": "passports", "position": 0, "entry": entry, "heard": 1}
        connection.execute(store_tables.catalogue.insert().values(row))
        connection.execute(store_tables.feed.update().values(cursor="another"))
    follows(hall, order("1", "passports"), message_id=10)
    assert stands(hall) == {"passports": "registry-line"}


def test_another_reason_or_time_leaves_it_central_s_to_end(hall: Hall) -> None:
    follows(hall, order("1"), message_id=10)
    stop(hall, found=Interruption("power", "clerk-1", until="23:59"), groups={"A"})
    with pytest.raises(Refused):
        resume(hall, groups={"A"})
    follows(hall, message_id=11)
    assert stands(hall) == {}


def test_who_waits_for_it_is_passed_over_also_once_its_group_has_another_letter(hall: Hall) -> None:
    hall.press(1, "open")
    ticket = hall.kiosks[0].give("A")
    stop(hall)
    with hall.hub.store.write() as connection:
        entry = msgspec.json.encode({"code": "civil-affairs", "group": "E", "prefix": "E"}).decode()
        row = {"code": "civil-affairs", "position": 0, "entry": entry, "heard": 1}
        connection.execute(store_tables.catalogue.insert().values(row))
        connection.execute(store_tables.feed.update().values(cursor="another"))
    assert hall.called(1) is None
    resume(hall)
    assert hall.called(1) == ticket.number


def test_who_was_sent_on_to_another_group_is_called_there(hall: Hall) -> None:
    for number in (1, 3):
        hall.press(number, "open")
    ticket = hall.kiosks[0].give("A")
    assert hall.called(1) == ticket.number
    stop(hall)
    hall.press(1, "transfer", to="C", first=True)
    assert hall.before(ticket.id) == 0
    assert hall.called(3) == ticket.number


def test_who_was_sent_on_to_one_counter_is_called_there(hall: Hall) -> None:
    for number in (1, 2):
        hall.press(number, "open")
    ticket = hall.kiosks[0].give("A")
    assert hall.called(1) == ticket.number
    stop(hall)
    hall.press(1, "transfer", to=2, first=True)
    assert hall.called(1) is None
    assert hall.called(2) == ticket.number


def test_a_service_that_gives_no_numbers_gives_none_at_the_counter_either(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        entry = msgspec.json.encode({"code": "civil-affairs", "numbers": "stop"}).decode()
        row = {"code": "civil-affairs", "position": 0, "entry": entry, "heard": 1}
        connection.execute(store_tables.catalogue.insert().values(row))
        connection.execute(store_tables.feed.update().values(cursor="another"))
    hall.press(1, "open")
    stop(hall)
    assert hall.press(1, "give", service="civil-affairs", expect=409)["type"] == "/problems/service-stopped"
    resume(hall)
    hall.press(1, "give", service="civil-affairs")


def test_central_is_told_which_service_and_why(hall: Hall) -> None:
    stop(hall)
    resume(hall)
    with hall.hub.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM items WHERE kind = 'queue' ORDER BY seq").all()
    bodies = [msgspec.json.decode(base64.b64decode(row.body)) for row in rows[-2:]]
    assert [one.pop("fact")["hub"] for one in bodies] == ["hub-0001"] * 2
    assert bodies == [
        {"event": "service-interrupted", "clerk": "clerk-1", "reason": "registry-line", "service": "civil-affairs"},
        {"event": "service-resumed", "clerk": "clerk-1", "service": "civil-affairs"},
    ]
