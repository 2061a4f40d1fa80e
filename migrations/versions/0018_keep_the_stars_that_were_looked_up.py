"""Keep the stars that were looked up, with their neighbors in the TIC, and a catalogue of eclipsing binaries

Runs may look stars up. Planets get their ephemerides, with the next update of the catalogue.

Going back removes these stars, their products and the runs that looked them up: an earlier version would take them for
stars with a TOI.

Revision ID: 0018
Revises: 0017

"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAME = "ck_runs_kind_known"
PLANET_COLUMNS = ("period_err_d", "epoch_btjd", "epoch_err_d")
KINDS_BEFORE = ("reset", "predict", "vet", "search")
KINDS = (*KINDS_BEFORE, "look-up")


def upgrade():
    op.create_table(
        "look_ups",
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mast_url", sa.Text(), nullable=False),
        sa.Column("neighbour_count", sa.Integer(), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tic_id", name=op.f("pk_look_ups")),
    )
    op.create_index(op.f("ix_look_ups_looked_up_at"), "look_ups", ["looked_up_at"])
    op.create_table(
        "tic_neighbours",
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("neighbour_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("separation_arcsec", sa.Float(), nullable=False),
        sa.Column("ra_deg", sa.Float(), nullable=False),
        sa.Column("dec_deg", sa.Float(), nullable=False),
        sa.Column("tmag", sa.Float(), nullable=True),
        sa.Column("tic_disposition", sa.String(length=16), nullable=True),
        sa.Column("duplicate_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tic_id", "neighbour_id", name=op.f("pk_tic_neighbours")),
    )
    op.create_index(op.f("ix_tic_neighbours_neighbour_id"), "tic_neighbours", ["neighbour_id"])
    _make_binaries()
    for name in PLANET_COLUMNS:
        op.add_column("planets", sa.Column(name, sa.Float(), nullable=True))
    _allow(KINDS)


def downgrade():
    runs = sa.table("runs", sa.column("kind", sa.String))
    op.execute(sa.delete(runs).where(runs.c.kind.not_in(KINDS_BEFORE)))
    _allow(KINDS_BEFORE)
    for table in ("data_products", "stars"):
        op.execute(
            f"DELETE FROM {table} WHERE tic_id IN (SELECT tic_id FROM look_ups)"
            " AND tic_id NOT IN (SELECT tic_id FROM tois)"
        )
    for table in ("tic_neighbours", "look_ups", "eclipsing_binaries", "eclipsing_binary_loads"):
        op.drop_table(table)
    for name in PLANET_COLUMNS:
        op.drop_column("planets", name)


def _make_binaries():
    op.create_table(
        "eclipsing_binary_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signal_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eclipsing_binary_loads")),
    )
    op.create_table(
        "eclipsing_binaries",
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tmag", sa.Float(), nullable=True),
        sa.Column("epoch_btjd", sa.Float(), nullable=False),
        sa.Column("period_d", sa.Float(), nullable=False),
        sa.Column("morphology", sa.Float(), nullable=True),
        sa.Column("primary_width_phase", sa.Float(), nullable=True),
        sa.Column("primary_depth", sa.Float(), nullable=True),
        sa.Column("secondary_width_phase", sa.Float(), nullable=True),
        sa.Column("secondary_depth", sa.Float(), nullable=True),
        sa.CheckConstraint("period_d > 0", name=op.f("ck_eclipsing_binaries_period_positive")),
        sa.PrimaryKeyConstraint("tic_id", "signal", name=op.f("pk_eclipsing_binaries")),
    )


def _allow(kinds):
    with op.batch_alter_table("runs") as table:
        table.drop_constraint(table.f(NAME), type_="check")
        table.create_check_constraint(table.f(NAME), sa.text(f"kind IN {kinds}"))
