"""Keep what the TIC says of its entries: duplicates and artifacts, and the names of 2MASS and Gaia

Revision ID: 0011
Revises: 0010

"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEXED = ("duplicate_id", "twomass", "gaia_dr2_id")


def upgrade():
    with op.batch_alter_table("stars") as batch:
        batch.add_column(sa.Column("tic_disposition", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("duplicate_id", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("twomass", sa.String(length=24), nullable=True))
        batch.add_column(sa.Column("gaia_dr2_id", sa.BigInteger(), nullable=True))
        for name in INDEXED:
            batch.create_index(batch.f(f"ix_stars_{name}"), [name], unique=False)


def downgrade():
    # not in batch mode, which would make the table anew on SQLite: its rows are referred to
    for name in INDEXED:
        op.drop_index(op.f(f"ix_stars_{name}"), table_name="stars")
    for name in ("gaia_dr2_id", "twomass", "duplicate_id", "tic_disposition"):
        op.drop_column("stars", name)
