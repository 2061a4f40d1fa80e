"""Mark outdated vetting results, record changes of every value of a signal, and number transits

Revision ID: 0012
Revises: 0011

"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHANGES = "catalogue_changes"
CHECK = "ck_catalogue_changes_kind_known"
OLD_KINDS = "'new', 'retired', 'disposition', 'period'"
NEW_KINDS = "'star', 'epoch', 'duration', 'depth', 'radius'"


def upgrade():
    op.add_column("vetting_results", sa.Column("outdated", sa.Text()))
    op.add_column("tois", sa.Column("epoch_number", sa.BigInteger()))
    with op.batch_alter_table(CHANGES) as batch:
        batch.add_column(sa.Column("note", sa.String(80)))
        batch.drop_constraint(batch.f(CHECK), type_="check")
        batch.create_check_constraint(batch.f(CHECK), f"kind IN ({OLD_KINDS}, {NEW_KINDS})")


def downgrade():
    op.execute(f"DELETE FROM {CHANGES} WHERE kind IN ({NEW_KINDS})")
    with op.batch_alter_table(CHANGES) as batch:
        batch.drop_constraint(batch.f(CHECK), type_="check")
        batch.create_check_constraint(batch.f(CHECK), f"kind IN ({OLD_KINDS})")
        batch.drop_column("note")
    op.drop_column("tois", "epoch_number")
    op.drop_column("vetting_results", "outdated")
