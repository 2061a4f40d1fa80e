"""Give runs a fencing token, what they stored, and the workers a table

Revision ID: 0009
Revises: 0008

"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CHECK = "ck_runs_status_known"
FOREIGN_KEY = "fk_runs_load_id"
STATUSES = "'queued', 'executing', 'completed', 'error', 'aborted'"


def upgrade():
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    with op.batch_alter_table("runs") as batch:
        batch.add_column(sa.Column("requested_by", sa.String(length=16), nullable=False, server_default="site"))
        batch.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("stored_count", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("sizes", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("load_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(batch.f(FOREIGN_KEY), "catalogue_loads", ["load_id"], ["id"])
        batch.drop_constraint(batch.f(CHECK), type_="check")
        batch.create_check_constraint(batch.f(CHECK), f"status IN ({STATUSES}, 'cancelled')")


def downgrade():
    op.execute("UPDATE runs SET status = 'aborted' WHERE status = 'cancelled'")
    with op.batch_alter_table("runs") as batch:
        batch.drop_constraint(batch.f(CHECK), type_="check")
        batch.create_check_constraint(batch.f(CHECK), f"status IN ({STATUSES})")
        batch.drop_constraint(batch.f(FOREIGN_KEY), type_="foreignkey")
        for name in ("load_id", "sizes", "stored_count", "attempt", "requested_by"):
            batch.drop_column(name)
    op.drop_table("workers")
