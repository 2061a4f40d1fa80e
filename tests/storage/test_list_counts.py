"""Stored counts are those that counting gives, after everything that changes a list."""

import pytest
from sqlalchemy import delete, event, select, update

from app_tess.storage import classifiers, list_counts, listing, scores, vetting_results
from app_tess.storage.classifier_models import Classifier
from app_tess.storage.database import db
from app_tess.storage.listing import ListCount
from app_tess.storage.star_query import QUEUES, StarQuery
from tests.support.catalogues import WASP46
from tests.support.loaded import loaded_app
from tests.support.tables import quick_scores

LISTS = ("", *QUEUES)
ECLIPSES = {"views": None, "judgement": {"best": "EB", "probabilities": {"PC": 0.0}}}


@pytest.fixture
def loaded(prepared, tmp_path, shared_sample_archive, database_url):
    with loaded_app(prepared, tmp_path, shared_sample_archive, database_url) as app, app.app_context():
        yield app


def stored():
    return {row.queue: list_counts.Counts(row.stars, row.drawable, row.tois, row.classified) for row in rows()}


def rows():
    return db.session.execute(select(ListCount.__table__)).all()


def counted():
    return {queue: list_counts._count(StarQuery(queue=queue)) for queue in LISTS}


def test_a_reset_and_a_scoring_store_the_counts_of_all_lists(loaded):
    before = stored()
    assert before == counted() and before[""].tois > before["brightest"].tois > 0
    load_id, found = scores.read_catalogue([])
    scores.store_scores(quick_scores(found, lambda *_progress: None), load_id)
    assert stored() == counted() != before


def test_a_vetting_adds_what_it_changes(loaded):
    before = stored()
    result = {"toi": "101.01", "tic_id": WASP46, "report": ECLIPSES, "message": None, "provenance": {}}
    vetting_results.record_results([result])
    assert stored() == counted()
    assert stored()[""].classified == before[""].classified + 1
    assert stored()["light_curve_pc"].stars == before["light_curve_pc"].stars + 1


def test_counts_are_read_as_stored_for_any_order_and_page_and_counted_otherwise(loaded):
    db.session.execute(update(ListCount).values(stars=12345))
    assert list_counts.find_or_count(StarQuery(sort="tmag", descending=False, page=3, page_size=25)).stars == 12345
    assert list_counts.find_or_count(StarQuery(queue="brightest")).stars == 12345
    for other in (StarQuery(sector=1), StarQuery(queue="classifier_score", classifier="x")):
        assert list_counts.find_or_count(other).stars < 12345
    db.session.execute(delete(ListCount))
    assert list_counts.find_or_count(StarQuery()) == counted()[""]


def test_what_may_have_changed_is_not_stored(loaded):
    row = dict.fromkeys(("row", "tic_id", "period_d", "scored_on", "version")) | {"toi": "101.01", "score": 0.01}
    classifiers.replace_scores(Classifier(name="Other", file_name="scores.csv", sha256="0" * 64), [row])
    assert set(stored()) == set(LISTS) - {"classifier_score"}
    listing.rebuild()
    assert stored() == {}


def test_sqlite_counts_one_range_from_its_index_several_from_the_table_and_a_few_stars_by_theirs(loaded):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL knows how many rows a range holds")
    plans = []

    def explain(connection, cursor, statement, parameters, context, executemany):
        if "count(DISTINCT" in statement:
            found = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.append(" ".join(row[3] for row in found))

    event.listen(db.engine, "before_cursor_execute", explain)
    period = {"period_d": (1.0, None)}
    for query in (
        StarQuery(ranges=period),
        StarQuery(ranges={**period, "tmag": (None, 9.0)}),
        StarQuery(tic_ids=(WASP46,)),
    ):
        list_counts.find_or_count(query)
    event.remove(db.engine, "before_cursor_execute", explain)
    assert "USING COVERING INDEX ix_listed_tois_period_d" in plans[0]
    assert "SCAN listed_tois" in plans[1] and "USING INDEX ix_listed_tois_tic_id" in plans[2]
