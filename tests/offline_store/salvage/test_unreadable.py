"""What does not read any more in a damaged store is salvaged around."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update

from common.machine.errors import StoreDamaged
from offline_store.alarms import list_alarms
from offline_store.delivery.outbox import list_items
from offline_store.disk import tables
from offline_store.disk.database import DATABASE
from offline_store.salvage.readable import DamagedDatabase, _Reading
from tests.offline_store.salvage.conftest import opened, take
from tests.offline_store.salvage.test_salvage import overwrite


def garble(text: bytes, replacement: bytes, *files: Path) -> None:
    """Replace that text wherever it stands in the files, as bad sectors do."""
    hits = 0
    for path in files:
        data = path.read_bytes()
        hits += data.count(text)
        path.write_bytes(data.replace(text, replacement))
    assert hits


@pytest.mark.parametrize("name", [b"business_day_sexial", b"business_day_s\xe5rial"], ids=["other", "no text"])
def test_a_schema_whose_columns_are_no_longer_ours_is_salvaged(used: Path, name: bytes) -> None:
    garble(b"business_day_serial", name, used / DATABASE)
    with opened(used) as store:
        assert take(store, "i0") == ("B2001", True)
        assert [alarm.code for alarm in list_alarms(store)] == ["store-salvaged"]


@pytest.mark.parametrize("at", [18, 47], ids=["write version", "schema format"])
def test_a_header_of_a_later_format_is_damage_not_a_read_only_disk(used: Path, at: int) -> None:
    overwrite(used / DATABASE, at, b"\xff")
    with opened(used) as store:
        assert take(store, "i0") == ("B2001", True)
        assert take(store, "new")[0] == "B21000"


def test_a_text_that_does_not_decode_is_salvaged_around(used: Path) -> None:
    """Nothing in the file's structure shows it: it is met where the row is read."""
    garble(b"i7", b"\xff7", used / DATABASE)
    with opened(used) as store, pytest.raises(StoreDamaged), store.read() as connection:
        connection.execute(select(tables.tickets)).all()
    with opened(used) as store:
        assert take(store, "i6") == ("B2004", True)
        assert take(store, "i7", "C")[1] is False


def test_a_ticket_whose_record_does_not_read_is_listed_and_salvaged_around_once_it_is_needed(used: Path) -> None:
    with opened(used) as store:
        (item,) = [row.id for row in list_items(store, include_acknowledged=True) if row.number == "B2005"]
        with store.write() as connection:
            connection.execute(update(tables.items).where(tables.items.c.id == item).values(body="no base64"))
        (listed,) = [row for row in list_items(store, include_acknowledged=True) if row.id == item]
        assert (listed.number, listed.business_day) == (None, None)
        with pytest.raises(StoreDamaged, match="record of a ticket"):
            take(store, "i8")
    with opened(used) as store:
        assert take(store, "i8")[0] == "B21000"


def test_rows_that_come_out_of_order_do_not_widen_the_search(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged page's own cells may name any rowid; the search went below its beginning, and never ended."""
    nothing = [None] * len(tables.store.columns)

    def astray(_: object, select: str, low: int, high: int, reading: _Reading) -> Iterator[tuple[object, ...]]:
        reading.last = high + 100 if select.endswith("DESC") else low - 100
        yield (*nothing,)

    monkeypatch.setattr(DamagedDatabase, "_until_damage", astray)
    with closing(DamagedDatabase(used / DATABASE)) as damaged:
        assert list(damaged.rows(tables.store)) == []
