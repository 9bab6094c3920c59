"""How Alembic reaches the store: always within the transaction that migration.py began."""

from alembic import context

from offline_store.disk.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters little; Alembic copies the table instead
    transactional_ddl=False,  # the transaction is the caller's: Alembic begins and commits none
)
context.run_migrations()
