"""Keep the scores of any classifier; those of ExoMiner become the first of them

Going back keeps ExoMiner's scores alone, those with a star and a period.

Revision ID: 0020
Revises: 0019

"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    _make_tables()
    op.execute(
        "INSERT INTO classifiers (id, name, name_key, loaded_at, file_name, sha256, row_count)"
        " SELECT 1, 'ExoMiner', 'exominer', loaded_at, file_name, sha256, event_count FROM exominer_loads"
        " WHERE id = (SELECT max(id) FROM exominer_loads)"
    )
    op.execute(
        "INSERT INTO classifier_scores (classifier_id, tic_id, period_d, score)"
        " SELECT 1, tic_id, period_d, score FROM exominer_scores"
        " WHERE EXISTS (SELECT id FROM classifiers) ORDER BY id"
    )
    op.execute(
        "INSERT INTO matched_scores (classifier_id, toi, tic_id, score)"
        " SELECT 1, toi, tic_id, exominer_score FROM listed_tois"
        " WHERE exominer_score IS NOT NULL AND EXISTS (SELECT id FROM classifiers)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('classifiers', 'id'), (SELECT max(id) FROM classifiers))"
            " WHERE EXISTS (SELECT id FROM classifiers)"
        )
    with op.batch_alter_table("listed_tois") as batch_op:
        batch_op.drop_column("exominer_score")
    op.drop_table("exominer_scores")
    op.drop_table("exominer_loads")


def _make_tables():
    op.create_table(
        "classifiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifiers")),
        sa.UniqueConstraint("name_key", name=op.f("uq_classifiers_name_key")),
    )
    op.create_table(
        "classifier_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("classifier_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("toi", sa.String(length=16), nullable=True),
        sa.Column("tic_id", sa.BigInteger(), nullable=True),
        sa.Column("period_d", sa.Float(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=True),
        sa.Column("version", sa.String(length=60), nullable=True),
        sa.CheckConstraint("score >= 0 AND score <= 1", name=op.f("ck_classifier_scores_score_range")),
        _to_classifier("classifier_scores"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifier_scores")),
    )
    op.create_index(op.f("ix_classifier_scores_classifier_id"), "classifier_scores", ["classifier_id"])
    op.create_table(
        "matched_scores",
        sa.Column("classifier_id", sa.Integer(), nullable=False),
        sa.Column("toi", sa.String(length=16), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=True),
        sa.Column("version", sa.String(length=60), nullable=True),
        _to_classifier("matched_scores"),
        sa.PrimaryKeyConstraint("classifier_id", "toi", name=op.f("pk_matched_scores")),
    )
    op.create_index(op.f("ix_matched_scores_tic_id"), "matched_scores", ["tic_id"])


def _to_classifier(table):
    return sa.ForeignKeyConstraint(
        ["classifier_id"],
        ["classifiers.id"],
        name=op.f(f"fk_{table}_classifier_id_classifiers"),
        ondelete="CASCADE",
    )


def downgrade():
    op.create_table(
        "exominer_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exominer_loads"),
    )
    op.create_table(
        "exominer_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tic_id", sa.BigInteger(), nullable=False),
        sa.Column("period_d", sa.Float(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.CheckConstraint("score >= 0 AND score <= 1", name=op.f("ck_exominer_scores_score_range")),
        sa.PrimaryKeyConstraint("id", name="pk_exominer_scores"),
    )
    op.create_index("ix_exominer_scores_tic_id", "exominer_scores", ["tic_id"])
    with op.batch_alter_table("listed_tois") as batch_op:
        batch_op.add_column(sa.Column("exominer_score", sa.Float()))
    exominer = "(SELECT id FROM classifiers WHERE name_key = 'exominer')"
    op.execute(
        "INSERT INTO exominer_loads (loaded_at, file_name, sha256, event_count)"
        f" SELECT loaded_at, file_name, sha256, row_count FROM classifiers WHERE id = {exominer}"
    )
    op.execute(
        "INSERT INTO exominer_scores (tic_id, period_d, score) SELECT tic_id, period_d, score FROM classifier_scores"
        f" WHERE classifier_id = {exominer} AND tic_id IS NOT NULL AND period_d IS NOT NULL ORDER BY id"
    )
    op.execute(
        "UPDATE listed_tois SET exominer_score = (SELECT score FROM matched_scores"
        f" WHERE matched_scores.toi = listed_tois.toi AND classifier_id = {exominer})"
    )
    for table in ("matched_scores", "classifier_scores", "classifiers"):
        op.drop_table(table)
