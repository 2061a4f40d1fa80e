"""The box in SQL around a circle on the sky loses no star, and its index is used."""

import numpy as np
from sqlalchemy import insert, select

from app_tess.astro.sky import separation_deg
from app_tess.storage.database import db
from app_tess.storage.models import Star
from app_tess.storage.sky_box import in_box, tic_ids_in_cone
from tests.support.statements import statements_of

CIRCLES = (
    (0, 10, 0.001),
    (359.9, 0, 1.5),
    (12, -35, 0.05),
    (200, 45, 20),
    (30, 89, 0.5),
    (30, 89, 1),
    (30, 89, 2),
    (100, -88.5, 3),
    (0, 0, 90),
    (77, 20, 180),
)
NOWHERE = 10_000


def some_sky():
    """Return RA and Dec of 3,602 stars, many of them near the poles and near RA 0."""
    source = np.random.default_rng(7)
    ra = [source.uniform(0, 360, 3400), source.normal(0, 1, 200) % 360, [0.0, 359.9999]]
    dec = [
        np.degrees(np.arcsin(source.uniform(-1, 1, 3000))),
        90 - source.uniform(0, 2, 200),
        -90 + source.uniform(0, 2, 200),
        source.normal(0, 1, 200),
        [10.0, 10.0],
    ]
    return np.concatenate(ra), np.concatenate(dec)


def test_the_box_holds_every_star_in_the_circle(app):
    ra, dec = some_sky()
    rows = [{"ra_deg": ra_deg, "dec_deg": dec_deg} for ra_deg, dec_deg in zip(ra.tolist(), dec.tolist(), strict=True)]
    rows = [{"tic_id": number, "has_tic_row": True} | row for number, row in enumerate(rows, 1)]
    with app.app_context():
        db.session.execute(
            insert(Star), [*rows, {"tic_id": NOWHERE, "ra_deg": None, "dec_deg": None, "has_tic_row": False}]
        )
        for circle in CIRCLES:
            boxed = set(db.session.scalars(select(Star.tic_id).where(*in_box(Star, *circle))))
            inside = np.flatnonzero(separation_deg(ra, dec, *circle[:2]) <= circle[2]).tolist()
            assert boxed >= {place + 1 for place in inside}, circle
            assert NOWHERE not in boxed
            if circle[2] < 1:
                assert len(boxed) < len(rows) / 10, "the box is no box"


def test_the_stars_around_a_position_are_found_by_its_index(app):
    """SQLite reads the whole table if a condition stands in its index's way; PostgreSQL decides by statistics."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            return
        with statements_of(db.engine) as seen:
            tic_ids_in_cone(12.0, -35.0, 0.05)
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[-1][0]}", seen[-1][1]).all()
    assert any("ix_stars_position" in row[3] for row in plan), plan
