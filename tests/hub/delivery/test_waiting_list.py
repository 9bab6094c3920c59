"""What a hub that leads tells central beside its items: who waits, and since when the hall's board is silent."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import Batch, BatchAnswer
from common.protocol.queue.call import WaitingList, WaitingTicket
from hub.delivery import forwarding
from hub.delivery.forwarding import WaitingNow
from hub.engine.centre import Interruption
from hub.engine.managing import close_day
from hub.engine.opening import open_hub
from hub.estimates.forecast import Forecast
from hub.log import tables
from hub.services.interrupting import interrupt
from hub.takeover.promotion import promote
from offline_store.delivery.latest import Latest
from tests.hub.hall import DAY, Hall, open_hall
from tests.hub.kept_tickets import keep
from tests.hub.standby import open_standby, pull
from tests.hub.takeover.test_resuming import MANAGER


def test_the_word_of_the_board_is_how_long_ago_it_was_heard(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    said = WaitingNow(hall.hub).read()
    assert said is not None
    assert said.board_silent_s is None, "no board was ever heard"
    heard_at = hall.hub.clock.now().wall_time - timedelta(seconds=700)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(board_heard_at=heard_at.isoformat()))
    said = WaitingNow(hall.hub).read()
    assert said is not None
    assert said.board_silent_s in (700, 701)
    hall.hub.store.close()


def state(hall: Hall, *, on_battery: bool) -> str:
    """Return the centre's state as a forwarder tells it that began before anything happened."""
    said = WaitingNow(hall.hub, lambda: on_battery).read()
    assert said is not None
    assert said.now is not None
    return said.now.state


def test_on_battery_without_a_counters_page_the_centre_stands(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    hall.kiosks[0].give("A")
    told = partial(state, hall)
    hall.works(False)
    assert (told(on_battery=True), told(on_battery=False)) == ("standing", "open")
    hall.works()
    assert told(on_battery=True) == "open", "somebody works on"
    with hall.act() as act:
        close_day(act)
    hall.works(False)
    assert told(on_battery=True) == "closed"
    hall.hub.store.close()


def test_a_forwarder_knows_the_working_time_that_another_process_keeps(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    hall.works(False)
    forwards = open_hub(hall.hub.store, hall.clock, term=1)
    assert not forwards.work.is_running
    hall.works()
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    hall.passes(16 * 60)
    said = WaitingNow(forwards, lambda: False).read()
    assert said is not None
    assert said.now is not None
    assert said.now.state == "standing"
    hall.hub.store.close()


def test_a_forwarder_knows_the_time_line_that_another_process_took_over_from_the_leader(tmp_path: Path) -> None:
    leading = open_hall(tmp_path / "hub-a")
    leading.passes(3 * 3600)
    standby = open_standby(tmp_path / "hub-b", leading.clock, {1: ["A"]})
    forwards = open_hub(standby.hub.store, standby.clock, term=0)
    pull(standby, leading)
    promote(standby.hub, MANAGER)
    standby.works()
    standby.press(1, "open")
    standby.kiosks[0].give("A")
    standby.passes(16 * 60)
    said = WaitingNow(forwards, lambda: False).read()
    assert said is not None
    assert said.now is not None
    assert said.now.state == "standing"
    for hall in (leading, standby):
        hall.hub.store.close()


def test_an_interruption_goes_at_once_and_a_call_in_its_ten_seconds(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"]})
    hall.press(1, "open")
    hall.kiosks[0].give("A")
    boottime, sent = 1000.0, []

    class Uplink:
        def send(self, batch: Batch) -> BatchAnswer:
            sent.append(batch.waiting)
            return BatchAnswer([])

    latest = Latest(lambda: cast("Any", Uplink()), lambda: boottime, lambda _: None, lambda: None, WaitingNow(hall.hub))
    latest.send_waiting()
    assert len(sent) == 1
    hall.called(1)
    boottime += 2
    latest.send_waiting()
    assert len(sent) == 1
    with hall.act() as act:
        interrupt(act, "civil-affairs", Interruption("power", "clerk-1"))
    latest.send_waiting()
    latest.send_waiting()
    assert len(sent) == 2
    assert isinstance(sent[1], WaitingList)
    assert sent[1].now is not None
    assert [one.service for one in sent[1].now.services if one.state == "interrupted"] == ["civil-affairs"]
    boottime += 10
    latest.send_waiting()
    assert len(sent) == 3
    hall.hub.store.close()


def test_who_waits_is_told_whole(tmp_path: Path) -> None:
    hall = open_hall(tmp_path / "hub")
    hall.set_up({1: ["A"], 2: ["C"]})
    assert WaitingNow(hall.hub).read() is None, "before any day"
    hall.press(1, "open")
    first, other, second = (hall.kiosks[0].give(letter) for letter in "ACA")
    called = hall.kiosks[1].give("A")
    hall.press(1, "out-of-turn", number=called.number, reason="x")
    with hall.hub.read() as look:
        day, seq = look.day, look.seq
    done = {"day": day, "end": "done", "called_work": 0, "ended_work": 300_000_000, "ended_line": 1}
    keep(hall, *[done] * 5, *[{"day": day, "queue": "B", "state": "missed"}] * 2)
    said = WaitingNow(hall.hub, lambda: False).read()
    assert said is not None
    assert said == WaitingList(
        at=hall.clock.now().text,
        business_day=DAY,
        term=1,
        waiting={"A": 2, "C": 1},
        tickets=[
            WaitingTicket(first.id, 0, 0, 600, "unknown"),
            WaitingTicket(other.id, 2),  # the one counter that is open helps others last
            WaitingTicket(second.id, 1, 300, 900, "unknown"),
        ],
        seq=seq,
        board_silent_s=None,
        now=said.now,
    )
    assert said.now is not None
    assert said.now.state == "open"
    with hall.act() as act:
        interrupt(act, "clearance", Interruption("power", "clerk-1"))
        interrupt(act, "civil-affairs", Interruption("registry-line", "clerk-1"))
    stands = [("civil-affairs", "registry-line"), ("clearance", "power")]
    assert WaitingNow(hall.hub).mark() == ("leading", False, stands)
    with hall.act() as act:
        close_day(act)
    assert WaitingNow(hall.hub).mark() == ("leading", True, stands)
    with hall.hub.store.write() as connection:
        connection.execute(update(tables.state).values(role="following"))
    assert WaitingNow(hall.hub).read() is None
    assert WaitingNow(hall.hub).mark() == ("following", True, stands)
    hall.hub.store.close()


def test_a_list_that_cannot_be_read_is_named_once_and_ends_no_delivery(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.kiosks[0].give("A")
    waiting = WaitingNow(hall.hub, lambda: False)
    with capture_logs() as logged:
        for faulty in (True, True, False, True):
            monkeypatch.setattr(forwarding, "Forecast", mock.Mock(side_effect=ValueError) if faulty else Forecast)
            assert (waiting.read() is None) is faulty
    assert [(one["event"], one["error"]) for one in logged] == [("waiting-list-unread", "ValueError")] * 2


def test_a_disk_that_refuses_is_the_deliverys_to_meet(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall.hub, "read", mock.Mock(side_effect=StoreUnavailable("x")))
    with pytest.raises(StoreUnavailable):
        WaitingNow(hall.hub, lambda: False).read()
