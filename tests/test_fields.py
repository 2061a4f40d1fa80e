"""The register of catalogue fields agrees with the tables, the glossary, the archives and the IVOA's vocabulary."""

import gzip
import re
from collections import Counter

import pytest
from astropy import units as u
from astropy.io.votable.ucd import parse_ucd
from sqlalchemy import BigInteger, Date, Float, Integer, String, Text

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.sample.bundled import TOI_COLUMNS as SAMPLE_COLUMNS
from app_tess.archives.sample.mast_columns import TIC_FIELDS
from app_tess.archives.tic_rows import read_tic_csv
from app_tess.archives.toi_columns import match_columns, normalize
from app_tess.fields import (
    EXOFOP_SIDE,
    LISTED_FIELDS,
    RECORDED_FIELDS,
    STAR_COLUMNS,
    STAR_FIELDS,
    TEXTS,
    TOI_COLUMNS,
    TOI_FIELDS,
    units,
)
from app_tess.storage.changes import KINDS
from app_tess.storage.listing import ListedToi
from app_tess.storage.models import CatalogueChange, Star, Toi
from app_tess.web.pages.glossary import terms
from tests.support.shared import shared_path

SQL_TYPES = {"number": Float, "integer": Integer, "id": BigInteger, "text": (String, Text), "list": Text, "date": Date}
NOT_IN_THE_ARCHIVES = {
    Star: {"has_tic_row"},
    Toi: {"toi_number", "candidate_number", "epoch_number"},
    ListedToi: {
        "position",
        "toi_number",
        "planet_probability",
        "star_probability",
        "light_curve_class",
        "light_curve_pc",
        "toi_count",
        "light_curve_count",
        "has_light_curves",
        "product_kinds",
        "not_scored_reason",
        "names",
    },
}
"""What we compute, or keep to sort by."""
EVERY_FIELD = (*TOI_COLUMNS, *STAR_COLUMNS)
UNITS = [unit for unit in vars(units).values() if isinstance(unit, units.Unit)]


@pytest.mark.parametrize(
    ("model", "fields"),
    [(Star, STAR_COLUMNS), (Toi, TOI_COLUMNS), (ListedToi, LISTED_FIELDS)],
    ids=lambda it: str(it)[:40],
)
def test_a_table_has_the_columns_of_the_register_and_no_others(model, fields):
    columns = {column.name: column for column in model.__table__.columns}
    assert columns.keys() - NOT_IN_THE_ARCHIVES[model] == {field.name for field in fields}
    for field in fields:
        assert isinstance(columns[field.name].type, SQL_TYPES[field.kind]), field.name
        assert not (field.required and columns[field.name].nullable), field.name
        assert getattr(columns[field.name].type, "length", None) in (None, field.longest), field.name


def test_names_are_unique_within_a_table_and_in_addresses():
    for fields in (TOI_COLUMNS, STAR_COLUMNS, LISTED_FIELDS):
        assert max(Counter(field.name for field in fields).values()) == 1
    assert max(Counter(field.parameter for field in LISTED_FIELDS).values()) == 1


@pytest.mark.parametrize("field", EVERY_FIELD, ids=lambda field: field.name)
def test_a_field_is_described_in_words_that_exist(field):
    assert not field.term or field.term in terms()
    assert field.description and field.label and field.heading and field.title
    parse_ucd(field.ucd, check_controlled_vocabulary=True)
    low, high = field.limits
    assert low < high
    assert (field.longest > 0) == (field.kind in TEXTS)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.symbol)
def test_astropy_reads_both_spellings_of_a_unit_as_the_same(unit):
    cds = u.Unit(unit.cds, format="cds") if unit.cds else u.one
    assert u.Unit(unit.astropy).is_equivalent(cds)


def test_no_two_fields_answer_to_the_same_spelling():
    owners = {}
    for field in TOI_COLUMNS:
        for key in {normalize(spelling) for spelling in field.spellings}:
            assert owners.setdefault(key, field.name) == field.name
    assert max(Counter(field.tic for field in STAR_COLUMNS).values()) == 1


