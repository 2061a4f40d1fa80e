import numpy as np
import pandas as pd
import pytest

from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.events_file import read_events, with_events
from app_tess.scoring.light_curve_model.star_values import read_star_values, with_star_values
from app_tess.scoring.light_curve_model.views_file import ANY_JUNK, read_views
from tests.support.shared import shared_path
from tests.support.views import make_views, write_views


def write_events(path, arrays, rows, **columns):
    """A table of some of the file's events."""
    table = {name: arrays[name][rows] for name in ("tic_id", "period_d", "epoch_btjd")} | columns
    pd.DataFrame(table).to_csv(path, index=False)
    return path


@pytest.fixture
def file(tmp_path):
    """(views, arrays): a file with epochs whose junk is not divided."""
    arrays = make_views(40) | {"epoch_btjd": np.linspace(1325, 1350, 40)}
    np.savez(tmp_path / "views.npz", **arrays)
    return read_views(tmp_path / "views.npz"), arrays


def test_classes_positions_and_stellar_values_come_from_the_matching_event(file, tmp_path):
    views, arrays = file
    rows = np.array([5, 3])
    events = write_events(
        tmp_path / "events.csv",
        arrays,
        rows,
        label=["V", "IS"],
        ra_deg=[10.0, 20.0],
        dec_deg=[-5.0, 5.0],
        tmag=[9.5, np.nan],
        stellar_radius_rsun=[2.0, 1.0],
        stellar_mass_msun=[1.6, np.nan],
        sector_count=[2, 1],
        snr=[999.0, 999.0],
    )
    joined = with_events(views, read_events(events))
    assert joined.label[rows].tolist() == ["V", "IS"]
    others = np.setdiff1d(np.arange(40), rows)
    assert (joined.label[others] == views.label[others]).all()
    assert joined.position_deg[5].tolist() == [10.0, -5.0] and np.isnan(joined.position_deg[others]).all()
    assert joined.scalar("tmag")[5] == 9.5 and np.isnan(joined.scalar("tmag")[3])
    assert joined.scalar("density_solar")[5] == pytest.approx(0.2) and np.isnan(joined.scalar("density_solar")[3])
    assert joined.scalar("transits")[5] == pytest.approx(max(1, 50 / arrays["period_d"][5]))
    assert joined.scalar("snr")[5] == views.scalar("snr")[5]  # what the file knows stays


def test_another_signal_of_the_star_is_no_match(file, tmp_path):
    views, arrays = file
    moved = arrays | {"period_d": arrays["period_d"] * 1.1}
    joined = with_events(views, read_events(write_events(tmp_path / "e.csv", moved, [0, 1], label=["V", "V"])))
    assert (joined.label == views.label).all()


def test_a_file_whose_labels_do_not_divide_junk_says_any_junk(file):
    views, arrays = file
    assert (views.label == ANY_JUNK).sum() == (arrays["label"] == "J").sum() and views.lacks_classes


def test_a_table_that_is_none_of_events_is_refused_by_column(tmp_path):
    (tmp_path / "a.csv").write_text("tic_id,label\n1,V\n")
    with pytest.raises(TrainingError, match="a.csv has no column 'period_d', 'epoch_btjd'"):
        read_events(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("tic_id,period_d,epoch_btjd,label\n1,x,2,V\n")
    with pytest.raises(TrainingError, match="b.csv: column 'period_d' is not numeric"):
        read_events(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_text("tic_id,period_d,epoch_btjd,label\n1,3,2,X\n")
    with pytest.raises(TrainingError, match="c.csv: unknown label X"):
        read_events(tmp_path / "c.csv")
    with pytest.raises(TrainingError, match="There is no file"):
        read_events(tmp_path / "d.csv")


def test_unknown_radii_and_densities_are_filled_from_a_table_of_stars(file, tmp_path):
    views, arrays = file
    table = tmp_path / "stars.csv"
    pd.DataFrame({"TIC_ID": arrays["tic_id"][:2], "Radius": [1.5, 0.3], "rho": [0.4, np.nan]}).to_csv(
        table, index=False
    )
    filled = with_star_values(views, read_star_values(table))
    assert filled.scalar("stellar_radius_rsun")[:2].tolist() == [1.5, 0.3]
    assert filled.scalar("density_solar")[0] == 0.4 and np.isnan(filled.scalar("density_solar")[1:]).all()
    kepler = read_views(write_views(tmp_path, "kepler"))
    assert with_star_values(kepler, read_star_values(table)) is kepler
    table.write_text("TIC_ID,Radius\n1,2\n")
    with pytest.raises(TrainingError, match="stars.csv has no column density_solar"):
        read_star_values(table)


def test_the_real_events_give_the_real_views_their_five_classes():
    views = read_views(shared_path("views/tess_yu2019_views.npz"))
    joined = with_events(views, read_events(shared_path("views/tess_yu2019_events.csv.gz")))
    names, counts = np.unique(joined.label, return_counts=True)
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == {
        "EB": 1926,
        "IS": 698,
        "J": 10684,
        "O": 3,
        "PC": 443,
        "V": 857,
        ANY_JUNK: 247,
    }
    assert np.isfinite(joined.scalar("tmag")).mean() > 0.97
