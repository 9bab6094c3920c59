"""How the forwarder spends days without a network, and minutes with one. No test waits: the clock is the test's."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from common.machine.errors import StoreUnavailable
from common.protocol.feed_message import BusinessDay
from offline_store.chain.epoch import reopen_tickets
from offline_store.delivery.connection.delivery_error import DeliveryDeferred, DeliveryRejected
from offline_store.delivery.connection.uplink import HttpUplink
from offline_store.delivery.delivery_status import request_try_now
from offline_store.disk import tables
from offline_store.identity import Identity
from offline_store.issuing.business_day import current_day
from tests.kit.delivering import Delivering
from tests.kit.fake_central import PORTAL, Fault, status


def run_until(kiosk: Delivering, done: Callable[[], bool], limit_s: float = 7 * 86400.0) -> float:
    """Run the loop until something is so; return how many seconds that took by the kiosk's clock."""
    stop, began = threading.Event(), kiosk.clock.boottime_s

    def look() -> None:
        if done() or kiosk.clock.boottime_s - began > limit_s:
            stop.set()

    kiosk.clock.while_sleeping = look
    kiosk.forwarder.run(stop)
    assert done()
    return kiosk.clock.boottime_s - began


def _attempts(kiosk: Delivering) -> int:
    return kiosk.central.calls.count("time") + kiosk.central.calls.count("feed")


def test_new_work_is_noticed_at_once_when_all_went_well(kiosk: Delivering) -> None:
    began, made = kiosk.clock.boottime_s, list[float]()

    def ticket_later() -> bool:
        if not made and kiosk.clock.boottime_s - began > 30.1:
            kiosk.tickets(1)
            made.append(kiosk.clock.boottime_s)
        return bool(made) and kiosk.waiting() == []

    run_until(kiosk, ticket_later)
    assert kiosk.clock.boottime_s - made[0] <= 0.5


def test_days_without_central_cost_few_attempts_and_no_item(kiosk: Delivering) -> None:
    kiosk.tickets(3)
    before = kiosk.waiting()
    kiosk.central.every["time"] = status(500)
    began = kiosk.clock.boottime_s
    run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 3600)
    assert kiosk.waiting() == before
    assert kiosk.alarms() == {"central-unreachable"}
    # Full jitter up to five minutes: about one attempt each two and a half minutes, once the first have passed.
    assert 12 <= _attempts(kiosk) <= 60
    del kiosk.central.every["time"]
    assert run_until(kiosk, lambda: kiosk.waiting() == []) <= 301
    run_until(kiosk, lambda: kiosk.alarms() == set())


@pytest.mark.parametrize("wake", ["try now", "link", "nothing"])
def test_a_wait_ends_when_somebody_asks_or_the_link_returns(kiosk: Delivering, wake: str) -> None:
    kiosk.tickets(1)
    kiosk.central.every["time"] = status(503, "600")
    kiosk.links = frozenset()
    began, woken = kiosk.clock.boottime_s, list[float]()

    def wake_later() -> bool:
        if not woken and kiosk.clock.boottime_s - began > 60:
            woken.append(kiosk.clock.boottime_s)
            kiosk.central.every.clear()
            if wake == "try now":
                request_try_now(kiosk.store)
            elif wake == "link":
                kiosk.links = frozenset({"eth0"})
        return kiosk.waiting() == []

    run_until(kiosk, wake_later)
    waited = kiosk.clock.boottime_s - woken[0]
    assert waited > 500 if wake == "nothing" else waited <= 0.5


@pytest.mark.parametrize(("said", "at_least", "at_most"), [("120", 120, 122), ("999999999", 900, 902), ("-5", 0, 2)])
def test_retry_after_is_obeyed_within_bounds(kiosk: Delivering, said: str, at_least: float, at_most: float) -> None:
    kiosk.tickets(1)
    kiosk.central.faults.append(status(429, said))
    assert at_least <= run_until(kiosk, lambda: kiosk.waiting() == []) <= at_most


