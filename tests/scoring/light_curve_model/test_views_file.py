import numpy as np
import pytest

from app_tess.errors import TrainingError
from app_tess.scoring.light_curve_model.views_file import find_views, read_views
from tests.support.shared import shared_path
from tests.support.views import make_views, write_views


def test_the_mission_follows_from_the_star_ids(tmp_path):
    assert read_views(write_views(tmp_path)).mission == "tess"
    kepler = read_views(write_views(tmp_path, "kepler"))
    assert kepler.mission == "kepler" and np.isnan(kepler.scalars).all() and np.isnan(kepler.epoch_btjd).all()
    assert [v.source for v in find_views(tmp_path)] == ["kepler_views.npz", "tess_views.npz"]


@pytest.mark.parametrize(
    ("missing", "reason"), [("global_view", "has no array 'global_view'"), ("tic_id", "neither 'tic_id' nor 'kic_id'")]
)
def test_a_file_without_what_is_needed_is_refused_by_name(tmp_path, missing, reason):
    with pytest.raises(TrainingError, match=f"tess_views.npz.*{reason}"):
        read_views(write_views(tmp_path, drop=(missing,)))


def test_wrong_shapes_labels_and_values_are_refused(tmp_path):
    for change, reason in (
        ({"local_view": np.zeros((400, 60))}, r"not \(N, 61\)"),
        ({"label": np.full(400, "XX")}, "unknown label XX"),
        ({"global_view": np.full((400, 201), np.nan)}, "not finite"),
        ({"label": np.full(3, "PC")}, "differ in length or are empty"),
        ({"epoch_btjd": np.zeros(7)}, "differ in length or are empty"),
        ({"snr": np.full(400, "x")}, "'snr' is not numeric"),
        ({"tic_id": np.full(400, "TIC 1")}, "'tic_id' is not numeric"),
        ({"depth_ppm": np.zeros((400, 2))}, r"not \(N,\)"),
        ({"local_view": np.full((400, 61), "x")}, "'local_view' is not numeric"),
    ):
        np.savez(tmp_path / "a.npz", **{**make_views(), **change})
        with pytest.raises(TrainingError, match=reason):
            read_views(tmp_path / "a.npz")


def test_what_is_no_npz_or_no_file_or_an_empty_folder_is_said_to_be_so(tmp_path):
    (tmp_path / "b.npz").write_text("not a zip")
    with pytest.raises(TrainingError, match="b.npz is not a .npz file of views"):
        read_views(tmp_path / "b.npz")
    with pytest.raises(TrainingError, match="There is no file"):
        read_views(tmp_path / "c.npz")
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="no .npz file of views"):
        find_views(tmp_path / "empty")


def test_it_reads_the_real_views():
    views = read_views(shared_path("views/tess_yu2019_views.npz"))
    assert len(views) == 14858 and np.isfinite(views.scalars).all()
