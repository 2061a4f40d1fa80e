"""Store how many stars and TOIs the lists of the front page have; the next update or scoring counts them

Revision ID: 0023
Revises: 0022

"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "list_counts",
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("drawable", sa.Integer(), nullable=False),
        sa.Column("tois", sa.Integer(), nullable=False),
        sa.Column("classified", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_list_counts")),
    )


def downgrade():
    op.drop_table("list_counts")
