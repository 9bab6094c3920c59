"""A store written by an earlier revision opens with all its rows.

For each revision `stores/NNNN.sql` holds a used store as that revision wrote it. `python -m
tests.offline_store.disk.test_migration` writes the file of the newest one: once, when the revision is made.
"""

import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text, update

from common.machine.errors import StoreUnavailable
from common.protocol.envelope import ItemResult
from offline_store.chain.audit import verify_chain
from offline_store.delivery.outbox import apply_results, waiting_items
from offline_store.disk import migration, tables
from offline_store.disk.database import DATABASE, Store
from offline_store.disk.integrity import check_whole
from offline_store.issuing.intake import OrderRequest, TicketRequest, accept_order, accept_ticket
from offline_store.opening import open_store_in
from offline_store.printed import print_journal
from tests.kit.kept_stores import checks_declared, checks_held, keep, load, rows
from tests.kit.store import IDENTITY, MACHINE, stamp

STORES = Path(__file__).parent / "stores"
REVISIONS = sorted(STORES.glob("*.sql"))
#: A hub tells all that these said once more, as rows.
GONE = {"calls_heard"}
NEWEST = STORES / f"{migration.REVISION}.sql"

LATER = '''"""A revision of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("tomorrow", sa.Text()))
    op.execute("UPDATE tickets SET tomorrow = 'yes'")
    {more}
'''


def write_used_store(folder: Path) -> None:
    """Use every table of the store once."""
    with open_store_in(folder, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        for n in range(5):
            given = accept_ticket(store, TicketRequest("clearance", "BC"[n % 2]), intention=f"i{n}", stamp=stamp())
        accept_order(
            store, OrderRequest(outcome="accepted", code="SY1:X", order_id="ab" * 16), intention="scan", stamp=stamp()
        )
        job = print_journal.open_job(store, item_id=given.id, paper="ticket", stamp=stamp())
        print_journal.close_job(store, job, "printed", stamp(), millimetres=90)
        samples: dict[str, dict[str, object]] = {
            "catalogue": {"code": "clearance", "position": 1, "entry": "{}"},
            "app_keys": {"kid": "00ff", "public_key": "QQ==", "alg": -19, "valid_from": 1, "valid_until": 2},
            "order_states": {"order_id": "cd" * 16, "number": "1234567890", "state": "ready"},
            "order_questions": {"order_id": "ef" * 16, "day_id": 1},
            "inquiries": {
                "id": "i1", "kiosk": "k", "kind": "seats", "body": "{}", "reply_key": "QQ==", "boot_id": "b",
                "dies_ns": 8, "asked_at": 9, "state": "over",
            },
            "payments": {
                "payment": "p1", "inquiry": "i1", "bill_no": "HM2-1", "biller": "homs-water", "payer": "shamcash",
                "amount": 100, "currency": "SYP", "pound": "new", "dies_at": "2026-11-25T09:10:00Z", "opened_at": 9,
                "state": "opened",
            },
            "technicians": {"id": "t1", "name": "Rana", "centre": "homs-main", "role": "manager", "pin_hash": "h"},
            "settings": {"key": "volume", "value": "3"},
            "feed_set_aside": {"id": 4, "kind": "odd", "body": "{}", "reason": "unknown kind", "received_at": 5},
            "alarms": {"code": "paper", "since_at": 6, "detail": "out"},
            "centre_records": {"kind": "hubs", "body": "{}", "message_id": 8},
            "listeners": {"name": "hub", "peer": "hub-1", "term": 1, "heard_through": 2},
            "hall_rows": {
                "day": 1, "kiosk": "k", "number": "B2001", "service": "clearance", "state": "called", "place": 5,
                "counter": 3, "called": "2026-11-25T09:10:00Z", "priority": 0, "shown": "",
            },
            "hall_as_of": {
                "one": 1, "hub": "hub-1", "life": "l", "seq": 9, "wall_time": "2026-11-25T09:10:00Z",
                "clock": "synced", "boot_id": "b", "boot_time_ns": 7,
            },
            "pin_attempts": {"name": "t1", "failures": 2, "boot_id": "b", "boot_time_ns": 7},
            "chain_gaps": {
                "epoch": "former", "first_seq": 1, "last_seq": 9, "first_prev_hash": "0", "last_hash": "1",
                "reason": "pruned",
            },
        }  # fmt: skip
        with store.write() as connection:
            for name, values in samples.items():
                connection.execute(insert(tables.metadata.tables[name]).values(**values))
            connection.execute(update(tables.feed).values(cursor="e.77.m", through=77, business_day_serial=5))
            apply_results(connection, [ItemResult(waiting_items(connection)[0].item.id, "applied")], stamp())


@pytest.mark.parametrize("sql", REVISIONS, ids=lambda path: path.stem)
def test_a_store_of_an_earlier_revision_opens_with_all_its_rows(tmp_path: Path, sql: Path) -> None:
    load(sql, tmp_path)
    before = rows(tmp_path / DATABASE)
    assert not [name for name, count in before.items() if count == 0]
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as store:
        assert check_whole(store) == []
        assert verify_chain(store) == []
        again = accept_ticket(store, TicketRequest("clearance", "B"), intention="i0", stamp=stamp())
        assert (again.number, again.repeated) == ("B2001", True)
    assert not (tmp_path / "damaged").exists()
    after = rows(tmp_path / DATABASE)
    assert {name: after[name] for name in before if name not in GONE} == {
        name: count for name, count in before.items() if name not in GONE
    }


def test_there_is_a_store_of_every_revision() -> None:
    script = ScriptDirectory(str(migration.MIGRATIONS))
    assert script.get_heads() == [migration.REVISION]
    assert {path.stem for path in REVISIONS} == {one.revision for one in script.walk_revisions()}


def test_the_revisions_make_exactly_the_tables_of_the_program(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, tables.metadata) == []
        assert checks_declared(tables.metadata) == checks_held(connection, tables.metadata)


def later_migrations(tmp_path: Path, more: str = "") -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(migration.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    written = LATER.format(newest=migration.REVISION, more=more)
    (folder / "versions" / "later.py").write_text(written, encoding="utf-8")
    return folder


def test_a_later_revision_upgrades_the_store_in_place(tmp_path: Path) -> None:
    load(NEWEST, tmp_path / "data")
    path = tmp_path / "data" / DATABASE
    before = rows(path)
    migration.upgrade(path, later_migrations(tmp_path))
    assert rows(path) == before
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT DISTINCT tomorrow FROM tickets").fetchall() == [("yes",)]
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("later",)
    connection.close()


def test_an_upgrade_that_fails_half_way_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    load(NEWEST, tmp_path / "data")
    path = tmp_path / "data" / DATABASE
    with pytest.raises(RuntimeError, match="half way"):
        migration.upgrade(path, later_migrations(tmp_path, 'raise RuntimeError("half way")'))
    connection = sqlite3.connect(path)
    assert "tomorrow" not in [row[1] for row in connection.execute("PRAGMA table_info(tickets)")]
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (migration.REVISION,)
    connection.close()


def test_opening_upgrades_only_when_no_other_process_has_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline_store.opening.LOCK_TIMEOUT_S", 0.05)
    ours = migration.REVISION
    with open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE) as old:
        monkeypatch.setattr(migration, "REVISION", "later")  # a newer program starts beside the old one
        with pytest.raises(StoreUnavailable, match="another process"):
            open_store_in(tmp_path, IDENTITY, stamp=stamp(), machine=MACHINE)
        with old.read() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == ours


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        write_used_store(Path(made))
        keep(Path(made), NEWEST)
