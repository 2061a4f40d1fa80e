"""The light curves of full-frame images: TESS-SPOC, QLP, TGLC and TASOC, from real files where there are any."""

import csv
import gzip

import numpy as np
import pytest

from app_tess.archives.products import find_kind, parse_name
from app_tess.astro.light_curve import select_cadences
from app_tess.astro.stitching import stitch
from app_tess.errors import FileFormatError, InvalidInput
from tests.support.high_level_products import make_qlp, make_tasoc, make_tglc
from tests.support.light_curves import PLANET, make_lc_fits
from tests.support.shared import shared_path

REAL = [
    ("hlsp_tess-spoc_tess_phot_0000000261136679-s0001_tess_v1_lc.fits", "tess-spoc", 1, 261136679, 1337, 1182, 1800),
    ("hlsp_tess-spoc_tess_phot_0000000103098373-s0025_tess_v1_lc.fits", "tess-spoc", 25, 103098373, 1231, 1157, 1800),
    (
        "hlsp_tglc_tess_ffi_gaiaid-6399196263939178880-s0001-cam2-ccd1_tess_v1_llc.fits",
        "tglc",
        1,
        389023759,
        1282,
        1267,
        1800,
    ),
    (
        "hlsp_tglc_tess_ffi_gaiaid-5707485527450614656-s0061-cam2-ccd3_tess_v1_llc.fits",
        "tglc",
        61,
        218795833,
        10713,
        10713,
        200,
    ),
    (
        "hlsp_tasoc_tess_ffi_tic00261136679-s0001-cam4-ccd2-c1800_tess_v05_ens-lc.fits",
        "tasoc",
        1,
        261136679,
        1282,
        1267,
        1800,
    ),
]


@pytest.mark.parametrize(("name", "kind", "sector", "tic_id", "read", "kept", "cadence_s"), REAL)
def test_real_files_are_read_with_their_own_bits_and_cadence(name, kind, sector, tic_id, read, kept, cadence_s):
    data = (shared_path("light_curves") / "hlsp" / name).read_bytes()
    named = parse_name(name)
    assert (named.kind.name, named.sector) == (kind, sector)
    curve = named.kind.read(data, name)
    _, count = select_cadences(curve)
    assert (curve.tic_id, curve.sector, curve.cadence_s) == (tic_id, sector, pytest.approx(cadence_s))
    assert (count.read, count.kept) == (read, kept)
    assert np.nanmedian(curve.flux().errors) > 0 and not curve.flux().type.detrended


@pytest.mark.parametrize("sector", [14, 81])
def test_real_qlp_flux_survives_the_file_and_low_precision_is_dropped_by_the_hard_mask_alone(sector):
    path = shared_path("qlp") / f"toi3505_sector_{sector}_qlp.csv.gz"
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file))
    quality = np.array([int(row["quality"]) for row in rows])
    flux = np.array([float(row["normalized_flux"] or "nan") for row in rows])
    data = make_qlp(
        sector,
        390988385,
        time=np.array([float(row["time_btjd"]) for row in rows]),
        flux=flux,
        errors=np.array([float(row["normalized_flux_error"] or "nan") for row in rows]),
        quality=quality,
    )
    curve = find_kind("qlp").read(data, "qlp.fits")
    assert np.array_equal(curve.flux().values, flux, equal_nan=True) and curve.flux().type.name == "sap"
    assert ("sys_rm" in curve.fluxes) == (sector == 81) and np.isfinite(curve.flux().errors).any()
    low = (quality & (4096 if sector < 56 else 1 << 30)) != 0
    default, _ = select_cadences(curve)
    hard, _ = select_cadences(curve, "hard")
    assert low.any() and default[low].any() and not hard[low].any()


@pytest.mark.parametrize("errors_in_columns", [True, False])
def test_tglc_has_an_error_in_either_vintage(errors_in_columns):
    curve = find_kind("tglc").read(make_tglc(errors_in_columns=errors_in_columns), "tglc.fits")
    expected = [0.25] * 4 if errors_in_columns else [3.0, 2.0, 0.02, 0.01]
    assert [flux.errors[0] for flux in curve.fluxes.values()] == pytest.approx(expected)
    assert curve.cadence_s == 1800, "TIMEDEL is the mean step there"


def test_tglcs_own_flags_are_dropped_by_the_hard_mask_alone():
    flags = np.zeros(1248, dtype=int)
    flags[7], tess = 1, np.zeros(1248, dtype=int)
    tess[9] = 32
    curve = find_kind("tglc").read(make_tglc(TGLC_flags=flags, TESS_flags=tess), "tglc.fits")
    default, _ = select_cadences(curve)
    hard, _ = select_cadences(curve, "hard")
    assert default[7] and not default[9] and not hard[7] and not hard[9]


def test_tasocs_corrected_flux_is_relative_and_its_own_flags_are_dropped_by_the_hard_mask_alone():
    flags, tess = np.zeros(1248, dtype=int), np.zeros(1248, dtype=int)
    flags[7], tess[9] = 4, 32
    curve = find_kind("tasoc").read(make_tasoc(QUALITY=flags, PIXEL_QUALITY=tess), "tasoc.fits")
    raw, corrected = curve.fluxes["raw"], curve.fluxes["corr"]
    assert corrected.values == pytest.approx(raw.values / 500) and corrected.errors[0] == pytest.approx(1e-3)
    default, _ = select_cadences(curve)
    hard, _ = select_cadences(curve, "hard")
    assert default[7] and not default[9] and not hard[7] and not hard[9]


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("tglc", make_lc_fits(), "no column psf_flux|no column aperture_flux"),
        ("qlp", make_tglc(), "no column SAP_FLUX, QUALITY"),
        ("tess-spoc", make_qlp(), "no column PDCSAP_FLUX"),
        ("tasoc", make_qlp(), "no column FLUX_RAW"),
        ("qlp", make_qlp()[:9000], "truncated"),
        ("tglc", make_tglc(tic_id="none"), "no TICID"),
        ("qlp", make_qlp(flux=np.full(1248, np.nan)), "no finite flux"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_by_name(kind, data, reason):
    with pytest.raises(FileFormatError, match=reason) as refused:
        find_kind(kind).read(data, "given.fits")
    assert "given.fits" in str(refused.value)


def test_kinds_are_stitched_with_the_default_flux_of_each_or_with_those_that_have_the_chosen_one():
    curves = [
        find_kind("lc").read(make_lc_fits(cadence_s=600.0), "lc.fits"),
        find_kind("tglc").read(make_tglc(sector=2, time=1352 + np.arange(1200) * 1800 / 86400), "tglc.fits"),
    ]
    both = stitch(curves, [PLANET])
    assert set(both.sector) == {1, 2} and both.normalised_flux == pytest.approx(1.0, abs=0.02)
    corrected = stitch(curves, [PLANET], flux="pdcsap")
    assert set(corrected.sector) == {1} and corrected.left_out == ("tglc.fits has no pdcsap flux.",)
    with pytest.raises(InvalidInput, match="choose one of pdcsap, sap"):
        stitch(curves, [PLANET], flux="kspsap")
