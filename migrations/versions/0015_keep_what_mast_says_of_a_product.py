"""Keep what MAST says of a product, and which kinds of products a star has

Pipeline, cadence, release and dates of the products are filled by the next catalogue update.

Revision ID: 0015
Revises: 0014

"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = {
    "provenance": sa.String(32),
    "cadence_s": sa.Float(),
    "size_bytes": sa.BigInteger(),
    "released_on": sa.Date(),
    "start_btjd": sa.Float(),
    "stop_btjd": sa.Float(),
}
KINDS = ("lc", "fast-lc", "tess-spoc", "qlp", "tglc", "dvt", "other")


def upgrade():
    with op.batch_alter_table("data_products") as table:
        for name, kind in COLUMNS.items():
            table.add_column(sa.Column(name, kind))
    with op.batch_alter_table("listed_tois") as table:
        table.add_column(sa.Column("product_kinds", sa.Text(), nullable=False, server_default=""))
    _fill_kinds()
    with op.batch_alter_table("listed_tois") as table:
        table.alter_column("product_kinds", existing_type=sa.Text(), existing_nullable=False, server_default=None)


def downgrade():
    with op.batch_alter_table("listed_tois") as table:
        table.drop_column("product_kinds")
    with op.batch_alter_table("data_products") as table:
        for name in COLUMNS:
            table.drop_column(name)


def _fill_kinds():
    listed = sa.table("listed_tois", sa.column("tic_id", sa.BigInteger), sa.column("product_kinds", sa.Text))
    products = sa.table("data_products", sa.column("tic_id", sa.BigInteger), sa.column("kind", sa.String))
    for kind in KINDS:
        there = listed.c.tic_id.in_(sa.select(products.c.tic_id).where(products.c.kind == kind))
        before = sa.case((listed.c.product_kinds == "", ","), else_=listed.c.product_kinds)
        op.execute(sa.update(listed).where(there).values(product_kinds=before + f"{kind},"))