@pytest.mark.parametrize("code", [401, 403])
def test_a_kiosk_that_is_turned_away_keeps_all_alarms_and_asks_slowly(kiosk: Delivering, code: int) -> None:
    kiosk.tickets(2)
    before = kiosk.waiting()
    for call in ("feed", "batches"):
        kiosk.central.every[call] = status(code)
    began = kiosk.clock.boottime_s
    run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 3600)
    assert kiosk.waiting() == before
    assert kiosk.alarms() == {"central-refuses-kiosk"}
    assert 5 <= kiosk.central.calls.count("batches") <= 15  # every five to ten minutes
    kiosk.central.every.clear()
    run_until(kiosk, lambda: kiosk.waiting() == [])


def test_a_portal_is_named_for_what_it_is(kiosk: Delivering) -> None:
    for call in ("time", "feed", "batches"):
        kiosk.central.every[call] = Fault(instead=PORTAL)
    with pytest.raises(DeliveryDeferred):
        kiosk.forwarder.run_once()
    assert kiosk.alarms() == {"central-not-verified"}


def test_after_a_power_cut_a_district_does_not_call_in_one_second(kiosk: Delivering) -> None:
    waits = []
    for _ in range(8):
        kiosk.clock.boottime_s = 20.0
        kiosk.tickets(1)
        kiosk.links = frozenset()

        def link_comes_up() -> bool:
            kiosk.links = frozenset({"eth0"})
            return kiosk.waiting() == []

        waits.append(run_until(kiosk, link_comes_up))
    assert max(waits) <= 31
    assert len({round(wait) for wait in waits}) > 4


def test_somebody_who_asks_need_not_sit_out_the_wait_after_a_power_cut(kiosk: Delivering) -> None:
    kiosk.clock.boottime_s = 20.0
    kiosk.tickets(1)
    request_try_now(kiosk.store)
    assert run_until(kiosk, lambda: kiosk.waiting() == []) < 1.0


