"""Keep searches for transits and the signals detected in them

Revision ID: 0017
Revises: 0016

"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = ("reset", "predict", "vet")


def _allow(kinds):
    """Allow these kinds of run and no other."""
    with op.batch_alter_table("runs") as batch_op:
        batch_op.drop_constraint(op.f("ck_runs_kind_known"), type_="check")
        batch_op.create_check_constraint("kind_known", f"kind IN {kinds}")


def upgrade():
    _allow((*KINDS, "search"))
    op.create_table(
        "searches",
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("notes", "rejected", "periodogram", "known", "listed", "provenance")
        ),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("masked_known", "simulated")),
        sa.PrimaryKeyConstraint("tic_id", name=op.f("pk_searches")),
    )
    op.create_table(
        "detected_signals",
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Float(), nullable=name in ("period_d", "sde"))
            for name in ("period_d", "epoch_btjd", "depth_ppm", "snr", "sde")
        ),
        sa.Column("measured", sa.JSON(), nullable=False),
        sa.Column("same_as", sa.String(length=40), nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("light_curve_class", sa.String(length=2), nullable=True),
        sa.Column("light_curve_pc", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tic_id"], ["searches.tic_id"], name=op.f("fk_detected_signals_tic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tic_id", "number", name=op.f("pk_detected_signals")),
    )


def downgrade():
    op.drop_table("detected_signals")
    op.drop_table("searches")
    op.execute("DELETE FROM runs WHERE kind = 'search'")
    _allow(KINDS)
