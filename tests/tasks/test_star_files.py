"""Which of a star's files are read: those that cover a transit, newest first, one per sector."""

from types import SimpleNamespace

import pytest

from app_tess.archives.product_rows import parse_product_url
from app_tess.archives.products import parse_name
from app_tess.archives.sample.catalogue import load_stars
from app_tess.archives.sample.sectors import light_curve_name
from app_tess.errors import ArchiveError, MissingData
from app_tess.tasks.product_choice import folded_products, light_curve_products
from app_tess.tasks.star_files import read_newest
from app_tess.tasks.star_signals import marked_transits, other_ephemerides


def toi(number="1.01", period_d=3.0, epoch_btjd=1326.0, duration_h=3.0):
    return SimpleNamespace(
        toi=number,
        tic_id=1,
        period_d=period_d,
        epoch_btjd=epoch_btjd,
        duration_h=duration_h,
        period_err_d=None,
        epoch_err_d=None,
        sectors="1,2",
    )


def star(products, *tois):
    return SimpleNamespace(
        products=[SimpleNamespace(**parse_product_url(f"mast:TESS/product/{name}")) for name in products],
        tois=list(tois),
        star=SimpleNamespace(tic_id=1),
    )


@pytest.fixture
def here(app, config, at, sample_archive):
    return at(config, sample_archive)


def test_the_date_in_a_files_name_is_its_sectors():
    assert parse_name(light_curve_name(1, 1)).start_btjd == pytest.approx(1324.7, abs=0.1)
    assert parse_name("something_lc.fits") is None


def test_a_planet_of_a_short_period_takes_the_newest_six(here, sample_archive):
    names = [light_curve_name(10**9, sector) for sector in range(1, 13)]
    with pytest.raises(MissingData, match="is listed, but the archive has no such file"):
        read_newest(here, star(names, toi()), [toi()])  # none is there, so all are asked for, the newest first
    assert [int(path.split("-s")[1][:4]) for _, path in sample_archive.requests[:3]] == [12, 11, 10]


def test_sectors_with_well_known_transit_times_precede_newer_ones(here, sample_archive):
    """An error of 0.001 d in a period of 5 d grows to a tenth of the duration in two sectors."""
    uncertain = toi(period_d=5.0, epoch_btjd=1330.0)
    uncertain.period_err_d, uncertain.epoch_err_d = 0.001, 0.001
    names = [light_curve_name(10**9, sector) for sector in range(1, 13)]
    products = star(names, uncertain)
    with pytest.raises(MissingData):
        read_newest(here, products, [uncertain])
    asked = [int(path.split("-s")[1][:4]) for _, path in sample_archive.requests[:3]]
    assert asked == [2, 1, 3]  # 1 and 2 are known to a tenth of a duration, so the newer of them is first
    assert [product.sector for product in folded_products(products, uncertain)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("period_d", "covered"), [(None, [2]), (400.0, [2, 16]), (1e4, [2])])
def test_a_rare_transit_takes_the_sectors_that_cover_it_and_others_only_where_those_are_absent(
    here, sample_archive, period_d, covered
):
    rare = toi(period_d=period_d, epoch_btjd=1360.0)
    with pytest.raises(MissingData):
        read_newest(here, star([light_curve_name(10**9, sector) for sector in range(1, 21)], rare), [rare])
    asked = [int(path.split("-s")[1][:4]) for _, path in sample_archive.requests]
    rest = [sector for sector in range(20, 0, -1) if sector not in covered]
    assert asked == [*covered[::-1], *rest]


def test_a_file_whose_name_has_no_date_covers_a_transit_by_the_dates_that_mast_lists(here, sample_archive):
    rare = toi(period_d=None, epoch_btjd=1360.0)
    names = [f"hlsp_qlp_tess_ffi_s{sector:04d}-0000001000000000_tess_v01_llc.fits" for sector in (1, 2, 3)]
    dated = star(names, rare)
    for product, start in zip(dated.products, (1325.3, 1354.1, 1386.0), strict=True):
        product.start_btjd, product.stop_btjd = start, start + 27.0
    assert [product.sector for product in folded_products(dated, rare)] == [2]
    assert [product.sector for product in folded_products(star(names, rare), rare)] == [1, 2, 3]  # of unknown dates


def test_of_a_sector_in_two_cadences_the_slower_is_read_and_the_other_told(here):
    known = next(known for known in load_stars() if set(known.light_curves) & set(known.fast_light_curves))
    sector = min(set(known.light_curves) & set(known.fast_light_curves))
    slow, fast = light_curve_name(known.tic_id, sector), light_curve_name(known.tic_id, sector, fast=True)
    both = star([fast, slow], toi())
    assert [product.filename for product in light_curve_products(both)] == [slow]
    found, left_out = read_newest(here, both, both.tois)
    assert [file.filename for file in found] == [slow] and len(found[0].sha256) == 64
    assert left_out == [f"{fast} is not used: {slow} is of the same sector {sector}."]


@pytest.fixture
def several():
    """The names of a star's light curves, more than two."""
    known = next(known for known in load_stars() if len(known.light_curves) > 2)
    return [light_curve_name(known.tic_id, sector) for sector in known.light_curves]


@pytest.mark.parametrize(
    "body",
    [b"SIMPLE  =                    T" + b" " * 3000, b"<html>Maintenance</html>", b""],
    ids=["damaged", "a page", "nothing"],
)
def test_one_broken_file_does_not_hide_the_others(here, sample_archive, several, body):
    sample_archive.replace_body(several[-1], body, "application/fits")
    found, left_out = read_newest(here, star(several, toi()), [toi()])
    assert several[-1] not in [file.filename for file in found] and len(found) > 0
    assert any(several[-1] in sentence for sentence in left_out)


def test_one_file_that_cannot_be_had_is_told_but_an_archive_that_fails_again_ends_it(here, sample_archive, several):
    sample_archive.fail_next(several[-1], 500, times=99)
    found, left_out = read_newest(here, star(several, toi()), [toi()])
    assert len(found) > 0 and any(
        sentence.startswith(f"{several[-1]} could not be fetched: 127.0.0.1") for sentence in left_out
    )
    sample_archive.fail_next("Download", 500, times=99)
    for file in (here.instance_dir / "cache").rglob("*_lc.fits"):
        file.unlink()
    asked = len(sample_archive.requests)
    with pytest.raises(ArchiveError, match="answered 500"):
        read_newest(here, star(several, toi()), [toi()])
    assert len({path for _, path in sample_archive.requests[asked:]}) == 2


def test_an_object_without_an_epoch_or_with_a_period_below_zero_does_not_hide_the_others():
    crowd = star([], toi("1.01"), toi("1.02", epoch_btjd=None), toi("1.03", period_d=-3.0), toi("1.04", period_d=7.0))
    assert [name for name, _ in marked_transits(crowd)] == ["TOI-1.01", "TOI-1.04"]
    assert [ephemeris.period_d for ephemeris in other_ephemerides(crowd, crowd.tois[0])] == [7.0]
