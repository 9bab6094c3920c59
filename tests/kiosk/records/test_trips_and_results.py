"""Where trips begin and how device tests ended: read as kept, and none of what makes no sense."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select

from common.machine.records import record
from common.machine.records.record import keep
from kiosk.records import names
from kiosk.records.all_records import damaged_records, mend_records
from kiosk.records.results import keep_result, read_moments, read_results
from kiosk.records.trips import TripStart, follow_store, read_trip_start, set_trips_back
from offline_store.disk import tables
from offline_store.issuing.intake import TicketRequest, accept_ticket
from offline_store.printed import tallies
from tests.kiosk.maintenance.tools import open_store
from tests.kit.clock import HandClock


def test_trips_begin_after_the_newest_ticket_and_no_later_than_the_store_ends(tmp_path: Path) -> None:
    clock = HandClock()
    with open_store(tmp_path, clock) as store:
        assert read_trip_start(tmp_path) == TripStart(None, 0, 0)
        follow_store(store, tmp_path)
        assert not (tmp_path / names.TRIPS).exists(), "nothing is kept where nothing was set back"
        for intention in ("one", "two"):
            accept_ticket(store, TicketRequest("clearance", "B"), intention=intention, stamp=clock.now())
        with store.write() as connection:
            for name in ("printed", "other"):
                tallies.add(connection, name, 5)
        set_trips_back(store, tmp_path, ["printed"], clock.now())
        found = {name: (tally.total, tally.trip) for name, tally in tallies.read_tallies(store).items()}
        assert (found["printed"], found["other"]) == ((5, 0), (5, 5))
        with store.read() as connection:
            newest = max(connection.execute(select(tables.tickets.c.row)).scalars())
        assert newest > 1
        assert read_trip_start(tmp_path) == TripStart(clock.now().unix_s, newest, 0)
        follow_store(store, tmp_path)
        assert read_trip_start(tmp_path) == TripStart(clock.now().unix_s, newest, 0), "the store ends no earlier"
        for kept, begins in (((99, 0), (newest, 0)), ((1, 0), (1, 0)), ((1, 7), (1, 0)), ((99, 7), (newest, 0))):
            keep(tmp_path / names.TRIPS, {"at": 60, "ticket_row": kept[0], "order_us": kept[1]})
            follow_store(store, tmp_path)
            assert read_trip_start(tmp_path) == TripStart(60, *begins)
        with store.write() as connection:
            connection.execute(delete(tables.tickets))
        set_trips_back(store, tmp_path, [], clock.now())
        assert read_trip_start(tmp_path) == TripStart(clock.now().unix_s, 0, 0)


@pytest.mark.parametrize(
    "odd",
    [{"at": -1}, {"at": 2**37 + 1}, {"ticket_row": -1}, {"order_us": -1}, {"ticket_row": 2**63}, {"order_us": 2**63},
     {"ticket_row": "2"}],
)  # fmt: skip
def test_a_trip_that_begins_nowhere_has_never_begun(tmp_path: Path, odd: dict[str, object]) -> None:
    keep(tmp_path / names.TRIPS, {"at": 5, "ticket_row": 3, "order_us": 4} | odd)
    assert read_trip_start(tmp_path) == TripStart()
    keep(tmp_path / names.TRIPS, {"at": 2**37, "ticket_row": 2**63 - 1, "order_us": 0})
    assert read_trip_start(tmp_path) == TripStart(2**37, 2**63 - 1, 0)


def test_each_test_s_last_end_is_kept_and_nothing_that_is_none(tmp_path: Path) -> None:
    assert (read_results(tmp_path), read_moments(tmp_path)) == ({}, {})
    keep_result(tmp_path, "page", "bad", 50)
    keep_result(tmp_path, "touch", "good", 0)
    keep_result(tmp_path, "page", "good", 60)
    assert read_results(tmp_path) == {"page": "good", "touch": "good"}
    assert read_moments(tmp_path) == {"page": 60, "touch": 0}
    good = {"result": "good"}
    odd = {"a": good | {"at": 2**37 - 1}, "b": good | {"at": 2**37}, "c": {"result": "bad", "at": -1},
           "d": {"result": "bad"}, "e": {"result": "so-so", "at": 1}, "f": "good", "g": good | {"at": "1"}}  # fmt: skip
    keep(tmp_path / names.RESULTS, odd)
    assert read_results(tmp_path) == {"a": "good", "b": "good", "c": "bad", "d": "bad", "g": "good"}
    assert read_moments(tmp_path) == {"a": 2**37 - 1}
    for path in (tmp_path / names.RESULTS, record.copy_of(tmp_path / names.RESULTS)):
        path.write_text("[]")
    assert (read_results(tmp_path), read_moments(tmp_path)) == ({}, {})
    keep_result(tmp_path, "page", "good", 70)
    assert read_moments(tmp_path) == {"page": 70}


@pytest.mark.parametrize("name", [names.ENROLMENT, names.SETTINGS, names.TAKEN_OUT, names.TRIPS, names.RESULTS])
def test_a_record_of_which_a_copy_is_missing_is_named_until_it_is_mended(tmp_path: Path, name: str) -> None:
    assert damaged_records(tmp_path) == []
    keep(tmp_path / name, {"a": 1})
    assert damaged_records(tmp_path) == []
    for lost in (tmp_path / name, record.copy_of(tmp_path / name)):
        lost.unlink()
        assert damaged_records(tmp_path) == [name]
        mend_records(tmp_path)
        assert damaged_records(tmp_path) == []
