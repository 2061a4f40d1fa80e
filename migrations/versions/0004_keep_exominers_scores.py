"""Keep ExoMiner's scores

Revision ID: 0004
Revises: 0003

"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "exominer_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exominer_loads"),
    )
    op.create_table(
        "exominer_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("period_d", sa.Float(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.CheckConstraint("score >= 0 AND score <= 1", name="ck_exominer_scores_score_range"),
        sa.PrimaryKeyConstraint("id", name="pk_exominer_scores"),
    )
    op.create_index("ix_exominer_scores_tic_id", "exominer_scores", ["tic_id"])
    with op.batch_alter_table("listed_tois") as batch_op:
        batch_op.add_column(sa.Column("exominer_score", sa.Float()))


def downgrade():
    with op.batch_alter_table("listed_tois") as batch_op:
        batch_op.drop_column("exominer_score")
    op.drop_table("exominer_scores")
    op.drop_table("exominer_loads")
