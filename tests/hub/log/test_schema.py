"""The hub's tables in the store's file: what the program names, made in one transaction; never a later program's."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from hub.log import schema, tables
from hub.log.rows import Counter, Ticket
from offline_store.errors import StoreTooNew
from tests.hub.hall import Hall


def test_the_revisions_make_exactly_the_tables_of_the_program(hall: Hall) -> None:
    def ours(_obj: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "table" or str(name).startswith("hub_")

    with hall.hub.store.read() as connection:
        options = {"compare_type": True, "version_table": schema.VERSION_TABLE, "include_object": ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata) == []
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_heads() == [schema.REVISION]


def test_projections_have_a_column_for_each_field() -> None:
    assert {column.name for column in tables.tickets.c} == set(Ticket.__struct_fields__)
    assert {column.name for column in tables.counters.c} == set(Counter.__struct_fields__)


def test_tables_of_a_later_program_are_left_alone(hall: Hall) -> None:
    with hall.hub.store.write() as connection:
        connection.execute(text("UPDATE hub_alembic_version SET version_num = 'later'"))
    with pytest.raises(StoreTooNew, match="update it"), hall.hub.store.write() as connection:
        schema.upgrade(connection)
