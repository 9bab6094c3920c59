"""Say of a ticket what it was given for."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
# Until now one column had a claim's id or one of these, which its length told apart.
_LENGTHS = {"carried": 36, "carried_token": 64, "digits": 8}


def upgrade() -> None:
    for name, length in _LENGTHS.items():
        op.add_column("tickets", sa.Column(name, sa.Text(), nullable=True))
        is_one = f"length(claim) = {length}"
        op.execute(f"UPDATE tickets SET {name} = claim, claim = NULL WHERE {is_one}")  # noqa: S608 - names of our own
        is_told = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_tickets_{name}", "tickets", [name], sqlite_where=is_told, postgresql_where=is_told)
