"""The feed's marks and epochs, by which central is found to have been set back to a copy."""

import secrets
import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _marks()
    epochs = op.create_table(
        "feed_epochs",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_epochs")),
        sa.UniqueConstraint("epoch", name=op.f("uq_feed_epochs_epoch")),
    )
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    op.execute(sa.insert(epochs).values(epoch=str(uuid.uuid4()), why="first", began_at=now, floor=0))


def _marks() -> None:
    with op.batch_alter_table("feed") as batch:
        batch.add_column(sa.Column("mark", sa.Text(), nullable=True))
    feed = sa.table("feed", sa.column("id", sa.BigInteger()), sa.column("mark", sa.Text()))
    connection = op.get_bind()
    for number in connection.scalars(sa.select(feed.c.id)).all():
        connection.execute(sa.update(feed).where(feed.c.id == number).values(mark=secrets.token_hex(8)))
    with op.batch_alter_table("feed") as batch:
        batch.alter_column("mark", existing_type=sa.Text(), nullable=False)
        batch.drop_index("ix_feed_kind_key")
        batch.create_index("ix_feed_kind_key", ["kind", "key", "id"])
