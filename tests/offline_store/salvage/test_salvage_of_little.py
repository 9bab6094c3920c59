"""Where hardly anything is left of a store: lost again and again, without a name, or failing while it is opened."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import AuditBody, decode_body
from common.protocol.feed_page import FeedPage
from offline_store import opening
from offline_store.disk import tables
from offline_store.disk.database import DATABASE
from offline_store.feed.feed import apply_page
from offline_store.issuing.business_day import current_day
from tests.kit.store import stamp
from tests.offline_store.salvage.conftest import opened, take
from tests.offline_store.salvage.test_salvage import waiting_of, zero_head


def test_a_store_that_is_gone_again_and_again_gives_no_number_twice(used: Path) -> None:
    numbers = []
    for n in range(3):
        (used / DATABASE).unlink()
        with opened(used) as store:
            numbers.append(take(store, f"new {n}")[0])
    assert numbers == ["B21000", "B22000", "B23000"]


def test_a_day_that_was_given_its_right_date_keeps_it(used: Path) -> None:
    """A clock a day ahead had named it; its first tickets' items bear that label for good."""
    with opened(used) as store, store.write() as connection:
        day = current_day(connection)
        assert day is not None
        right = f"{date.fromisoformat(day.date) - timedelta(days=1)}"
        connection.execute(update(tables.business_days).values(date=right))
    (used / "store.damaged").write_text("seen while running")
    with opened(used, stamp(trust="unknown")) as store, store.read() as connection:
        found = current_day(connection)
        assert found is not None
        assert (found.id, found.date) == (day.id, right)


def test_what_the_feed_brought_goes_with_the_snapshot_that_leaves_it_out(used: Path) -> None:
    """Its generations are counted from the beginning again: a row of the next one would outlive a removal."""
    with opened(used) as store, store.write() as connection:
        order = {"order_id": "ab" * 16, "state": "ready", "heard": 2}
        connection.execute(insert(tables.order_states).values(order))
        connection.execute(update(tables.technicians).values(heard=2))
    (used / "store.damaged").write_text("seen while running")
    with opened(used) as store:
        with store.read() as connection:
            assert connection.scalar(select(tables.technicians.c.name)) == "Rana"
            assert connection.scalar(select(tables.order_states.c.state)) == "ready"
        assert apply_page(store, FeedPage([], "e.78.m", "e", 78, snapshot=True), stamp())
        with store.read() as connection:
            assert connection.scalar(select(tables.technicians.c.name)) is None
            assert connection.scalar(select(tables.order_states.c.state)) is None


def test_where_nothing_names_the_former_epoch_it_is_that_of_the_newest_item(used: Path) -> None:
    zero_head(used / DATABASE)
    with opened(used) as store:  # a second epoch, so that there are two to choose from
        take(store, "new")
        epoch = store.epoch
    with closing(sqlite3.connect(used / DATABASE)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DELETE FROM store")
        connection.commit()
    zero_head(used / DATABASE)
    (used / "last-epoch").unlink()
    (used / "store.lock").write_bytes(b"")
    first = [one.item for one in waiting_of(used) if one.item.seq == 1][-1]
    body = decode_body("audit", first.body)
    assert isinstance(body, AuditBody)
    assert body.detail["former_epoch"] == epoch


def test_what_sqlite_says_at_opening_is_a_sentence_of_the_store(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not through SQLAlchemy: the integrity check and the second head ask the driver itself."""

    def fails(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(opening, "burn_cut_numbers", fails)
        with pytest.raises(StoreUnavailable, match="the store does not work now"):
            opened(used)
    with opened(used) as store:  # and it let go of the lock
        assert take(store, "new")[0] == "B2031"
