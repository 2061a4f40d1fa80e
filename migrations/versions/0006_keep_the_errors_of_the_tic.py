"""Keep the errors that the TIC gives of a star's parameters

Revision ID: 0006
Revises: 0005

"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ERRORS = (
    "pm_ra_err_masyr",
    "pm_dec_err_masyr",
    "parallax_err_mas",
    "tmag_err",
    "teff_err_k",
    "logg_err",
    "metallicity_err_dex",
    "stellar_radius_err_rsun",
    "stellar_mass_err_msun",
    "density_err_solar",
    "luminosity_err_lsun",
    "distance_err_pc",
    "ebv_err_mag",
)


def upgrade():
    for name in ERRORS:
        op.add_column("stars", sa.Column(name, sa.Float()))


def downgrade():
    for name in reversed(ERRORS):
        op.drop_column("stars", name)
