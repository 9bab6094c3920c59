"""An item's id is its kiosk's: another kiosk may use it too, by mischief or by mistake."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inbox") as batch:
        batch.drop_constraint("uq_inbox_id", type_="unique")
        # The id first: one index keeps ids unique in their kiosk, and finds an id wherever it was used.
        batch.create_unique_constraint("uq_inbox_id_kiosk", ["id", "kiosk"])
    with op.batch_alter_table("orders") as batch:
        batch.drop_constraint("uq_orders_item", type_="unique")
        batch.create_unique_constraint("uq_orders_kiosk_item", ["kiosk", "item"])
    with op.batch_alter_table("opened") as batch:
        batch.add_column(sa.Column("kiosk", sa.Text(), nullable=True))
    op.execute("UPDATE opened SET kiosk = (SELECT kiosk FROM inbox WHERE inbox.id = opened.item)")
    with op.batch_alter_table("opened") as batch:
        batch.alter_column("kiosk", existing_type=sa.Text(), nullable=False)
        batch.drop_constraint("pk_opened", type_="primary")
        batch.create_primary_key("pk_opened", ["kiosk", "item"])
