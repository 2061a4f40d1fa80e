"""Blank errors of zero, which mean that an error is unknown, and epochs at which no TOI can have been observed

Revision ID: 0008
Revises: 0007

"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ERRORS = {
    "stars": (
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
    ),
    "tois": (
        "epoch_err_d",
        "period_err_d",
        "duration_err_h",
        "depth_mmag_err",
        "depth_err_ppm",
        "planet_radius_err_rearth",
        "tmag_err",
        "stellar_distance_err_pc",
        "teff_err_k",
        "logg_err",
        "stellar_radius_err_rsun",
        "metallicity_err_dex",
        "stellar_mass_err_msun",
    ),
}
EARLIEST_BTJD, LATEST_BTJD = -7000, 10_000


def upgrade():
    for table, columns in ERRORS.items():
        for column in columns:
            op.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} <= 0")
    impossible = f"epoch_btjd < {EARLIEST_BTJD} OR epoch_btjd > {LATEST_BTJD}"
    op.execute(f"UPDATE tois SET epoch_btjd = NULL, epoch_err_d = NULL WHERE {impossible}")
    op.execute(f"UPDATE listed_tois SET epoch_btjd = NULL WHERE {impossible}")


def downgrade():
    """What the archives wrote as 0 is not restored: the next update of the catalogue would bring it back."""
