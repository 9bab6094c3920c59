"""Who hears of tickets beside central: what has changed about them, how far each listener knows it, what it called."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Whatever issues, voids or prints a ticket is seen, whoever writes it.
TRIGGERS = (
    """CREATE TRIGGER ticket_issued AFTER INSERT ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END""",
    """CREATE TRIGGER ticket_voided AFTER UPDATE OF voided ON tickets BEGIN
        INSERT INTO ticket_changes (ticket_row) VALUES (NEW.row);
    END""",
    """CREATE TRIGGER ticket_printed AFTER UPDATE OF state ON print_jobs WHEN NEW.state <> 'sending' BEGIN
        INSERT INTO ticket_changes (ticket_row)
        SELECT items.row FROM items JOIN tickets ON tickets.row = items.row WHERE items.id = NEW.item_id;
    END""",
)


def upgrade() -> None:
    op.create_table(
        "ticket_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_changes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "listeners",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.Column("heard_through", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_listeners")),
    )
    op.create_table(
        "calls_heard",
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day_id", "number", name=op.f("pk_calls_heard")),
    )
    for trigger in TRIGGERS:
        op.execute(trigger)
    op.execute(
        "INSERT INTO ticket_changes (ticket_row)"
        " SELECT row FROM tickets WHERE day_id = (SELECT max(id) FROM business_days) ORDER BY row"
    )
