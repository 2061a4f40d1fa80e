"""List the TOIs as the table shows them, in one table

Revision ID: 0003
Revises: 0001

"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FLOATS = (
    "planet_probability",
    "star_probability",
    "period_d",
    "epoch_btjd",
    "duration_h",
    "depth_ppm",
    "snr",
    "planet_radius_rearth",
    "insolation_earth",
    "equilibrium_temperature_k",
    "tmag",
    "teff_k",
    "distance_pc",
    "stellar_radius_rsun",
    "stellar_mass_msun",
    "logg",
    "metallicity_dex",
    "ra_deg",
    "dec_deg",
)

FILL = """
INSERT INTO listed_tois (
    position, toi, tic_id, toi_number, tfopwg_disposition, planet_probability, star_probability, alerted_on, updated_on,
    period_d, epoch_btjd, duration_h, depth_ppm, snr, planet_radius_rearth, insolation_earth,
    equilibrium_temperature_k, tmag, teff_k, distance_pc, stellar_radius_rsun, stellar_mass_msun, logg,
    metallicity_dex, ra_deg, dec_deg,
    toi_count, light_curve_count, has_light_curves, sectors, planet_name, not_scored_reason, names)
SELECT
    row_number() OVER (ORDER BY t.toi_number, t.candidate_number, t.toi), t.toi, t.tic_id, t.toi_number,
    t.tfopwg_disposition, p.planet_probability, sp.planet_probability, t.alerted_on, t.updated_on, t.period_d,
    t.epoch_btjd, t.duration_h, t.depth_ppm, t.snr, t.planet_radius_rearth, t.insolation_earth,
    t.equilibrium_temperature_k, coalesce(s.tmag, t.tmag),
    coalesce(s.teff_k, t.teff_k), coalesce(s.distance_pc, t.stellar_distance_pc),
    coalesce(s.stellar_radius_rsun, t.stellar_radius_rsun), coalesce(s.stellar_mass_msun, t.stellar_mass_msun),
    coalesce(s.logg, t.logg), coalesce(s.metallicity_dex, t.metallicity_dex), coalesce(s.ra_deg, t.ra_deg),
    coalesce(s.dec_deg, t.dec_deg), count(*) OVER (PARTITION BY t.tic_id),
    (SELECT count(*) FROM data_products d WHERE d.tic_id = t.tic_id AND d.kind = 'lc'),
    (SELECT count(*) FROM data_products d WHERE d.tic_id = t.tic_id AND d.kind IN ('lc', 'fast-lc')) > 0,
    replace(t.sectors, ' ', ''), t.planet_name, p.not_scored_reason,
    lower(replace(replace(coalesce(t.planet_name, ''), ' ', ''), '-', '')) || ' '
        || lower(replace(replace(coalesce(t.comments, ''), ' ', ''), '-', ''))
FROM tois t JOIN stars s ON s.tic_id = t.tic_id
LEFT JOIN scoring_runs r ON r.is_current
LEFT JOIN scores p ON p.toi = t.toi AND p.scoring_run_id = r.id
LEFT JOIN star_scores sp ON sp.tic_id = t.tic_id AND sp.scoring_run_id = r.id
"""


def upgrade():
    op.create_table(
        "listed_tois",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("toi_number", sa.Integer(), nullable=False),
        sa.Column("tfopwg_disposition", sa.String(length=3)),
        sa.Column("alerted_on", sa.Date()),
        sa.Column("updated_on", sa.Date()),
        *(sa.Column(name, sa.Float()) for name in FLOATS),
        sa.Column("toi_count", sa.Integer(), nullable=False),
        sa.Column("light_curve_count", sa.Integer(), nullable=False),
        sa.Column("has_light_curves", sa.Boolean(), nullable=False),
        sa.Column("sectors", sa.Text()),
        sa.Column("planet_name", sa.String(length=80)),
        sa.Column("not_scored_reason", sa.Text()),
        sa.Column("names", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_listed_tois"),
        sa.UniqueConstraint("toi", name="uq_listed_tois_toi"),
    )
    op.create_index("ix_listed_tois_tic_id", "listed_tois", ["tic_id"])
    op.create_index("ix_listed_tois_toi_number", "listed_tois", ["toi_number"])
    op.execute(FILL)


def downgrade():
    op.drop_table("listed_tois")
