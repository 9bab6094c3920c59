"""Which time a store believes, and what of it is kept: what central signs sets it, what NTP says only raises it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from common.machine.stamp import BUILT, from_unix_us, unix_us
from offline_store.disk import tables
from offline_store.disk.database import Store
from tests.kit.store import later

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def kept(store: Store) -> tuple[object, ...]:
    columns = tables.store.c
    query = select(columns.floor_us, columns.signed_us, columns.anchor_us, columns.anchor_boot_id)
    with store.read() as connection:
        return tuple(connection.execute(query).one())


def forget(store: Store, floor_us: int | None = None, signed_us: int | None = None) -> None:
    with store.write() as connection:
        connection.execute(update(tables.store).values(floor_us=floor_us, signed_us=signed_us, anchor_boot_id=None))


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_time_is_believed_from_the_building_of_the_program_to_some_years_beyond_what_is_known(
    store: Store, is_signed: bool
) -> None:
    noon = later()
    signed = unix_us(noon) if is_signed else None
    floor = unix_us(noon + 30 * DAY) if is_signed else unix_us(noon)  # what NTP said behind it counts for nothing
    known = noon + 400 * DAY
    unknown = BUILT + 4000 * DAY
    for floor_us, signed_us, moment, is_believed in (
        (floor, signed, known, True), (floor, signed, known + SECOND, False), (floor, signed, BUILT, True),
        (floor, signed, BUILT - SECOND, False), (None, None, unknown, True), (None, None, unknown + SECOND, False),
    ):  # fmt: skip
        forget(store, floor_us, signed_us)
        before = kept(store)
        assert store.note_trusted_time(moment, boot_time_ns=1, boot_id="b") is is_believed
        assert (kept(store) != before) is is_believed


def test_what_central_signs_sets_the_floor_and_what_ntp_says_raises_it(store: Store) -> None:
    def note(hours: int, boot: str, *, signed: bool) -> tuple[object, ...]:
        assert store.note_trusted_time(later(hours=hours), boot_time_ns=hours, boot_id=boot, signed=signed)
        floor, by_central, anchor, boot_id = kept(store)
        times = [one and (from_unix_us(int(str(one))) - later()) / HOUR for one in (floor, by_central, anchor)]
        return (*times, boot_id)

    forget(store)
    assert note(3, "one", signed=False) == (3, None, 3, "one")
    assert note(2, "one", signed=False) == (3, None, 3, "one")
    assert note(1, "one", signed=True) == (1, 1, 1, "one")
    assert note(5, "one", signed=False) == (5, 1, 1, "one")
    assert note(4, "two", signed=False) == (5, 1, 4, "two")
    assert note(2, "two", signed=True) == (2, 2, 2, "two")
    trusted = store.trusted_time()
    assert trusted is not None
    assert (trusted.floor, trusted.anchor, trusted.boot_id, trusted.boot_time_ns) == (
        later(hours=2), later(hours=2), "two", 2
    )  # fmt: skip
