"""What a former leader wrote and central may lack: who leads next hands it on under the names that it has."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from common.protocol.envelope import QueueBody, TicketBody, decode_body
from hub.delivery import handing_on
from hub.delivery.handing_on import due, hand_on
from hub.engine.act import FOLLOWING
from hub.log.event import read_events
from hub.takeover.following import Follower
from hub.takeover.promotion import lead_on, promote
from hub.takeover.replica import log_page, take_page
from hub.takeover.resuming import resume
from offline_store.disk.tables import items
from tests.hub.hall import Hall
from tests.hub.standby import open_standby
from tests.hub.takeover.two import MANAGER, Two


@pytest.fixture
def hubs(tmp_path: Path) -> Iterator[Two]:
    """A hub that leads, and its standby."""
    made = Two(tmp_path)
    made.first.press(1, "open")
    made.first.press(1, "open")
    yield made
    for hall in (made.first, made.second):
        hall.hub.store.close()


def serve(hall: Hall) -> None:
    """Serve one who has a number of a kiosk, and give one by hand."""
    hall.kiosks[0].give("A")
    for kind in ("next", "came", "done"):
        hall.press(1, kind)
    hall.press(1, "give", service="civil-affairs", priority="elderly")


def takes_over(hall: Hall, follower: Follower) -> None:
    """Let a standby pull all that there is, and lead."""
    follower.look_around()
    follower.pull()
    promote(hall.hub, MANAGER)


def told(hall: Hall) -> list[QueueBody]:
    """Return what a hub's chain tells of its hall, oldest first."""
    with hall.hub.store.read() as connection:
        rows = connection.execute(select(items.c.body).where(items.c.kind == "queue").order_by(items.c.row)).scalars()
        return [body for row in rows if isinstance(body := decode_body("queue", row), QueueBody)]


def names(said: list[QueueBody]) -> list[tuple[str, str, int]]:
    assert all(one.fact is not None for one in said)
    return [(one.fact.hub, one.fact.life, one.fact.seq) for one in said if one.fact is not None]


def hands_on(hall: Hall, held: dict[str, int] | None = None) -> list[QueueBody]:
    """Let a hub hand on all that is due where central holds so much of each life; return what it told."""
    before = len(told(hall))
    with hall.hub.read() as look:
        asked = {span.life.life: 0 for span in due(look.connection)}
    while hand_on(hall.hub, asked | (held or {})):
        pass
    return told(hall)[before:]


def is_due(hall: Hall) -> bool:
    with hall.hub.read() as look:
        return look.connection.exec_driver_sql("SELECT hand_on_from FROM hub_state").scalar_one() is not None


def test_what_a_dead_leader_told_is_told_again_under_the_same_names(hubs: Two) -> None:
    serve(hubs.first)
    hubs.first.passes(3600)
    takes_over(hubs.second, hubs.by_second)
    said = hands_on(hubs.second)
    assert [as_own(one) for one in said if one.event != "given"] == told(hubs.first)
    assert [at_of(one) for one in said if one.event != "given"] == moments(hubs.first)
    (given,) = (one for one in said if one.event == "given")
    assert given.given == TicketBody("A0001", "civil-affairs", "2026-11-25", "elderly")
    assert (given.kiosk, given.ticket, at_of(given)) == gift(hubs.first)
    assert names(said) == sorted(set(names(said)), key=lambda one: one[2])
    assert not is_due(hubs.second)
    assert hands_on(hubs.second) == []


def as_own(said: QueueBody) -> QueueBody:
    """Return what is told as its author tells it."""
    return msgspec.structs.replace(said, fact=said.fact and msgspec.structs.replace(said.fact, at=None))


def at_of(said: QueueBody) -> str | None:
    return None if said.fact is None else said.fact.at


def moments(hall: Hall) -> list[str]:
    with hall.hub.read() as look:
        at = {one.seq: one.wall_time for one in read_events(look.connection)}
    return [at[seq] for _, _, seq in names(told(hall))]


def gift(hall: Hall) -> tuple[str, str, str]:
    """Return the item of the number that a hub gave: by whom, which, when."""
    with hall.hub.store.read() as connection:
        row = connection.execute(select(items.c.id, items.c.wall_time).where(items.c.kind == "ticket")).one()
    return hall.hub.store.identity.kiosk, row.id, row.wall_time


def test_only_what_is_beyond_centrals_own_position_is_handed_on(hubs: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_on, "PAGE_EVENTS", 3)
    for _ in range(3):
        serve(hubs.first)
    own = names(told(hubs.first))
    _, life, half = own[len(own) // 2]
    takes_over(hubs.second, hubs.by_second)
    assert not hand_on(hubs.second.hub, {"another": 99})
    assert is_due(hubs.second), "central was not asked for that life"
    said = hands_on(hubs.second, {life: half})
    assert [one for one in names(said) if one in own] == own[len(own) // 2 + 1 :]
    assert not is_due(hubs.second)


def test_each_next_leader_hands_on_what_it_pulled_since(hubs: Two) -> None:
    serve(hubs.first)
    takes_over(hubs.second, hubs.by_second)
    hands_on(hubs.second)
    with hubs.second.act() as act:
        resume(act, 1, None)
    serve(hubs.second)
    takes_over(hubs.first, hubs.by_first)
    said = names(hands_on(hubs.first))
    assert {one for one in names(told(hubs.second)) if one[0] == "hub-0002"} <= {*said}
    assert {hub for hub, _, _ in said} == {"hub-0002"}


def test_a_hub_that_lost_its_store_hands_on_what_it_wrote_itself(hubs: Two, tmp_path: Path) -> None:
    """Its chain of items is gone with the store; its standby gives the log back."""
    serve(hubs.first)
    hubs.by_second.look_around()
    hubs.by_second.pull()
    again = open_standby(tmp_path / "again" / "hub-0001", hubs.first.clock, {1: ["A"]})
    with hubs.second.hub.read() as look:
        take_page(again.hub, log_page(look, 0), 0, again.clock.now(), recovers=FOLLOWING)
    lead_on(again.hub, above=0, lacks=False)
    own = names(told(hubs.first))
    assert [one for one in names(hands_on(again)) if one in own] == own
    again.hub.store.close()


def test_what_a_hub_of_1_0_wrote_has_no_name_and_is_not_handed_on(hubs: Two) -> None:
    """It was let lead after a life of another, and begins none: its own chain has told its events without names."""
    with hubs.first.hub.store.write() as connection:
        connection.exec_driver_sql("UPDATE hub_events SET term = 7 WHERE kind = 'counter-opened'")
    takes_over(hubs.second, hubs.by_second)
    assert hands_on(hubs.second) == []
    assert not is_due(hubs.second)
