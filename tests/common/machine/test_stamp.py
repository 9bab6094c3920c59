"""A moment as items carry it, and as whole numbers, without the rounding of a float."""

from datetime import UTC, datetime, timedelta, timezone

from common.machine.stamp import Stamp, from_unix_us, rfc3339, unix_us
from tests.kit.clock import BOOT

AT = datetime(2026, 11, 25, 12, 0, 1, 7, timezone(timedelta(hours=3)))


def test_a_moment_is_written_in_utc_with_six_digits() -> None:
    assert rfc3339(AT) == "2026-11-25T09:00:01.000007Z"
    assert rfc3339(datetime(2026, 11, 25, tzinfo=UTC)) == "2026-11-25T00:00:00.000000Z"


def test_microseconds_since_1970_go_there_and_back() -> None:
    us = 1_795_597_201_000_007
    assert unix_us(AT) == us
    assert from_unix_us(us) == AT
    assert from_unix_us(us).utcoffset() == timedelta(0)
    assert unix_us(datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC)) == -1
    assert from_unix_us(86_400_000_000 * 3 + 5) == datetime(1970, 1, 4, 0, 0, 0, 5, UTC)


def test_a_stamp_has_its_moment_in_every_form_and_none_in_a_zone_where_it_is_not_trusted() -> None:
    stamp = Stamp(AT, 5, BOOT, "restored")
    assert (stamp.text, stamp.unix_us, stamp.unix_s) == (
        "2026-11-25T09:00:01.000007Z",
        1_795_597_201_000_007,
        1_795_597_201,
    )
    zone = timezone(timedelta(hours=2))
    local = stamp.local(zone)
    assert local is not None
    assert local.isoformat() == "2026-11-25T11:00:01.000007+02:00"
    assert Stamp(AT, 5, BOOT, "unknown").local(zone) is None
