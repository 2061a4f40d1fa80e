"""Know the light curves of full-frame images

Revision ID: 0013
Revises: 0012

Going back removes such products, which the older constraint does not allow; the next catalogue update lists them anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NAME = "ck_data_products_kind_known"
KNOWN = ("lc", "fast-lc", "tess-spoc", "qlp", "tglc", "dvt", "other")
KNOWN_BEFORE = ("lc", "fast-lc", "dvt", "other")


def upgrade():
    _allow(KNOWN, 16)


def downgrade():
    products = sa.table("data_products", sa.column("kind", sa.String))
    op.execute(sa.delete(products).where(products.c.kind.not_in(KNOWN_BEFORE)))
    _allow(KNOWN_BEFORE, 8)


def _allow(kinds, length):
    with op.batch_alter_table("data_products") as table:
        table.drop_constraint(table.f(NAME), type_="check")
        table.alter_column("kind", type_=sa.String(length), existing_type=sa.String(), existing_nullable=False)
        table.create_check_constraint(table.f(NAME), sa.text(f"kind IN {kinds}"))
