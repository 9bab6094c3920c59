"""Write decisions on payments down."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
_DECIDED = """INSERT INTO payment_decisions (payment, decision, payer_receipt, receipt, at) SELECT id, {} FROM payments
WHERE extra = 0 AND {} ORDER BY at, id"""


def upgrade() -> None:
    op.create_table(
        "payment_decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("payer_receipt", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_decisions")),
    )
    with op.batch_alter_table("payment_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_payment_decisions_payment", ["payment"], unique=False)
    # Until now what was decided stood in the state and the reason of the try's own row alone.
    entered = "'entered', payer_receipt, receipt, coalesce(marked_at, at)"
    op.execute(_DECIDED.format(entered, "state IN ('marked', 'told')"))
    op.execute(_DECIDED.format("'withdrawn', NULL, NULL, at", "state = 'withdrawn'"))
    back = "state IN ('refund-due', 'refunded') AND reason IS NOT NULL AND reason <> 'wrong-amount'"
    op.execute(_DECIDED.format("reason, NULL, NULL, coalesce(paid_at, at)", back))
