"""Index the list of TOIs by the columns that it is sorted by, and by position

Revision ID: 0022
Revises: 0021

"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

SORTED_BY = (
    "alerted_on",
    "planet_probability",
    "star_probability",
    "light_curve_pc",
    "period_d",
    "depth_ppm",
    "snr",
    "planet_radius_rearth",
    "tmag",
    "teff_k",
    "distance_pc",
)


def upgrade():
    for name in SORTED_BY:
        op.create_index(f"ix_listed_tois_{name}", "listed_tois", [name, "position", "tic_id"])
    op.create_index("ix_listed_tois_sky", "listed_tois", ["dec_deg", "ra_deg"])
    op.create_index(
        "ix_listed_tois_counted", "listed_tois", ["toi_count", "has_light_curves", "light_curve_class", "tic_id"]
    )


def downgrade():
    op.drop_index("ix_listed_tois_counted", "listed_tois")
    op.drop_index("ix_listed_tois_sky", "listed_tois")
    for name in SORTED_BY:
        op.drop_index(f"ix_listed_tois_{name}", "listed_tois")
