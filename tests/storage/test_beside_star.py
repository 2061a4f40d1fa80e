"""What is stored of a star in tables that most stars are not in: all of it, in one statement where there is nothing."""

import pytest

from app_tess.storage import known_signals
from app_tess.storage.beside_star import read_beside
from app_tess.storage.classifier_models import Classifier, MatchedScore
from app_tess.storage.database import db
from app_tess.storage.eclipsing_binary_models import EclipsingBinary
from app_tess.storage.look_up_models import LookUp, TicNeighbour
from app_tess.storage.planet_models import Planet
from app_tess.storage.score_models import VettingResult
from app_tess.storage.search_models import Search
from tests.support import catalogues
from tests.support.catalogues import HUGE, SINGLE, TRIO, WASP46
from tests.support.statements import statements_of


@pytest.fixture
def catalogue(app):
    catalogues.fill()


def statements(read):
    with statements_of(db.engine) as seen:
        return read(), len(seen)


def test_a_star_in_none_of_the_tables_takes_one_statement(catalogue):
    found, count = statements(lambda: read_beside(TRIO))
    assert (found.vetting, found.search, found.planets, found.look_up) == ({}, None, [], None)
    assert (found.classifier_scores, found.binaries, count) == ({}, [], 1)


def test_what_is_stored_of_a_star_is_found_and_nothing_of_others(catalogue):
    classifier = Classifier(name="Astronet", name_key="astronet", file_name="a.csv", sha256="0" * 64, row_count=1)
    db.session.add(classifier)
    db.session.flush()
    lists = {name: [] for name in ("notes", "rejected", "known", "listed")}
    db.session.add_all(
        [
            VettingResult(toi="101.01", tic_id=WASP46, message="no file", provenance={}),
            Search(tic_id=WASP46, periodogram={}, masked_known=True, simulated=False, provenance={}, **lists),
            Planet(planet_name="WASP-46 b", tic_id=WASP46, toi="101.01"),
            LookUp(tic_id=WASP46, mast_url="http://mast", neighbour_count=0, notes=[]),
            MatchedScore(classifier_id=classifier.id, toi="101.01", tic_id=WASP46, score=0.5),
            EclipsingBinary(tic_id=WASP46, signal=1, epoch_btjd=1400.0, period_d=2.0),
        ]
    )
    db.session.commit()
    found = read_beside(WASP46)
    assert list(found.vetting) == list(found.classifier_scores) == ["101.01"] and found.search.masked_known
    assert [planet.planet_name for planet in found.planets] == ["WASP-46 b"]
    assert found.look_up.mast_url == "http://mast" and [one.period_d for one in found.binaries] == [2.0]
    assert read_beside(TRIO) == read_beside(SINGLE) and read_beside(TRIO).vetting == {}


def test_entries_around_a_star_are_found_in_one_statement_at_the_stored_stars_position(catalogue):
    def entry(number, ra_deg, dec_deg=-43.0):
        return TicNeighbour(tic_id=SINGLE, neighbour_id=number, ra_deg=ra_deg, dec_deg=dec_deg, separation_arcsec=1.0)

    db.session.add_all([entry(77, 63.41), entry(78, 63.6), entry(TRIO, 63.4)])
    db.session.commit()
    found, count = statements(lambda: known_signals.entries_around(SINGLE, 63.4, -43.0))
    assert found == {SINGLE: 0.0, 77: pytest.approx(26.3, abs=0.1), TRIO: pytest.approx(0.0, abs=1e-6)} and count == 1
    db.session.add(entry(WASP46, 318.74, -55.87))
    db.session.commit()
    around_wasp46 = known_signals.entries_around(None, 318.736915, -55.871794)
    assert around_wasp46 == {WASP46: pytest.approx(0.0, abs=1e-3)}
    assert known_signals.entries_around(HUGE, None, None) == {HUGE: 0.0}
