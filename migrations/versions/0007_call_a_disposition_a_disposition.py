"""Call a change of disposition a disposition, not a verdict

Revision ID: 0007
Revises: 0006

"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "catalogue_changes"
CHECK = "ck_catalogue_changes_kind_known"


def upgrade():
    _rename("verdict", "disposition")


def downgrade():
    _rename("disposition", "verdict")


def _rename(old, new):
    _replace_check(f"kind IN ('new', 'retired', '{old}', '{new}', 'period')")
    op.execute(f"UPDATE {TABLE} SET kind = '{new}' WHERE kind = '{old}'")
    _replace_check(f"kind IN ('new', 'retired', '{new}', 'period')")


def _replace_check(condition):
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(batch.f(CHECK), type_="check")
        batch.create_check_constraint(batch.f(CHECK), condition)
