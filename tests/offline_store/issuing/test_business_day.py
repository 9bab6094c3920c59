from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from common.machine.stamp import Stamp, Trust, unix_us
from offline_store.disk import tables
from offline_store.disk.database import Store
from offline_store.issuing.business_day import apply_feed_day, business_date, current_day, date_due, open_day_by_manager
from offline_store.issuing.intake import TicketAccepted, TicketRequest, accept_ticket
from tests.kit.clock import NOON
from tests.kit.store import later, stamp

DAMASCUS = timedelta(hours=3)


def local(hour: int, minute: int = 0, day: int = 25) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - DAMASCUS


def take(store: Store, at: Stamp, name: str | None = None) -> TicketAccepted:
    return accept_ticket(store, TicketRequest("clearance", "B"), intention=name or repr(at), stamp=at)


def by_feed(store: Store, label: str, serial: int) -> str | None:
    with store.write() as connection:
        day = apply_feed_day(connection, label, serial, stamp())
    return None if day is None else day.date


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (local(3, 59), date(2026, 11, 24)),
        (local(4, 0), date(2026, 11, 25)),
        (local(23, 59), date(2026, 11, 25)),
        (local(0, 0, day=26), date(2026, 11, 25)),
    ],
)
def test_a_day_begins_at_four_in_damascus(moment: datetime, expected: date) -> None:
    assert business_date(moment) == expected


@pytest.mark.parametrize(
    ("trust", "floor_days_ago", "due"),
    [
        ("synced", None, True),
        ("synced", 400, True),
        ("restored", None, False),
        ("restored", 0, True),
        ("restored", 45, True),
        ("restored", 45.001, False),
        ("restored", -0.001, False),  # below the floor
        ("unknown", 0, False),
    ],
)
def test_only_a_trusted_clock_opens_a_day(trust: Trust, floor_days_ago: float | None, due: bool) -> None:
    floor = None if floor_days_ago is None else unix_us(later(days=-floor_days_ago))
    assert date_due(stamp(trust=trust), floor, "2026-11-24") == ("2026-11-25" if due else None)


def test_the_day_changes_at_four_and_counters_begin_anew(store: Store) -> None:
    moments = [local(12), local(3, 59, 26), local(4, 0, 26)]
    running = [(moment - moments[0]).total_seconds() for moment in moments]
    given = [take(store, stamp(at, boot_time_s=100 + s)) for at, s in zip(moments, running, strict=True)]
    assert [(ticket.business_day, ticket.number) for ticket in given] == [
        ("2026-11-25", "B2001"),
        ("2026-11-25", "B2002"),
        ("2026-11-26", "B2001"),
    ]


@pytest.mark.parametrize("ahead_days", [1, 3, 300])
def test_a_clock_set_ahead_opens_a_day_and_gives_no_number_twice_on_one_real_day(store: Store, ahead_days: int) -> None:
    """Central's own clock was wrong for a while: anyone who waits holds B2001 to B2003 already."""
    for n in range(3):
        take(store, stamp(boot_time_s=100 + n))
    ahead = take(store, stamp(later(days=ahead_days), boot_time_s=160))
    assert (ahead.business_day, ahead.number) == (later(days=ahead_days).date().isoformat(), "B2004")
    back = take(store, stamp(later(minutes=5), boot_time_s=400))
    assert (back.business_day, back.number) == (ahead.business_day, "B2005")


def test_a_clock_that_was_a_day_behind_gives_no_number_twice_when_it_is_set(store: Store) -> None:
    assert take(store, stamp(later(days=-1), trust="synced", boot_time_s=30)).number == "B2001"
    assert take(store, stamp(boot_time_s=60)).number == "B2002"


def test_another_boot_has_no_running_time_to_go_by(store: Store) -> None:
    take(store, stamp(boot_time_s=50_000))
    assert take(store, stamp(later(days=1), boot_time_s=10, boot_id="other")).number == "B2001"


def test_a_clock_that_goes_back_changes_nothing(store: Store) -> None:
    numbers = [take(store, stamp(later(days=days))) for days in (1, 0, -5, 1)]
    assert {ticket.business_day for ticket in numbers} == {"2026-11-26"}
    assert [ticket.number for ticket in numbers[:3]] == ["B2001", "B2002", "B2003"]


def test_one_untrusted_boot_in_2099_poisons_nothing(store: Store) -> None:
    take(store, stamp())
    lost = stamp(datetime(2099, 1, 1, tzinfo=UTC), trust="unknown", boot_id="other")
    assert take(store, lost).business_day == "2026-11-25"
    restored = stamp(datetime(2099, 1, 1, tzinfo=UTC), trust="restored", boot_id="third")
    assert take(store, restored).business_day == "2026-11-25"
    trusted = store.trusted_time()
    assert trusted is None or trusted.floor == NOON
    assert take(store, stamp(later(days=1))).business_day == "2026-11-26"


