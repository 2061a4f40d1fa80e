"""Create the catalogue, its scores and its runs

Revision ID: 0001
Revises:
Create Date: 2026-11-22 07:24:39.950633

"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _floats(names):
    return [sa.Column(name, sa.Float(), nullable=True) for name in names.split()]


def upgrade():
    _create_catalogue_loads()
    _create_runs()
    _create_stars()
    _create_vetting_results()
    _create_catalogue_changes()
    _create_data_products()
    _create_graded_verdicts()
    _create_scoring_runs()
    _create_tois()
    _create_scores()
    _create_star_scores()


def _create_catalogue_loads():
    op.create_table(
        "catalogue_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("toi_url", sa.Text(), nullable=False),
        sa.Column("mast_url", sa.Text(), nullable=False),
        sa.Column("toi_sha256", sa.String(length=64), nullable=False),
        sa.Column("stars_sha256", sa.String(length=64), nullable=False),
        sa.Column("products_sha256", sa.String(length=64), nullable=False),
        sa.Column("toi_count", sa.Integer(), nullable=False),
        sa.Column("star_count", sa.Integer(), nullable=False),
        sa.Column("product_count", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("request_count", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("catalogue_date", sa.String(length=32), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_loads")),
    )


def _create_runs():
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("active_key", sa.String(length=40), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('reset', 'predict', 'vet')", name=op.f("ck_runs_kind_known")),
        sa.CheckConstraint(
            "status IN ('queued', 'executing', 'completed', 'error', 'aborted')", name=op.f("ck_runs_status_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("active_key", name=op.f("uq_runs_active_key")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index("ix_runs_requested_at", ["requested_at"], unique=False)


def _create_stars():
    op.create_table(
        "stars",
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("has_tic_row", sa.Boolean(), nullable=False),
        *_floats(
            "ra_deg dec_deg pm_ra_masyr pm_dec_masyr parallax_mas gal_lon_deg gal_lat_deg ecl_lon_deg "
            "ecl_lat_deg tmag teff_k logg metallicity_dex stellar_radius_rsun stellar_mass_msun "
            "density_solar luminosity_lsun distance_pc ebv_mag"
        ),
        sa.Column("contaminant_count", sa.Integer(), nullable=True),
        sa.Column("contamination_ratio", sa.Float(), nullable=True),
        sa.Column("priority", sa.Float(), nullable=True),
        sa.CheckConstraint("dec_deg >= -90 AND dec_deg <= 90", name=op.f("ck_stars_dec_range")),
        sa.CheckConstraint("ra_deg >= 0 AND ra_deg <= 360", name=op.f("ck_stars_ra_range")),
        sa.CheckConstraint("tic_id > 0", name=op.f("ck_stars_tic_id_positive")),
        sa.PrimaryKeyConstraint("tic_id", name=op.f("pk_stars")),
    )
    with op.batch_alter_table("stars", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stars_distance_pc"), ["distance_pc"], unique=False)
        batch_op.create_index("ix_stars_position", ["dec_deg", "ra_deg"], unique=False)
        batch_op.create_index(batch_op.f("ix_stars_teff_k"), ["teff_k"], unique=False)
        batch_op.create_index(batch_op.f("ix_stars_tmag"), ["tmag"], unique=False)


def _create_vetting_results():
    op.create_table(
        "vetting_results",
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("toi", name=op.f("pk_vetting_results")),
    )
    with op.batch_alter_table("vetting_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vetting_results_tic_id"), ["tic_id"], unique=False)


def _create_catalogue_changes():
    op.create_table(
        "catalogue_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("before", sa.String(length=80), nullable=True),
        sa.Column("after", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "kind IN ('new', 'retired', 'verdict', 'period')", name=op.f("ck_catalogue_changes_kind_known")
        ),
        sa.ForeignKeyConstraint(["load_id"], ["catalogue_loads.id"], name=op.f("fk_catalogue_changes_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_changes")),
    )
    with op.batch_alter_table("catalogue_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalogue_changes_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_catalogue_changes_load_id"), ["load_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_catalogue_changes_tic_id"), ["tic_id"], unique=False)


def _create_data_products():
    op.create_table(
        "data_products",
        sa.Column("data_url", sa.String(length=200), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.Integer(), nullable=True),
        sa.Column("last_sector", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('lc', 'fast-lc', 'dvt', 'other')", name=op.f("ck_data_products_kind_known")),
        sa.ForeignKeyConstraint(["tic_id"], ["stars.tic_id"], name=op.f("fk_data_products_tic_id")),
        sa.PrimaryKeyConstraint("data_url", name=op.f("pk_data_products")),
        sa.UniqueConstraint("filename", name=op.f("uq_data_products_filename")),
    )
    with op.batch_alter_table("data_products", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_products_tic_id"), ["tic_id"], unique=False)


def _create_graded_verdicts():
    op.create_table(
        "graded_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planet_probability", sa.Float(), nullable=False),
        sa.Column("verdict_before", sa.String(length=3), nullable=True),
        sa.Column("verdict_after", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["catalogue_loads.id"], name=op.f("fk_graded_verdicts_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graded_verdicts")),
    )


def _create_scoring_runs():
    op.create_table(
        "scoring_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("artifact_sha256", sa.String(length=64), nullable=False),
        sa.Column("model_name", sa.String(length=120), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=True),
        sa.Column("scored_count", sa.Integer(), nullable=False),
        sa.Column("unscored_count", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["load_id"], ["catalogue_loads.id"], name=op.f("fk_scoring_runs_load_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_runs")),
    )
    with op.batch_alter_table("scoring_runs", schema=None) as batch_op:
        batch_op.create_index(
            "uq_scoring_runs_current",
            ["is_current"],
            unique=True,
            sqlite_where=sa.text("is_current = 1"),
            postgresql_where=sa.text("is_current"),
        )


def _create_tois():
    op.create_table(
        "tois",
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("toi_number", sa.Integer(), nullable=False),
        sa.Column("candidate_number", sa.Integer(), nullable=False),
        sa.Column("tfopwg_disposition", sa.String(length=3), nullable=True),
        sa.Column("tess_disposition", sa.String(length=8), nullable=True),
        sa.Column("planet_name", sa.String(length=80), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=True),
        sa.Column("detection", sa.String(length=80), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column("sectors", sa.Text(), nullable=True),
        *_floats(
            "epoch_btjd epoch_err_d period_d period_err_d duration_h duration_err_h depth_mmag "
            "depth_mmag_err depth_ppm depth_err_ppm planet_radius_rearth planet_radius_err_rearth "
            "insolation_earth equilibrium_temperature_k snr tmag tmag_err ra_deg dec_deg pm_ra_masyr "
            "pm_dec_masyr stellar_distance_pc stellar_distance_err_pc teff_k teff_err_k logg logg_err "
            "stellar_radius_rsun stellar_radius_err_rsun metallicity_dex metallicity_err_dex "
            "stellar_mass_msun stellar_mass_err_msun"
        ),
        sa.Column("alerted_on", sa.Date(), nullable=True),
        sa.Column("updated_on", sa.Date(), nullable=True),
        sa.Column("modified_at", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "tfopwg_disposition IN ('PC', 'APC', 'CP', 'KP', 'FP', 'FA')", name=op.f("ck_tois_disposition_known")
        ),
        sa.CheckConstraint("period_d > 0", name=op.f("ck_tois_period_positive")),
        sa.ForeignKeyConstraint(["tic_id"], ["stars.tic_id"], name=op.f("fk_tois_tic_id")),
        sa.PrimaryKeyConstraint("toi", name=op.f("pk_tois")),
    )
    with op.batch_alter_table("tois", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tois_alerted_on"), ["alerted_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_tois_depth_ppm"), ["depth_ppm"], unique=False)
        batch_op.create_index("ix_tois_number", ["toi_number", "candidate_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_tois_period_d"), ["period_d"], unique=False)
        batch_op.create_index(batch_op.f("ix_tois_planet_radius_rearth"), ["planet_radius_rearth"], unique=False)
        batch_op.create_index(batch_op.f("ix_tois_tfopwg_disposition"), ["tfopwg_disposition"], unique=False)
        batch_op.create_index(batch_op.f("ix_tois_tic_id"), ["tic_id"], unique=False)


def _create_scores():
    op.create_table(
        "scores",
        sa.Column("scoring_run_id", sa.Integer(), nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("planet_probability", sa.Float(), nullable=True),
        sa.Column("not_scored_reason", sa.Text(), nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "(planet_probability IS NULL) != (not_scored_reason IS NULL)", name=op.f("ck_scores_score_or_reason")
        ),
        sa.CheckConstraint(
            "planet_probability >= 0 AND planet_probability <= 1", name=op.f("ck_scores_probability_range")
        ),
        sa.ForeignKeyConstraint(
            ["scoring_run_id"], ["scoring_runs.id"], name=op.f("fk_scores_scoring_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scoring_run_id", "toi", name=op.f("pk_scores")),
    )
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.create_index("ix_scores_tic_id", ["tic_id"], unique=False)


def _create_star_scores():
    op.create_table(
        "star_scores",
        sa.Column("scoring_run_id", sa.Integer(), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("planet_probability", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scoring_run_id"], ["scoring_runs.id"], name=op.f("fk_star_scores_scoring_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scoring_run_id", "tic_id", name=op.f("pk_star_scores")),
    )


def downgrade():
    for table in (
        "star_scores",
        "scores",
        "tois",
        "scoring_runs",
        "graded_verdicts",
        "data_products",
        "catalogue_changes",
        "vetting_results",
        "stars",
        "runs",
        "catalogue_loads",
    ):
        op.drop_table(table)  # and with it its indexes
