"""Keep published planets, and the names that the search box understands

Revision ID: 0010
Revises: 0009

"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXTS = ("radius_reference", "mass_kind", "mass_reference", "discovery_method")
NAMES = ("host_name", "hd_name", "hip_name", "gaia_dr3_name")
NUMBERS = (
    "period_d",
    "radius_rearth",
    "radius_err_rearth",
    "mass_mearth",
    "mass_err_mearth",
    "vmag",
    "kmag",
    "gaia_gmag",
)


def upgrade():
    op.create_table(
        "planets",
        sa.Column("planet_name", sa.String(length=200), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=True),
        sa.Column("discovery_year", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(length=200), nullable=True) for name in (*TEXTS, *NAMES)),
        *(sa.Column(name, sa.Float(), nullable=True) for name in NUMBERS),
        sa.PrimaryKeyConstraint("planet_name", name=op.f("pk_planets")),
    )
    op.create_index(op.f("ix_planets_tic_id"), "planets", ["tic_id"])
    op.create_table(
        "search_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_names")),
    )
    op.create_index(op.f("ix_search_names_key"), "search_names", ["key"])


def downgrade():
    op.drop_table("search_names")
    op.drop_table("planets")
