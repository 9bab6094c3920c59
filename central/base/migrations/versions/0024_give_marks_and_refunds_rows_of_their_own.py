"""Give marks and refunds of payments rows of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
# Before decisions were written down, a mark that had been taken out stood in the row alone: it comes before its reason.
_MARKS = """INSERT INTO payment_marks (payment, mark, payer_receipt, receipt, at)
SELECT payment, mark, payer_receipt, receipt, at FROM (
    SELECT 1 AS turn, id AS n, payment, decision AS mark, payer_receipt, receipt, at FROM payment_decisions
    UNION ALL SELECT 0, 0, id, 'entered', payer_receipt, receipt, coalesce(marked_at, paid_at, at) FROM payments
    WHERE receipt IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM payment_decisions WHERE payment = payments.id AND decision = 'entered')
    UNION ALL SELECT 2, 0, id, coalesce(reason, 'reversed'), NULL, NULL, coalesce(paid_at, at) FROM payments
    WHERE receipt IS NOT NULL AND state IN ('refund-due', 'refunded') AND NOT EXISTS (
        SELECT 1 FROM payment_decisions WHERE payment = payments.id)
) AS said ORDER BY turn, n, at, payment"""
_AT = "coalesce((SELECT max(at) FROM payment_events WHERE payment = payments.id AND event = '{}'), paid_at, at)"
_REFUNDS = f"""INSERT INTO payment_refunds (payment, payer, payer_receipt, step, "by", amount, receipt, at)
SELECT payment, payer, payer_receipt, step, who, amount, receipt, at FROM (
    SELECT 1 AS turn, id AS payment, payer, payer_receipt, 'proposed' AS step, refund_proposed_by AS who,
    CAST(NULL AS BIGINT) AS amount, CAST(NULL AS TEXT) AS receipt, {_AT.format("refund-proposed")} AS at
    FROM payments WHERE refund_proposed_by IS NOT NULL
    UNION ALL SELECT 2, id, payer, payer_receipt, 'ordered', refund_made_by, NULL, NULL, {_AT.format("refund-ordered")}
    FROM payments WHERE refund_made_by IS NOT NULL
    UNION ALL SELECT 3, id, payer, payer_receipt, 'made', refund_made_by, coalesce(paid_amount, amount), refund_receipt,
    {_AT.format("refunded")} FROM payments
    WHERE refund_made_by IS NOT NULL AND refund_receipt IS NOT NULL AND state = 'refunded'
) AS steps WHERE payer_receipt IS NOT NULL ORDER BY turn, at, payment"""  # noqa: S608 - names of ours alone


def upgrade() -> None:
    op.create_table(
        "payment_marks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("payer_receipt", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_marks")),
    )
    with op.batch_alter_table("payment_marks", schema=None) as batch_op:
        batch_op.create_index("ix_payment_marks_payment", ["payment"], unique=False)

    op.create_table(
        "payment_refunds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("payer_receipt", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_refunds")),
    )
    with op.batch_alter_table("payment_refunds", schema=None) as batch_op:
        batch_op.create_index("ix_payment_refunds_payer_receipt", ["payer", "payer_receipt"], unique=False)
        batch_op.create_index("ix_payment_refunds_payment", ["payment"], unique=False)

    op.execute(_MARKS)
    op.drop_table("payment_decisions")
    op.execute(_REFUNDS)
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_column("marked_at")
        batch_op.drop_column("refund_made_by")
        batch_op.drop_column("refund_proposed_by")
        batch_op.drop_column("receipt")
