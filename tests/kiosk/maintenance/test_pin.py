from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from argon2 import PasswordHasher
from sqlalchemy import insert

from common.machine import pepper
from common.machine.errors import StoreUnavailable
from common.protocol.feed_message import Technician as WireTechnician
from common.protocol.feed_page import FeedMessage, FeedPage
from kiosk.maintenance import pin
from kiosk.maintenance.pin import Refused, Technician, enter, lock_due, locked_for_s
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.feed.feed import apply_page
from tests.kiosk.maintenance.tools import audited, open_store
from tests.kit.clock import HandClock

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
FIRST = CHEAP.hash("11112222")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, clock: HandClock) -> Iterator[Store]:
    with open_store(tmp_path, clock) as store:
        yield store


def add(store: Store, name: str, role: str, digits: str) -> None:
    with store.write() as connection:
        row = {"id": name, "name": name, "centre": "homs-main", "role": role, "pin_hash": CHEAP.hash(digits)}
        connection.execute(insert(tables.technicians).values(row))


def test_the_first_pin_serves_until_the_first_technician_arrives(store: Store, clock: HandClock) -> None:
    assert enter(store, "11112222", clock.now(), FIRST) == Technician("enrolment", "", "manager")
    add(store, "samer", "technician", "87654321")
    assert isinstance(enter(store, "11112222", clock.now(), FIRST), Refused)
    assert enter(store, "87654321", clock.now(), FIRST) == Technician("samer", "samer", "technician")


def test_each_person_comes_in_by_their_own_pin_and_role(store: Store, clock: HandClock) -> None:
    add(store, "samer", "technician", "87654321")
    add(store, "rima", "manager", "12121212")
    assert enter(store, "12121212", clock.now(), None) == Technician("rima", "rima", "manager")
    assert enter(store, "87654321", clock.now(), None) == Technician("samer", "samer", "technician")


@pytest.mark.parametrize(
    "typed", ["", "1111222", "111122223", "11112222333", "1111222a", "١١١١٢٢٢٢", "11112222\n", " 1111222"]
)
def test_only_eight_or_ten_digits_are_a_pin(store: Store, clock: HandClock, typed: str) -> None:
    assert enter(store, typed, clock.now(), FIRST) == Refused(left=4)


def test_a_hash_that_is_none_keeps_nobody_else_out(store: Store, clock: HandClock) -> None:
    add(store, "rima", "manager", "12121212")
    with store.write() as connection:
        bad = {"id": "a", "name": "a", "centre": "homs-main", "role": "manager", "pin_hash": "plain"}
        connection.execute(insert(tables.technicians).values(bad))
    assert isinstance(enter(store, "12121212", clock.now(), None), Technician)


def test_five_wrong_lock_for_five_minutes_and_the_right_pin_too(store: Store, clock: HandClock) -> None:
    answers = [enter(store, "00000000", clock.now(), FIRST) for _ in range(5)]
    assert answers == [Refused(4), Refused(3), Refused(2), Refused(1), Refused(0, 300)]
    assert enter(store, "11112222", clock.now(), FIRST) == Refused(0, 300)
    clock.pass_time(seconds=299)
    assert locked_for_s(store, clock.now()) == 1
    clock.pass_time(seconds=1)
    assert locked_for_s(store, clock.now()) == 0
    assert isinstance(enter(store, "11112222", clock.now(), FIRST), Technician)
    # And the count begins again.
    assert enter(store, "00000000", clock.now(), FIRST) == Refused(4)


def test_the_lock_doubles_with_each_five() -> None:
    assert [lock_due(n) for n in (0, 1, 4, 5, 6, 9, 10, 15, 20)] == [0, 0, 0, 300, 0, 0, 600, 1200, 2400]
    assert lock_due(5 * 10_000) == 24 * 3600


def test_the_lock_survives_a_restart_and_no_clock_shortens_it(tmp_path: Path, clock: HandClock) -> None:
    with open_store(tmp_path, clock) as store:
        for _ in range(5):
            enter(store, "00000000", clock.now(), FIRST)
    clock.restart()
    clock.wall = clock.wall.replace(year=2099)
    with open_store(tmp_path, clock) as store:
        assert locked_for_s(store, clock.now()) == 295
        clock.pass_time(seconds=294)
        assert enter(store, "11112222", clock.now(), FIRST) == Refused(0, 1)
        clock.pass_time(seconds=1)
        assert isinstance(enter(store, "11112222", clock.now(), FIRST), Technician)


def test_three_cuts_a_day_do_not_make_a_lock_last_for_ever(store: Store, clock: HandClock) -> None:
    """Forty wrong touches lock for 10 hours and 40 minutes; no day has that long a run without a cut."""
    for rounds in range(8):
        for _ in range(5):
            enter(store, "00000000", clock.now(), FIRST)
        if rounds < 7:
            clock.pass_time(seconds=locked_for_s(store, clock.now()))
    assert locked_for_s(store, clock.now()) == 38_400
    enough = 0
    while locked_for_s(store, clock.now()):
        for _ in range(3 * 60):  # three hours of power, and each minute is kept
            clock.pass_time(seconds=60)
            pin.keep_waited(store, clock.now())
        clock.restart()
        enough += 1
    assert enough <= 4
    assert isinstance(enter(store, "11112222", clock.now(), FIRST), Technician)


