"""Number the rows of the list by their TOIs alone, so that a new TOI moves no other

Revision ID: 0025
Revises: 0024

"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""In SQLite an INTEGER has up to 64 bits, and is the table's own key."""
BEFORE = "(length(rtrim(toi, '0123456789')) - 1)"
CANDIDATE = f"CAST(substr(toi, {BEFORE} + 2) AS BIGINT)"
BY_TOI = f"""UPDATE listed_tois SET position =
    -(((CAST(toi_number AS BIGINT) * 10000 + {CANDIDATE}) * 10 + 9 - {BEFORE}) * 10 + 5 - (length(toi) - {BEFORE}))"""
COUNTED = """UPDATE listed_tois SET position = -places.place
    FROM (SELECT toi, row_number() OVER (ORDER BY position) AS place FROM listed_tois) AS places
    WHERE places.toi = listed_tois.toi"""
POSITIVE = "UPDATE listed_tois SET position = -position"
"""Afterwards: no row gets a number that another one still has."""


def upgrade():
    with op.batch_alter_table("listed_tois") as table:
        table.alter_column("position", type_=PLACE, existing_type=sa.Integer(), existing_nullable=False)
    op.execute(BY_TOI)
    op.execute(POSITIVE)


def downgrade():
    op.execute(COUNTED)
    op.execute(POSITIVE)
    with op.batch_alter_table("listed_tois") as table:
        table.alter_column("position", type_=sa.Integer(), existing_type=PLACE, existing_nullable=False)
