"""The bundled catalogue holds the cast that the site needs, every system with its source."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from app_tess.archives.products import parse_name
from app_tess.archives.sample import render_product
from app_tess.archives.sample.catalogue import find_star, load_stars
from app_tess.archives.sample.sectors import SECTORS
from app_tess.errors import MissingData
from tests.support.shared import shared_path

EVENTS = [(star, event) for star in load_stars() for event in star.events]


def test_it_has_forty_systems_in_all_six_dispositions():
    counts = Counter(event.disposition for _, event in EVENTS)
    assert len(load_stars()) >= 40
    assert set(counts) == {"PC", "APC", "CP", "KP", "FP", "FA"}
    assert min(counts.values()) >= 3


def test_every_toi_has_a_reference_and_sensible_numbers():
    for star, event in EVENTS:
        assert len(event.reference) > 10, event.toi
        assert 0 < event.depth_ppm < 1e5 and 0 < event.duration_h < 30, event.toi
        assert event.period_d is None or event.duration_h / 24 < event.period_d / 4, event.toi
        assert -90 <= star.dec_deg <= 90 and 0 <= star.ra_deg < 360, star.name


def test_ids_are_unique():
    assert len({event.toi for _, event in EVENTS}) == len(EVENTS)
    assert len({star.tic_id for star in load_stars()}) == len(load_stars())


def test_the_cast_is_complete():
    stars = {star.name: star for star in load_stars()}
    assert len(stars["HD 23472"].events) == 5  # a family of planets
    assert stars["TIC 201292545"].events[0].period_d is None  # a single transit
    assert stars["TIC 9727392"].events[0].secondary_ppm == 1700  # an eclipsing binary
    assert stars["TIC 281979481"].events[0].centroid_shift_px > 0  # a blend
    assert stars["TIC 281979481"].crowding < 0.9
    assert stars["LHS 3844"].teff_k < 3100  # an M dwarf
    assert stars["HD 221416"].logg < 3.7  # an evolved star
    assert stars["TOI-849"].product_names() == []  # no light curves
    assert any(name.endswith("_fast-lc.fits") for name in stars["AU Mic"].product_names())


def test_products_lie_in_the_sectors_that_the_catalogue_lists():
    for star in load_stars():
        for filename in star.product_names():
            name = parse_name(filename)
            assert name.tic_id == star.tic_id
            assert {name.sector, name.last_sector} <= set(star.sectors), filename
            if name.kind.collection == "TESS":  # the names of high-level products have no date
                assert name.start_btjd == pytest.approx(SECTORS[name.sector].start_btjd, abs=6)


def test_derived_numbers_agree_with_the_sun():
    star = find_star(261136679)
    assert star.luminosity_lsun == pytest.approx(1.1**2 * (6037 / 5772) ** 4)
    assert star.density_solar == pytest.approx(1.09 / 1.1**3)
    assert find_star(1) is None


def test_names_that_are_no_products_are_refused():
    for name in ("", "x.fits", "tess1-s1-1-1-s_lc.fits"):
        assert parse_name(name) is None
        with pytest.raises(MissingData):
            render_product(name)


def test_facts_agree_with_exofop():
    table = pd.read_csv(shared_path("archive/toi.csv"), dtype={"TOI": str}).set_index("TOI")
    for star, event in EVENTS:
        row = table.loc[event.toi]
        assert row["TIC ID"] == star.tic_id
        assert row["TFOPWG Disposition"] == event.disposition
        if event.period_d and row["Period (days)"]:
            assert event.period_d == pytest.approx(row["Period (days)"], rel=3e-3), event.toi
        assert abs(math.log(row["Depth (ppm)"] / event.depth_ppm)) < np.log(1.7), event.toi