def test_the_sample_archive_has_every_column_under_its_newest_name():
    assert {field.exofop[0] for field in TOI_COLUMNS} <= set(SAMPLE_COLUMNS)
    assert {field.tic for field in STAR_COLUMNS} <= {name for name, _ in TIC_FIELDS}


def test_a_number_in_the_table_has_its_decimals_and_a_filter_is_a_number():
    for field in LISTED_FIELDS:
        assert (field.decimals is not None) == (field.kind in ("number", "integer")), field.name
        assert not field.filterable or field.kind in ("number", "integer"), field.name


def test_a_quantity_of_both_catalogues_differs_only_in_its_names_and_its_error():
    for field in STAR_FIELDS:
        other = EXOFOP_SIDE.get(field.name)
        if other is not None:
            assert (other.kind, other.unit, other.ucd, other.limits) == (
                field.kind,
                field.unit,
                field.ucd,
                field.limits,
            )
            assert other.of_star and other in TOI_FIELDS


def test_tic_fields_are_numbers_because_their_parser_reads_nothing_else():
    assert {field.kind for field in STAR_FIELDS} == {"number", "integer", "id"}


def test_every_recorded_field_has_a_kind_of_change():
    check = next(item for item in CatalogueChange.__table__.constraints if str(item.name).endswith("kind_known"))
    assert set(re.findall(r"'(\w+)'", str(check.sqltext))) == set(KINDS)
    assert {field.recorded.kind for field in RECORDED_FIELDS} == set(KINDS) - {"new", "retired"}


def test_the_real_catalogues_lie_within_the_limits():
    tois = parse_toi_table(
        gzip.decompress(shared_path("toi_snapshots/toi_2025-10-19.csv.gz").read_bytes()), "toi_2025-10-19.csv"
    )
    stars = read_tic_csv(shared_path("archive/tic.csv"))
    for fields, frame in ((TOI_COLUMNS, tois), (STAR_FIELDS, stars)):
        for field in fields:
            if field.kind in ("number", "integer", "id"):
                assert frame[field.name].dropna().between(*field.limits).all(), field.name


EXOPLANET_ARCHIVE_NAMES = {
    "tic_id": "tid",
    "toi": "toi",
    "tfopwg_disposition": "tfopwg_disp",
    "epoch_btjd": "pl_tranmid",
    "epoch_err_d": "pl_tranmiderr1",
    "period_d": "pl_orbper",
    "period_err_d": "pl_orbpererr1",
    "duration_h": "pl_trandurh",
    "duration_err_h": "pl_trandurherr1",
    "depth_ppm": "pl_trandep",
    "depth_err_ppm": "pl_trandeperr1",
    "planet_radius_rearth": "pl_rade",
    "planet_radius_err_rearth": "pl_radeerr1",
    "insolation_earth": "pl_insol",
    "equilibrium_temperature_k": "pl_eqt",
    "tmag": "st_tmag",
    "tmag_err": "st_tmagerr1",
    "stellar_distance_pc": "st_dist",
    "stellar_distance_err_pc": "st_disterr1",
    "teff_k": "st_teff",
    "teff_err_k": "st_tefferr1",
    "logg": "st_logg",
    "logg_err": "st_loggerr1",
    "stellar_radius_rsun": "st_rad",
    "stellar_radius_err_rsun": "st_raderr1",
    "ra_deg": "ra",
    "dec_deg": "dec",
    "alerted_on": "toi_created",
    "updated_on": "rowupdate",
}


def test_the_exoplanet_archives_names_are_recognized():
    others = ["pl_tranmiderr2", "pl_tranmidlim", "toipfx"]
    assert match_columns([*EXOPLANET_ARCHIVE_NAMES.values(), *others]) == EXOPLANET_ARCHIVE_NAMES
