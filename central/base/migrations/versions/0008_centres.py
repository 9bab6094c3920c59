"""The centres that central knows: a code with a typing error got kiosks before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SHIPPED = (
    ("homs-main", "المركز الرئيسي", "Main centre"),
    ("homs-new", "مركز حمص الجديدة", "New Homs centre"),
    ("homs-hamra", "مركز الحمراء", "Al-Hamra centre"),
)


def upgrade() -> None:
    centres = op.create_table(
        "centres",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_ar", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kiosks_wanted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_centres")),
    )
    op.bulk_insert(
        centres, [{"code": code, "name_ar": ar, "name_en": en, "kiosks_wanted": 0} for code, ar, en in SHIPPED]
    )
    # Whoever has kiosks already is a centre, by its code until somebody names it.
    op.execute(
        "INSERT INTO centres (code, name_ar, name_en, kiosks_wanted) "
        "SELECT DISTINCT centre, centre, centre, 0 FROM kiosks WHERE centre NOT IN (SELECT code FROM centres)"
    )
