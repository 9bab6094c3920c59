"""What the hub's doctor says of the centre that central named, and of a queue that is not as it should be."""

from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from common.protocol.feed_message import ClerkRecord, Clerks, CounterRecord, Counters, KioskRecord, Kiosks, QueueRules
from hub.doctor import queue
from hub.doctor.queue import check_centre, check_queue
from hub.engine.managing import name_board
from tests.hub.hall import CENTRE, DAY, Hall, said

CLERK = ClerkRecord("clerk-1", "Rana", "clerk", "12", "$argon2id$")


def words(hall: Hall, check: Any = check_queue) -> dict[str, tuple[str, str]]:
    return {one.check: (one.verdict.value, one.found) for one in check(hall.hub)}


def test_of_a_day_it_says_how_many_wait(hall: Hall) -> None:
    assert words(hall) == {"business day": ("warning", "none is open yet")}
    for letter in "AAB":
        hall.kiosks[0].give(letter)
    assert words(hall) == {"business day": ("ok", f"{DAY}, 3 wait")}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"silent_hubs": {}}, {}),
        ({"silent_hubs": {"hub-2": 10.9}}, {"standby": ("warning", "hub-2 has not pulled for 10 s")}),
        ({"counters_of": [(1, False), (2, True), (3, True)]},
         {"take-over": ("warning", "counters [2, 3] have not reported")}),
        ({"over_issuing": [("kiosk-1", 301)]}, {"kiosk": ("warning", "kiosk-1 gave 301 numbers in ten minutes")}),
        ({"coverage": {"told": 199, "held": 0.1}}, {}),
        ({"coverage": {"told": 200, "held": 0.69}}, {"ranges": ("warning", "69 % of the ranges held")}),
        ({"coverage": {"told": 200, "held": 0.7}}, {"ranges": ("ok", "70 % of the ranges held")}),
    ],
)  # fmt: skip
def test_what_a_person_should_look_at_is_named_from_its_bound_on(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], expected: dict[str, tuple[str, str]]
) -> None:
    for name, rows in changed.items():
        found = rows
        if name == "counters_of":
            found = [SimpleNamespace(number=number, must_resume=held) for number, held in rows]
        if name == "over_issuing":
            found = [SimpleNamespace(kiosk=kiosk, given=given) for kiosk, given in rows]
        monkeypatch.setattr(queue, name, lambda _look, found=found: found)
    told = words(hall)
    assert told.pop("business day") == ("warning", "none is open yet")
    assert told == expected


def test_what_central_has_not_said_of_the_centre_is_named(hall: Hall) -> None:
    found = words(hall, check_centre)
    assert found == {
        "counters": ("ok", f"3, weight of priority {QueueRules().priority_weight:g}"),
        "clerks": ("problem", "central has named none"),
        "kiosks": ("ok", "3 may tell of tickets"),
        "boards": ("warning", "none is named: only one on this machine counts"),
        "groups": found["groups"],
    }
    assert found["groups"][0] == "warning"
    assert found["groups"][1].startswith("no counter calls D")


def test_clerks_without_a_manager_revoked_kiosks_and_boards_are_told(hall: Hall) -> None:
    said(hall.hub, Clerks(CENTRE, [CLERK]), 3)
    revoked = [KioskRecord(f"kiosk-{n}", n, "a" * 43 + "=", revoked=True) for n in (1, 2)]
    said(hall.hub, Kiosks(CENTRE, revoked), 3)
    for address in ("10.0.0.9", "10.0.0.8"):
        with hall.hub.act() as act:
            name_board(act, address, counts=True)
    found = words(hall, check_centre)
    assert found["clerks"] == ("warning", "none is a manager")
    assert found["kiosks"] == ("warning", "central has named none")
    assert found["boards"] == ("ok", "10.0.0.8, 10.0.0.9 count")
    said(hall.hub, Clerks(CENTRE, [CLERK, replace(CLERK, id="clerk-2", sign="13", role="manager")]), 4)
    said(hall.hub, Kiosks(CENTRE, [*revoked, KioskRecord("kiosk-3", 3, "a" * 43 + "=")]), 4)
    found = words(hall, check_centre)
    assert found["clerks"] == ("ok", "2, with a manager")
    assert found["kiosks"] == ("ok", "1 may tell of tickets")


def test_groups_that_every_counter_leaves_out_are_no_warning_where_all_are_called(hall: Hall) -> None:
    with hall.hub.read() as look:
        queues = sorted({service.queue for service in look.centre.services.values()})
    said(hall.hub, Counters(CENTRE, [CounterRecord(1, {"ar": "1", "en": "1"}, queues)], QueueRules()), 5)
    assert "groups" not in words(hall, check_centre)
    said(hall.hub, Counters(CENTRE, [], QueueRules()), 6)
    found = words(hall, check_centre)
    assert (found["counters"], "groups" in found) == (("problem", "central has published none"), False)
