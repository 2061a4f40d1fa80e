"""Know the light curves of TASOC

Revision ID: 0019
Revises: 0018

Going back removes such products, which the older constraint does not allow; the next catalogue update lists them anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAME = "ck_data_products_kind_known"
KNOWN = ("lc", "fast-lc", "tess-spoc", "qlp", "tglc", "tasoc", "dvt", "other")
KNOWN_BEFORE = tuple(kind for kind in KNOWN if kind != "tasoc")


def upgrade():
    _allow(KNOWN)


def downgrade():
    products = sa.table("data_products", sa.column("kind", sa.String))
    op.execute(sa.delete(products).where(products.c.kind == "tasoc"))
    _allow(KNOWN_BEFORE)


def _allow(kinds):
    with op.batch_alter_table("data_products") as table:
        table.drop_constraint(table.f(NAME), type_="check")
        table.create_check_constraint(table.f(NAME), sa.text(f"kind IN {kinds}"))
