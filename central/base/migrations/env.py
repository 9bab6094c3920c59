"""How Alembic runs here: on the connection that `central.base.database.migrate` opened, inside its transaction."""

from alembic import context

from central.base.tables.base import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter most things in place; Alembic then copies the table.
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