def test_a_disk_that_takes_no_acknowledgement_is_not_hammered(
    kiosk: Delivering, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.tickets(1)

    def refuse(*_: object) -> None:
        raise StoreUnavailable("the store does not work now: the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("offline_store.delivery.drain.settle", refuse)
        began = kiosk.clock.boottime_s
        run_until(kiosk, lambda: kiosk.clock.boottime_s - began > 900)
    assert kiosk.central.calls.count("batches") < 30
    run_until(kiosk, lambda: kiosk.waiting() == [])


def test_the_alarm_row_says_what_fails_and_when_the_next_attempt_is(kiosk: Delivering) -> None:
    kiosk.central.every["time"] = status(500, detail="disk\nfull")
    with pytest.raises(DeliveryDeferred):
        kiosk.forwarder.run_once()
    with kiosk.store.read() as connection:
        row = connection.execute(select(tables.delivery)).one()
    assert row.last_error == "status-500: central answered 500: disk full"
    assert row.next_attempt_at is not None
    kiosk.central.every.clear()
    kiosk.forwarder.run_once()
    with kiosk.store.read() as connection:
        row = connection.execute(select(tables.delivery)).one()
    assert (row.last_error, row.next_attempt_at) == (None, None)
    assert row.last_success_at == kiosk.clock.now().unix_s


def test_a_disk_that_fails_after_central_answered_costs_a_duplicate_not_an_item(
    kiosk: Delivering, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.tickets(3)
    before = kiosk.waiting()

    def refuse(*_: object) -> None:
        raise StoreUnavailable("the store does not work now: the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("offline_store.delivery.drain.settle", refuse)
        with pytest.raises(StoreUnavailable):
            kiosk.forwarder.run_once()
    assert kiosk.waiting() == before
    kiosk.forwarder.run_once()
    assert kiosk.central.batches == [before, before]
    assert kiosk.waiting() == []


def test_health_goes_out_on_change_only_and_stops_no_item(kiosk: Delivering) -> None:
    kiosk.health = {"printer": "out of paper"}
    kiosk.tickets(1)
    kiosk.forwarder.run_once()
    kiosk.forwarder.run_once()
    assert kiosk.central.health == [{"printer": "out of paper"}]
    kiosk.health = {"printer": "Online"}
    assert run_until(kiosk, lambda: len(kiosk.central.health) == 2) < 30
    kiosk.health = {"big": "x" * 10}
    kiosk.tickets(1)
    kiosk.central.faults.append(status(413))
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []


def test_items_of_a_former_identity_go_out_under_its_own_key(kiosk: Delivering) -> None:
    kiosk.tickets(2)
    new_key = Ed25519PrivateKey.generate()
    kiosk.central.kiosks["kiosk-0002"] = new_key.public_key()
    identity = Identity("kiosk-0002", "homs-main", 3, kiosk.identity.central_keys)
    reopen_tickets(kiosk.store, identity, "b" * 64, kiosk.clock.now())
    kiosk.tickets(2)
    new = HttpUplink(kiosk.central.url, kiosk="kiosk-0002", key=new_key, signing_keys=lambda: kiosk.central.keys)
    lost = kiosk.new_forwarder(lambda name: new if name == "kiosk-0002" else None)
    with pytest.raises(DeliveryRejected, match="kiosk-0001"):
        lost.run_once()
    assert len(kiosk.waiting()) == len([one for one in kiosk.states().values() if one == "waiting"]) > 0
    assert kiosk.central.items
    kiosk.new_forwarder({"kiosk-0001": kiosk.uplink, "kiosk-0002": new}.get).run_once()
    new.close()
    assert kiosk.waiting() == []
    assert set(kiosk.states().values()) == {"acknowledged"}


def test_the_feed_is_heard_before_the_backlog_and_again_after(kiosk: Delivering) -> None:
    kiosk.central.publish("business-day", BusinessDay("2026-11-26", 1))
    kiosk.tickets(1)
    kiosk.forwarder.run_once()
    calls = kiosk.central.calls
    assert calls.index("feed") < calls.index("batches") < len(calls) - 1 - calls[::-1].index("feed")
    assert kiosk.waiting() == []  # the day that opened made an audit item, which went out as well
    with kiosk.store.read() as connection:
        assert "2026-11-26" in set(connection.scalars(select(tables.business_days.c.date)))


def test_central_signed_time_is_kept_for_the_clock(kiosk: Delivering) -> None:
    kiosk.forwarder.run_once()
    trusted = kiosk.store.trusted_time()
    assert trusted is not None
    assert trusted.boot_time_ns == int(kiosk.clock.boottime_s * 1e9)
    kiosk.forwarder.run_once()
    assert kiosk.central.calls.count("time") == 1  # once an hour
    kiosk.clock.sleep(3601)
    kiosk.forwarder.run_once()
    assert kiosk.central.calls.count("time") == 2


def test_a_time_that_central_cannot_mean_is_named_and_moves_nothing(kiosk: Delivering) -> None:
    kiosk.forwarder.run_once()
    before = kiosk.store.trusted_time()
    kiosk.central.now = lambda: datetime(2099, 1, 1, tzinfo=UTC)
    kiosk.clock.sleep(3601)
    kiosk.tickets(1)
    kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
    assert kiosk.store.trusted_time() == before
    assert kiosk.alarms() == {"central-time-refused"}
    kiosk.central.now = lambda: datetime.now(UTC)
    kiosk.clock.sleep(3601)
    kiosk.forwarder.run_once()
    assert kiosk.alarms() == set()


def test_centrals_time_sets_a_day_right_that_a_clock_opened_too_early(kiosk: Delivering) -> None:
    kiosk.central.now = kiosk.clock.now().wall_time.astimezone
    kiosk.forwarder.run_once()
    wall = kiosk.clock.wall
    kiosk.clock.wall += timedelta(days=10)
    kiosk.tickets(1)
    kiosk.central.now = lambda: wall + timedelta(hours=2)
    kiosk.clock.sleep(3601)
    kiosk.forwarder.run_once()
    with kiosk.store.read() as connection:
        day = current_day(connection)
    assert day is not None
    assert day.date == wall.date().isoformat()


def test_a_central_that_signs_no_time_still_takes_what_waits(kiosk: Delivering) -> None:
    kiosk.tickets(1)
    kiosk.central.every["time"] = status(409)
    with pytest.raises(DeliveryRejected):
        kiosk.forwarder.run_once()
    assert kiosk.waiting() == []