def test_a_minute_is_not_counted_twice(store: Store, clock: HandClock) -> None:
    for _ in range(5):
        enter(store, "00000000", clock.now(), FIRST)
    clock.pass_time(seconds=100)
    for _ in range(10):
        pin.keep_waited(store, clock.now())
    assert locked_for_s(store, clock.now()) == 200


def test_a_day_of_waiting_forgives_five(store: Store, clock: HandClock) -> None:
    for _ in range(2):
        for _ in range(5):
            enter(store, "00000000", clock.now(), FIRST)
        clock.pass_time(seconds=locked_for_s(store, clock.now()))
    clock.pass_time(seconds=24 * 3600)
    assert [enter(store, "00000000", clock.now(), FIRST) for _ in range(5)][-1] == Refused(0, 600)
    clock.pass_time(seconds=3 * 24 * 3600)
    assert enter(store, "00000000", clock.now(), FIRST) == Refused(4)


def test_however_many_are_wrong_a_week_makes_good_again(store: Store, clock: HandClock) -> None:
    for _ in range(200):
        for _ in range(5):
            enter(store, "00000000", clock.now(), FIRST)
        clock.pass_time(seconds=locked_for_s(store, clock.now()))
    assert enter(store, "00000000", clock.now(), FIRST) == Refused(4)
    clock.pass_time(seconds=10 * 24 * 3600)
    for _ in range(5):
        answer = enter(store, "00000000", clock.now(), FIRST)
    assert answer == Refused(0, 300)


def test_who_may_run_commands_ends_the_lock_and_it_is_recorded(store: Store, clock: HandClock) -> None:
    for _ in range(5):
        enter(store, "00000000", clock.now(), FIRST)
    assert pin.unlock(store, clock.now())
    assert locked_for_s(store, clock.now()) == 0
    assert audited(store)[-1] == ("pin-lock-ended", {"by": "console"})
    assert not pin.unlock(store, clock.now())
    assert enter(store, "00000000", clock.now(), FIRST) == Refused(4)


def test_the_first_pin_never_serves_again_once_a_technician_has_come(store: Store, clock: HandClock) -> None:
    def heard(number: int, pin_hash: str, *, snapshot: bool) -> None:
        body = WireTechnician("samer", "samer", "homs-main", "technician", pin_hash)
        message = FeedMessage(number, "technician", msgspec.Raw(msgspec.json.encode(body)))
        apply_page(store, FeedPage([message], f"c{number}", "e1", number, snapshot), clock.now())

    heard(1, CHEAP.hash("87654321"), snapshot=True)
    heard(2, "", snapshot=False)  # and has gone again
    assert pin.known(store) == []
    assert enter(store, "11112222", clock.now(), FIRST) == Refused(4)
    apply_page(store, FeedPage([], "c3", "e2", 1, snapshot=True), clock.now())
    assert enter(store, "11112222", clock.now(), FIRST) == Refused(3)


def test_a_manager_s_ten_digits_open(store: Store, clock: HandClock) -> None:
    add(store, "rima", "manager", "1212121234")
    assert enter(store, "1212121234", clock.now(), None) == Technician("rima", "rima", "manager")
    assert isinstance(enter(store, "12121212", clock.now(), None), Refused)


def test_pulling_the_plug_while_a_pin_is_judged_gives_no_free_attempt(
    store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(pin, "_first_match", power_cut)
        for _ in range(4):
            with pytest.raises(KeyboardInterrupt):
                enter(store, "00000000", clock.now(), FIRST)
    assert enter(store, "00000000", clock.now(), FIRST) == Refused(0, 300)


def test_every_attempt_is_in_the_audit_and_no_pin_is(store: Store, clock: HandClock) -> None:
    add(store, "samer", "technician", "87654321")
    enter(store, "13572468", clock.now(), FIRST)
    enter(store, "87654321", clock.now(), FIRST)
    pin.left(store, Technician("samer", "samer", "technician"), clock.now(), "idle")
    entries = audited(store)
    assert entries[-3:] == [
        ("pin-refused", {"failures": 1}),
        ("technician-entered", {"technician": "samer", "role": "technician"}),
        ("technician-left", {"technician": "samer", "why": "idle"}),
    ]
    assert "13572468" not in str(entries)


def test_where_nothing_can_be_recorded_nobody_comes_in(tmp_path: Path, store: Store, clock: HandClock) -> None:
    store.condemn("test")
    with pytest.raises(StoreUnavailable):
        enter(store, "11112222", clock.now(), FIRST)


def test_a_pin_that_is_kept_under_the_secret_of_the_machine_opens_only_there(
    store: Store, clock: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pepper, "PEPPER", tmp_path / "pepper")
    pepper.PEPPER.write_bytes(b"s" * 32)
    with store.write() as connection:
        kept = pepper.keep(CHEAP.hash("12121212"), pepper.machine_pepper())
        row = {"id": "rima", "name": "Rima", "centre": "homs-main", "role": "manager", "pin_hash": kept}
        connection.execute(insert(tables.technicians).values(row))
    assert enter(store, "12121212", clock.now(), None) == Technician("rima", "Rima", "manager")
    pepper.PEPPER.unlink()
    assert enter(store, "12121212", clock.now(), None) == Refused(left=4)
