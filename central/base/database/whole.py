"""All tables: the core's, and those of the features that are installed."""

from sqlalchemy import Connection, MetaData, Table, inspect

from central.base.tables.base import metadata
from common.feature import brought


def whole() -> MetaData:
    """Return what describes all of them."""
    brought("central", Table)  # a feature's tables are described once its part is loaded
    return metadata


def of_no_use(connection: Connection) -> list[str]:
    """Return the tables of a database that nothing installed here uses: they are of a feature that was taken out."""
    return sorted({*inspect(connection).get_table_names()} - {*whole().tables, "alembic_version"})
