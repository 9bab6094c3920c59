"""A citizen's call for staff is a line of the log: what was seen at one hub is seen at the other."""

from pathlib import Path

from hub.engine.status import open_help
from tests.hub.hall import Hall
from tests.hub.standby import open_standby, pull

CALL = "0193c5f0-0000-7000-8000-000000000001"


def asks(hall: Hall, call: str = CALL) -> None:
    with hall.act() as act:
        act.record("help-asked", detail={"id": call, "kiosk": "kiosk-1"})


def sees(hall: Hall, clerk: str = "clerk-1") -> None:
    with hall.act() as act:
        act.clerk = clerk
        act.record("help-seen", detail={"id": CALL})


def open_at(hall: Hall) -> list[str]:
    with hall.hub.read() as look:
        return [one.id for one in open_help(look)]


def test_a_standby_knows_who_asks_and_what_was_seen(hall: Hall, tmp_path: Path) -> None:
    standby = open_standby(tmp_path / "hub-0002", hall.clock, {1: ["A"]})
    asks(hall)
    pull(standby, hall)
    assert open_at(standby) == [CALL]
    sees(hall)
    assert open_at(hall) == []
    pull(standby, hall)
    assert open_at(standby) == [], "it would be open again once that hub leads"
    standby.hub.store.close()


def test_who_said_first_that_he_goes_stays(hall: Hall) -> None:
    asks(hall)
    sees(hall, "clerk-1")
    sees(hall, "clerk-2")
    asks(hall)
    with hall.hub.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT id, kiosk, seen_by FROM hub_help_calls").fetchall()
    assert [tuple(row) for row in rows] == [(CALL, "kiosk-1", "clerk-1")]
