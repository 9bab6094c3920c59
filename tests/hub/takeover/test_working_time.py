"""Working time is a fact of the leader's log: a hub that follows has the leader's, and none of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from common.protocol.feed_message import ClerkRecord
from hub.engine.act import FOLLOWING
from hub.engine.opening import begin_serving, open_hub, work_goes_on
from hub.log.event import read_events
from hub.takeover.promotion import promote, yield_to
from hub.takeover.replica import log_page, take_page
from tests.hub.hall import Hall
from tests.hub.standby import open_standby, pull

MANAGER = ClerkRecord("manager-1", "هدى", "manager", "99", "")
COUNTERS = {1: ["A"], 2: ["A"]}
HOUR = 3600


@pytest.fixture
def standby(hall: Hall, tmp_path: Path) -> Iterator[Hall]:
    """A hub that follows."""
    opened = open_standby(tmp_path / "hub-0002", hall.clock, COUNTERS)
    yield opened
    opened.hub.store.close()


def worked_s(hall: Hall) -> float:
    with hall.hub.read() as look:
        return look.work_us / 1e6


def test_a_standby_that_restarts_while_the_leader_works_has_the_leaders_working_time(hall: Hall, standby: Hall) -> None:
    pull(standby, hall)
    hall.passes(HOUR)
    pull(standby, hall)
    begin_serving(standby.hub)  # restarted, and follows again
    hall.passes(HOUR)
    hall.kiosks[0].give("A")
    pull(standby, hall)
    assert worked_s(standby) == worked_s(hall) > 2 * HOUR - 1
    promote(standby.hub, MANAGER)
    assert worked_s(standby) == pytest.approx(worked_s(hall), abs=1e-3)
    work_goes_on(standby.hub, running=True)
    standby.press(1, "open")
    standby.kiosks[1].give("A")
    hall.passes(60)
    assert worked_s(standby) == pytest.approx(worked_s(hall), abs=1e-3)


def test_a_hub_that_led_apart_and_follows_again_has_no_working_time_of_its_own(hall: Hall, standby: Hall) -> None:
    pull(standby, hall)
    hall.passes(60)
    promote(standby.hub, MANAGER)  # the line between both is cut
    work_goes_on(standby.hub, running=True)
    hall.passes(60)
    work_goes_on(hall.hub, running=False)  # no page is left at the former
    hall.passes(HOUR)
    yield_to(hall.hub, "hub-0002", 2)
    with hall.hub.read() as look:
        assert look.role == FOLLOWING
    after_both = _where_both_agree(hall, standby)
    pull_from(hall, standby, after_both)
    assert worked_s(hall) == worked_s(standby) > HOUR


def _where_both_agree(one: Hall, other: Hall) -> int:
    with one.hub.store.read() as connection, other.hub.store.read() as others:
        same = [a.seq for a, b in zip(read_events(connection), read_events(others), strict=False) if a == b]
    return max(same, default=0)


def pull_from(hall: Hall, leading: Hall, after: int) -> None:
    with leading.hub.read() as look:
        page = log_page(look, after)
    take_page(hall.hub, page, after, hall.clock.now())


def test_who_comes_after_a_promotion_at_the_console_waits_from_where_the_former_leader_was(
    hall: Hall, standby: Hall
) -> None:
    """The console is a process of its own: the one that serves goes on by the log, not by what it knew."""
    hall.passes(60)
    pull(standby, hall)
    hall.passes(10 * 60)  # the leader has died, and nobody works
    console = open_hub(standby.hub.store, hall.clock, term=0)
    promote(console, MANAGER)
    given = standby.kiosks[0].give("A")
    assert standby.ticket(given.id).arrived_work == pytest.approx(60e6, abs=2e6)
