"""The database: engines, one kind of transaction for both SQLite and PostgreSQL, and the schema that they hold.

Every commit on PostgreSQL is one that a replica has too, where the cluster asks for that: see `replication`.
"""

from central.base.database.engine import open_engine, opened
from central.base.database.migration import (
    REVISION,
    SchemaTooNewError,
    SchemaTooOldError,
    TableBusyError,
    check_revision,
    migrate,
)
from central.base.database.replication import NotReplicatedError
from central.base.database.rows import among, insert_into, insert_new, upsert
from central.base.database.transactions import (
    COUNTING_LOCK,
    ENROLMENT_LOCK,
    FEED_LOCK,
    READING_LOCK,
    SCHEMA_LOCK,
    UNSEALING_LOCK,
    each_alone,
    is_postgres,
    let_others_write,
    lock,
    reading,
    try_lock,
)

__all__ = [
    "COUNTING_LOCK",
    "ENROLMENT_LOCK",
    "FEED_LOCK",
    "READING_LOCK",
    "REVISION",
    "SCHEMA_LOCK",
    "UNSEALING_LOCK",
    "NotReplicatedError",
    "SchemaTooNewError",
    "SchemaTooOldError",
    "TableBusyError",
    "among",
    "check_revision",
    "each_alone",
    "insert_into",
    "insert_new",
    "is_postgres",
    "let_others_write",
    "lock",
    "migrate",
    "open_engine",
    "opened",
    "reading",
    "try_lock",
    "upsert",
]
