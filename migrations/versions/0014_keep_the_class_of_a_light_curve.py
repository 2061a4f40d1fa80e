"""Keep the class of a light curve, in the results of vetting and in the list of TOIs

Results of an earlier network have two probabilities and no class: their TOIs are without one until they are vetted
again.

Revision ID: 0014
Revises: 0013

"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("vetting_results", "listed_tois")


def upgrade():
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("light_curve_class", sa.String(2)))
            batch_op.add_column(sa.Column("light_curve_pc", sa.Float()))


def downgrade():
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("light_curve_pc")
            batch_op.drop_column("light_curve_class")
