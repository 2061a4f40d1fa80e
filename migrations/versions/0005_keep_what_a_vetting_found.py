"""Keep what a vetting found, in a sentence

Revision ID: 0005
Revises: 0004

"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("vetting_results") as batch_op:
        batch_op.add_column(sa.Column("finding", sa.Text()))


def downgrade():
    with op.batch_alter_table("vetting_results") as batch_op:
        batch_op.drop_column("finding")