def test_every_synced_accept_raises_the_floor_and_no_other_does(store: Store) -> None:
    take(store, stamp(later(hours=1)))
    take(store, stamp(later(hours=9), trust="restored"))
    take(store, stamp(later(hours=-2)))
    with store.read() as connection:
        assert connection.execute(select(tables.store.c.floor_us)).scalar_one() == unix_us(later(hours=1))


def test_what_central_signs_sets_the_floor_also_down_and_ntp_only_raises_it(store: Store) -> None:
    def known() -> tuple[object, ...]:
        found = store.trusted_time()
        assert found is not None
        return found.floor, found.anchor, found.boot_id, found.boot_time_ns

    store.note_trusted_time(later(hours=5), boot_time_ns=7, boot_id="one")
    store.note_trusted_time(later(hours=2), boot_time_ns=9, boot_id="two", signed=False)
    assert known() == (later(hours=5), later(hours=2), "two", 9)
    store.note_trusted_time(later(days=300), boot_time_ns=11, boot_id="two", signed=False)
    assert known() == (later(days=300), later(hours=2), "two", 9)
    store.note_trusted_time(later(hours=6), boot_time_ns=12, boot_id="two")  # what NTP did is undone
    assert known() == (later(hours=6), later(hours=6), "two", 12)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("wrong", [datetime(2099, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_time_that_cannot_be_moves_nothing(store: Store, signed: bool, wrong: datetime) -> None:
    store.note_trusted_time(later(hours=1), boot_time_ns=7, boot_id="one")
    before = store.trusted_time()
    assert not store.note_trusted_time(wrong, boot_time_ns=9, boot_id="one", signed=signed)
    assert store.trusted_time() == before


def test_the_feed_opens_a_day_by_a_higher_serial_and_a_later_date_only(store: Store) -> None:
    assert by_feed(store, "2026-11-25", 5) == "2026-11-25"
    assert by_feed(store, "2026-11-26", 4) is None
    assert by_feed(store, "2026-11-24", 6) is None
    assert by_feed(store, "2026-11-27", 7) == "2026-11-27"
    with pytest.raises(ValueError, match="isoformat"):
        by_feed(store, "27.11.2026", 8)


def test_the_serial_of_the_current_day_gives_it_a_later_label_and_resets_no_counter(store: Store) -> None:
    by_feed(store, "2026-11-25", 5)
    take(store, stamp(trust="unknown"), "one")
    assert by_feed(store, "2026-11-24", 5) is None
    assert by_feed(store, "2026-11-27", 5) == "2026-11-27"
    two = take(store, stamp(trust="unknown"), "two")
    assert (two.number, two.business_day) == ("B2002", "2026-11-27")
    assert take(store, stamp(), "one").business_day == "2026-11-25"  # as its paper says
    # The clock's own 26th and 27th are no later days any more.
    assert take(store, stamp(later(days=2)), "three").number == "B2003"


def test_central_relabels_a_day_too_that_this_kiosk_opened_before_central_named_it(store: Store) -> None:
    assert take(store, stamp(), "opens it by the clock").number == "B2001"
    assert by_feed(store, "2026-11-25", 3) is None
    assert by_feed(store, "2026-11-27", 3) == "2026-11-27"
    given = take(store, stamp(), "after")
    assert (given.number, given.business_day) == ("B2002", "2026-11-27")


def test_a_relabelling_that_comes_late_does_not_touch_the_next_day(store: Store) -> None:
    by_feed(store, "2026-11-25", 5)
    take(store, stamp(later(days=1)), "one")  # the clock has opened the 26th
    assert by_feed(store, "2026-11-28", 5) is None


def test_a_manager_opens_a_later_day_only_and_it_is_recorded(store: Store) -> None:
    day = open_day_by_manager(store, "2026-11-25", stamp(trust="unknown"), "t-1")
    assert day is not None
    assert day.date == "2026-11-25"
    assert open_day_by_manager(store, "2026-11-25", stamp(trust="unknown"), "t-1") is None
    assert open_day_by_manager(store, "2026-11-24", stamp(trust="unknown"), "t-1") is None
    with pytest.raises(ValueError, match="isoformat"):
        open_day_by_manager(store, "tomorrow", stamp(), "t-1")
    with store.read() as connection:
        assert current_day(connection) == day
        kinds = connection.execute(select(tables.items.c.kind)).scalars().all()
    assert kinds == ["audit", "audit", "audit"]
    assert take(store, stamp(trust="unknown")).number == "B2001"
