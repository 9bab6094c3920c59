"""What central and the manager say of the centre: whose word stands, and until when."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import insert

from common.city.catalogue import Hours, load_catalogue
from common.protocol.feed_message import ClerkRecord, Clerks, CounterRecord, Counters, QueueRules
from common.protocol.notice import Notice, Notices
from hub.engine.centre import Centre, CentreReader, Interruption
from hub.engine.managing import name_board, set_groups, set_rules
from hub.services.interrupting import interrupt
from offline_store.disk import tables as store_tables
from tests.hub.hall import CENTRE, Hall, open_hall, said


def centre(hall: Hall) -> Centre:
    with hall.hub.read() as look:
        return look.centre


def test_of_a_centre_of_which_nobody_has_said_anything_nothing_is_known(tmp_path: Any) -> None:
    hall = open_hall(tmp_path / "hub")
    found = centre(hall)
    plain = (found.counters, found.hubs, found.kiosks, found.clerks, found.places, found.notices, found.orders)
    assert plain == ({}, {}, {}, {}, {}, [], {})
    assert (found.is_set_up, found.rules, found.boards, found.interrupted) == (False, QueueRules(), frozenset(), {})
    assert found.reasons == load_catalogue().reasons
    hall.hub.store.close()


def test_a_manager_s_word_stands_until_central_s_next_but_for_boards(hall: Hall) -> None:
    with hall.act() as act:
        set_groups(act, 1, ["C"])
        set_rules(act, {"priority_weight": 3.0})
        name_board(act, "10.0.0.9", counts=True)
    found = centre(hall)
    assert (found.is_set_up, found.counters[1].groups, found.counters[2].groups) == (True, ["C"], ["A"])
    assert (found.rules.priority_weight, found.boards) == (3.0, frozenset({"10.0.0.9"}))
    assert found.queues() >= {"A", "B", "C", "D"}
    records = [CounterRecord(n, {"ar": "1", "en": "1"}, ["B"]) for n in (1, 2)]
    said(hall.hub, Counters(CENTRE, records, QueueRules()), 2)
    found = centre(hall)
    assert [one.groups for one in found.counters.values()] == [["B"], ["B"]]
    assert (found.rules, found.boards) == (QueueRules(), frozenset({"10.0.0.9"}))


def test_an_interruption_is_known_under_its_service_until_it_ends(hall: Hall) -> None:
    stop = Interruption("power", "clerk-1", until="12:30")
    with hall.act() as act:
        interrupt(act, "civil-affairs", stop)
    (found,) = centre(hall).interrupted.items()
    assert found[0] == "civil-affairs"
    assert (found[1].reason, found[1].by, found[1].until) == ("power", "clerk-1", "12:30")


def test_the_board_has_the_notices_that_are_for_it(hall: Hall) -> None:
    def notice(name: str, *places: Any) -> Notice:
        return Notice(name, "2026-11-25T00:00:00+03:00", "2026-11-26T00:00:00+03:00", {"ar": "أ"}, list(places))

    said(hall.hub, Notices(None, [notice("a", "kiosk"), notice("b", "board", "kiosk"), notice("c", "board")]), 3)
    assert [one.id for one in centre(hall).notices] == ["b", "c"]


@pytest.mark.parametrize(
    ("settings", "hours"),
    [
        ({}, None),
        ({"kiosk.opens": "09:00", "kiosk.closes": "15:00"}, Hours("09:00", "15:00")),
        ({"kiosk.opens": "09:00"}, Hours("09:00", "23:59")),
        ({"kiosk.closes": "15:00"}, Hours("00:00", "15:00")),
        ({"kiosk.opens": "15:00", "kiosk.closes": "09:00"}, None),
        ({"kiosk.language": "ar"}, None),
    ],
)
def test_the_centre_s_usual_hours_are_those_of_its_kiosks(
    hall: Hall, settings: dict[str, str], hours: Hours | None
) -> None:
    with hall.hub.store.write() as connection:
        for key, value in settings.items():
            row = {"key": key, "value": msgspec.json.encode(value).decode()}
            connection.execute(insert(store_tables.settings).values(row))
        assert Centre(connection).hours.usual == hours


def test_what_was_read_is_kept_until_something_newer_is_said(hall: Hall) -> None:
    reader = CentreReader()

    def read() -> Centre:
        with hall.hub.store.read() as connection:
            return reader.read(connection)

    first = read()
    assert read() is first
    said(hall.hub, Clerks(CENTRE, [ClerkRecord("clerk-1", "Rana", "clerk", "12", "x")]), 4)
    second = read()
    assert second is not first
    assert list(second.clerks) == ["clerk-1"]
    with hall.act() as act:
        set_rules(act, {"priority_weight": 2.5})
    third = read()
    assert (third is second, third.rules.priority_weight) == (False, 2.5)
    assert read() is third
