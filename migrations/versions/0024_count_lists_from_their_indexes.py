"""Count the stars of a list, and those before one of them, from the indexes that it is sorted by

Revision ID: 0024
Revises: 0023

"""

from alembic import op

revision = "0024"
down_revision = "0023"
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
    _index_anew(["tic_id", "toi_count", "has_light_curves", "light_curve_class"])


def downgrade():
    _index_anew(["tic_id"])


def _index_anew(beside):
    for name in SORTED_BY:
        op.drop_index(f"ix_listed_tois_{name}", "listed_tois")
        op.create_index(f"ix_listed_tois_{name}", "listed_tois", [name, "position", *beside])
