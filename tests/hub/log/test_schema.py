"""The hub's tables in the store's file: what the program names, made in one transaction; never a later program's."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import column, create_engine, insert, inspect, select, table, text

from common.machine.errors import StoreTooNew
from hub.log import schema, tables
from hub.log.rows import Counter, Ticket
from tests.hub.hall import Hall

REVISIONS = [one.revision for one in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()][::-1]


def test_the_revisions_make_exactly_the_tables_of_the_program(hall: Hall) -> None:
    def ours(_obj: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or str(name).startswith("hub_")

    with hall.hub.store.read() as connection:
        options = {"compare_type": True, "version_table": schema.VERSION_TABLE, "include_object": ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata) == []
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [schema.REVISION]


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_tables_of_each_earlier_revision_open_with_all_their_rows(
    revision: str, hall: Hall, tmp_path: Path
) -> None:
    hall.kiosks[0].give("A")
    hall.press(1, "open")
    hall.press(1, "next")
    with hall.hub.store.read() as connection:
        used = {one.name: list(connection.execute(select(one)).mappings()) for one in tables.metadata.sorted_tables}
    assert len(used["hub_events"]) > 1
    assert used["hub_tickets"]
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(schema.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        before: dict[str, list[dict[str, Any]]] = {}
        for name, rows in used.items():
            if not inspect(connection).has_table(name):
                continue
            known = [column["name"] for column in inspect(connection).get_columns(name)]
            before[name] = [{column: row[column] for column in known if column in row} for row in rows]
            if rows:
                connection.execute(insert(table(name, *(column(one) for one in known))), before[name])
        schema.upgrade(connection)
        assert schema.revision_of(connection) == schema.REVISION
        for name, kept_rows in before.items():
            found = connection.execute(select(tables.metadata.tables[name])).mappings()
            pairs = zip(found, kept_rows, strict=True)
            assert [{key: row[key] for key in kept} for row, kept in pairs] == kept_rows
    engine.dispose()


def test_projections_have_a_column_for_each_field() -> None:
    assert {column.name for column in tables.tickets.c} == set(Ticket.__struct_fields__)
    assert {column.name for column in tables.counters.c} == set(Counter.__struct_fields__)


def test_tables_of_a_later_program_are_left_alone(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(text("UPDATE hub_alembic_version SET version_num = 'later'"))
    with pytest.raises(StoreTooNew, match="update it"), hall.hub.store.write() as connection:
        schema.upgrade(connection)
