"""The hub's tables in the store's file: what the program names, made in one transaction; never a later program's.

For each revision `stores/NNNN.sql` holds a used hub as that revision wrote it. `python -m tests.hub.log.test_schema`
writes the file of the newest one: once, when the revision is made.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, text

from common.machine.errors import StoreTooNew
from common.queue.standing import Counter, Ticket
from hub.engine.opening import open_hub
from hub.log import schema, tables
from offline_store.disk.database import DATABASE
from offline_store.identity import Identity
from offline_store.opening import open_store_in
from tests.hub.hall import CENTRE, HUB_ID, Hall, open_hall
from tests.kit.clock import HandClock
from tests.kit.kept_stores import checks_declared, checks_held, keep, load, rows

STORES = sorted((Path(__file__).parent / "stores").glob("*.sql"))


def test_the_revisions_make_exactly_the_tables_of_the_program(hall: Hall) -> None:
    def ours(_obj: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or str(name).startswith("hub_")

    with hall.hub.store.read() as connection:
        options = {"compare_type": True, "version_table": schema.VERSION_TABLE, "include_object": ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), tables.state.metadata) == []
        assert checks_declared(tables.state.metadata) == checks_held(connection, tables.state.metadata)


def test_there_is_a_store_of_every_revision() -> None:
    script = ScriptDirectory(str(schema.MIGRATIONS))
    assert script.get_heads() == [schema.REVISION]
    assert {path.stem for path in STORES} == {one.revision for one in script.walk_revisions()}


def write_used_hub(folder: Path) -> None:
    """Use every table of the hub once."""
    hall = open_hall(folder)
    hall.set_up({1: ["A", "B"], 2: ["A"]})
    hall.works()
    hall.kiosks[0].give("A")
    hall.kiosks[1].give("A", order_id="ab" * 16, priority="infant")
    hall.press(1, "open")
    hall.press(1, "next")
    hall.press(1, "came")
    hall.press(1, "done", documents={"civil-affairs": 1})
    hall.kiosks[2].give("A")
    hall.press(1, "by-hand", ranges=[{"to": "A3001"}])
    hall.press(1, "next")
    samples: dict[str, dict[str, object]] = {
        "hub_events_aside": {"row": 1, "seq": 9, "term": 1, "event": "{}"},
        "hub_help_calls": {"id": "h1", "kiosk": "kiosk-1", "asked_line": 5, "asked_at": "2026-11-25T09:10:00Z"},
        "hub_locks": {"scope": "clerk-1", "failures": 2, "last_line": 3, "until_line": 4},
        "hub_offices": {"origin": "192.0.2.7", "seen_line": 3},
        "hub_alarms": {
            "name": "paper-out/kiosk-1", "kind": "paper-out", "machine": "kiosk-1", "digits": "42",
            "since": "2026-11-25T09:10:00.000000Z",
        },
        "hub_kiosk_needs": {"kiosk": "kiosk-1", "needs": '["paper-out"]', "heard_line": 5},
        "hub_messages": {
            "id": "m1", "kind": "staff-alarm", "channel": "modem", "made_at": "2026-11-25T09:11:00.000000Z",
            "dies_at": "2026-11-25T10:11:00.000000Z", "state": "handed", "tries": 0, "reference": "7",
            "alarm": "paper-out/kiosk-1", "person": "ab" * 16, "text": "…",
        },
        "hub_texts_let_go": {"one": 1, "n": 2},
        "hub_followers": {"hub": "hub-2", "pulled_line": 4, "pulled_at": "2026-11-25T09:00:00Z", "through": 3},
        "hub_overrides": {"name": "rules", "value": "{}", "message_id": 1, "seq": 2},
        "hub_sessions": {
            "token_sha256": "ab" * 32, "clerk": "clerk-1", "role": "clerk", "counter": 1,
            "began_line": 1, "began_at": "2026-11-25T09:00:00Z", "pin_sha256": "cd" * 32,
        },
    }  # fmt: skip
    with hall.hub.store.write() as connection:
        for name, values in samples.items():
            connection.execute(insert(tables.state.metadata.tables[name]).values(**values))
    hall.hub.store.close()


def _contents(connection: Connection, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    return {name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()] for name in names}


@pytest.mark.parametrize("sql", STORES, ids=lambda path: path.stem)
def test_the_tables_of_each_earlier_revision_open_with_all_their_rows(sql: Path, tmp_path: Path) -> None:
    kept = {name: count for name, count in rows(load(sql, tmp_path)).items() if name.startswith("hub_")}
    assert not [name for name, count in kept.items() if count == 0]
    engine = create_engine(f"sqlite:///{tmp_path / DATABASE}")
    with engine.connect() as connection:
        before = _contents(connection, kept)
    engine.dispose()
    clock = HandClock()
    with open_store_in(tmp_path, Identity(HUB_ID, CENTRE, 0), stamp=clock.now(), machine="m" * 64) as store:
        open_hub(store, clock, term=1)
        with store.read() as connection:
            assert schema.revision_of(connection) == schema.REVISION
            after = _contents(connection, kept.keys() - {schema.VERSION_TABLE})
    for name, found in after.items():
        pairs = zip(found, before[name], strict=True)
        assert [{key: row[key] for key in kept_row} for row, kept_row in pairs] == before[name]


def test_projections_have_a_column_for_each_field() -> None:
    assert {column.name for column in tables.tickets.c} == set(Ticket.__struct_fields__)
    assert {column.name for column in tables.counters.c} == set(Counter.__struct_fields__)


def test_tables_of_a_later_program_are_left_alone(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(text("UPDATE hub_alembic_version SET version_num = 'later'"))
    with pytest.raises(StoreTooNew, match="update it"), hall.hub.store.write() as connection:
        schema.upgrade(connection)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        write_used_hub(Path(made))
        keep(Path(made), Path(__file__).parent / "stores" / f"{schema.REVISION}.sql")
