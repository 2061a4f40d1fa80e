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
        ({"odd_even_view": np.zeros((400, 61))}, r"not \(N, 2 x bins\)"),
        ({"toi_disposition": np.full(3, "CP")}, "differ in length or are empty"),
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


def test_the_other_schema_adds_a_secondary_view_depths_dispositions_and_morphologies(tmp_path):
    arrays = make_views(4)
    half_way = np.linspace(0.0, 1.0, 81)
    np.savez(
        tmp_path / "a.npz",
        **arrays | {"label": np.array(["PC", "V", "", "J"])},
        odd_even_view=np.tile(np.concatenate([half_way, np.zeros(81)]), (4, 1)).astype(np.float16),
        depth_odd_ppm=[100.0, 200.0, 0.0, 1.0],
        depth_even_ppm=[200.0, 200.0, 5.0, np.nan],
        toi_disposition=["CP", "", "FP", ""],
        eb_morphology=[np.nan, 0.5, np.nan, np.nan],
    )
    views = read_views(tmp_path / "a.npz")
    assert views.secondary_view[0] == pytest.approx(np.linspace(-0.5, 0.5, 61), abs=1e-3)
    assert views.scalar("odd_even_ratio")[:2].tolist() == [0.5, 1.0]
    assert np.isnan(views.scalar("odd_even_ratio")[2:]).all()
    assert views.label.tolist() == ["PC", "V", "", "J"] and not views.lacks_classes
    assert views.toi_disposition[0] == "CP" and views.eb_morphology[1] == 0.5
    plain = read_views(write_views(tmp_path))
    assert plain.secondary_view is None and np.isnan(plain.secondary_or_nan).all() and plain.toi_disposition is None


def test_it_reads_the_real_views():
    views = read_views(shared_path("views/tess_yu2019_views.npz"))
    assert len(views) == 14858 == views.ephemerides_known
