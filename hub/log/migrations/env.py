"""How Alembic reaches the hub's tables: in the transaction that schema.py began, beside the store's revisions."""

from alembic import context

from hub.log import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.state.metadata,
    version_table="hub_alembic_version",
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
