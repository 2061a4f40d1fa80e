"""Keep surveys and how far each of their stars is

Revision ID: 0021
Revises: 0020

"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("targets_sha256", sa.String(length=64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("driver", sa.String(length=32), nullable=False),
        sa.CheckConstraint("what IN ('tois', 'file', 'sector')", name=op.f("ck_surveys_what_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index("ix_surveys_targets", "surveys", ["targets_sha256"])
    op.create_table(
        "survey_stars",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("data_url", sa.String(length=200), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        *(
            sa.Column(name, kind, server_default="0", nullable=False)
            for name, kind in (
                ("toi_count", sa.Integer()),
                ("measured_count", sa.Integer()),
                ("signal_count", sa.Integer()),
                ("file_bytes", sa.BigInteger()),
            )
        ),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("read_s", "vet_s", "search_s")),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name=op.f("ck_survey_stars_state_known")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name=op.f("fk_survey_stars_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey_id", "tic_id", name=op.f("pk_survey_stars")),
    )
    op.create_index("ix_survey_stars_state", "survey_stars", ["survey_id", "state"])


def downgrade():
    op.drop_table("survey_stars")
    op.drop_table("surveys")
