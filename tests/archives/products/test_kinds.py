"""The kinds of products: what each says of itself is complete, and nobody else repeats it."""

import dataclasses
import re
from functools import partial
from pathlib import Path

import pytest

from app_tess.archives import products
from app_tess.archives.sample.catalogue import load_stars
from app_tess.errors import InvalidInput
from app_tess.storage.models import DataProduct
from tests.support.high_level_products import make_qlp, make_tasoc, make_tglc
from tests.support.light_curves import make_dvt_fits, make_lc_fits

PACKAGE = Path(__file__).resolve().parents[3] / "app_tess"


def test_the_database_accepts_every_kind():
    column, constraints = DataProduct.__table__.c.kind, DataProduct.__table__.constraints
    (allowed,) = [str(rule.sqltext) for rule in constraints if rule.name and "kind_known" in str(rule.name)]
    for kind in products.KINDS:
        assert f"'{kind.name}'" in allowed and len(kind.name) <= column.type.length


@pytest.mark.parametrize("kind", products.LIGHT_CURVE_KINDS, ids=lambda kind: kind.name)
def test_a_light_curve_carries_the_fluxes_and_masks_of_its_kind(kind):
    cadence_s = kind.cadence_s(sector=60)
    made = {"tglc": make_tglc, "qlp": make_qlp, "tasoc": make_tasoc}
    make = made.get(kind.name) or partial(make_lc_fits, cadence_s=float(cadence_s))
    light_curve = kind.read(make(sector=60), "x.fits")
    assert list(light_curve.fluxes) == [flux.name for flux in kind.fluxes if flux.name in light_curve.fluxes]
    assert light_curve.fluxes.keys() >= {flux.name for flux in kind.fluxes} - {"kspsap"}, "QLP has none in sector 60"
    assert light_curve.default_flux == kind.default_flux.name and light_curve.flux().type is kind.default_flux
    assert list(light_curve.quality_masks.values()) == list(kind.masks)
    assert light_curve.cadence_s == pytest.approx(cadence_s)


@pytest.mark.parametrize("kind", products.VALIDATION_KINDS, ids=lambda kind: kind.name)
def test_an_event_names_the_pipeline_that_found_it(kind):
    assert kind.read(make_dvt_fits(), "x.fits")[0].pipeline == kind.provenance


def test_the_cadence_of_a_kind_may_change_with_the_sectors():
    kind = dataclasses.replace(products.LIGHT_CURVE_KINDS[0], cadences_s=((1, 1800), (27, 600), (56, 200)))
    assert [kind.cadence_s(sector) for sector in (1, 26, 27, 55, 56, 120)] == [1800, 1800, 600, 600, 200, 200]


def test_a_file_name_is_of_one_kind():
    names = [name for star in load_stars() for name in star.product_names()]
    assert {products.parse_name(name).kind.name for name in names} == {"lc", "fast-lc", "tess-spoc", "dvt"}
    for name in names:
        assert sum(kind.parse_name(name) is not None for kind in products.KINDS) == 1


@pytest.mark.parametrize(("mask", "number"), [("default", 17087), ("hard", 24319), ("none", 0)])
def test_the_masks_have_the_numbers_that_lightkurve_2_6_gives_them(mask, number):
    assert products.MASKS[mask].number == number
    assert all(bit.value.bit_count() == 1 and bit.meaning for bit in products.MASKS[mask].bits)


def test_a_choice_that_no_kind_offers_is_refused():
    products.require_choice("hard", "sap")
    products.require_choice("none", None)
    for choice in (("soft", None), ("default", "sap_flux")):
        with pytest.raises(InvalidInput, match="choose one of"):
            products.require_choice(*choice)


def test_only_the_rooms_of_products_and_of_the_sample_read_a_pipelines_columns_and_names():
    rooms = (PACKAGE / "archives/products", PACKAGE / "archives/sample")
    pattern = re.compile(r"(?i:\bpdcsap_flux\b|\bsap_flux\b|_dvt\.fits|_lc\.fits)|['\"]SPOC\b")
    found = [
        str(path)
        for path in [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]
        if not any(room in path.parents for room in rooms) and pattern.search(path.read_text())
    ]
    assert found == []
