import json
import shutil
import sys

import numpy as np
import pytest

from app_tess.errors import AppTessError, ArtifactError
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.light_curve_model.classify import classify
from app_tess.scoring.light_curve_model.held_out import evaluate_network
from app_tess.scoring.light_curve_model.trained_network import ARTIFACTS, LightCurveNetwork, load_network
from app_tess.scoring.light_curve_model.views_file import read_views
from tests.support.shared import shared_path
from tests.support.views import write_views


def views_and_scalars(path):
    views = read_views(path)
    row = int(np.flatnonzero(views.label == "PC")[0])
    return (
        {"global_view": views.global_view[row].tolist(), "local_view": views.local_view[row].tolist()},
        dict(zip(("period_d", "duration_d", "depth_ppm", "snr"), map(float, views.scalars[row]), strict=True)),
    )


def test_a_classification_goes_into_json_and_shows_which_bins_matter(tmp_path):
    result = classify(*views_and_scalars(write_views(tmp_path)))
    json.dumps(result, allow_nan=False)
    assert 0 <= result["probability_pc"] <= 1 and 0 <= result["probability_transit"] <= 1
    assert len(result["occlusion"]["global_view"]) == 201 and len(result["occlusion"]["local_view"]) == 61


def test_unknown_scalars_change_the_answer_but_do_not_break_it(tmp_path):
    views, scalars = views_and_scalars(write_views(tmp_path))
    assert (
        classify(views, None, explain=False)["probability_pc"]
        != classify(views, scalars, explain=False)["probability_pc"]
    )


def test_a_period_beyond_the_training_data_comes_with_a_caution(tmp_path):
    views, scalars = views_and_scalars(write_views(tmp_path))
    assert classify(views, scalars, explain=False)["caution"] is None
    assert "longer than almost all" in classify(views, {**scalars, "period_d": 83.9}, explain=False)["caution"]
    assert "filled in" in classify({**views, "empty_global": 150}, scalars, explain=False)["caution"]


def test_a_single_transit_without_views_is_refused_in_a_sentence():
    with pytest.raises(AppTessError, match="a single transit has none"):
        classify(None, None)


def test_an_altered_or_missing_member_is_refused_before_it_is_opened(tmp_path):
    copy = tmp_path / "artifacts"
    shutil.copytree(ARTIFACTS, copy)
    member = next(copy.glob("*.onnx"))
    member.write_bytes(member.read_bytes() + b"x")
    with pytest.raises(ArtifactError, match=f"{member.name} has been altered"):
        LightCurveNetwork(copy)
    member.unlink()
    with pytest.raises(ArtifactError, match=f"{member.name} is missing"):
        LightCurveNetwork(copy)
    with pytest.raises(ArtifactError, match="manifest.json is missing; .*train-light-curves"):
        LightCurveNetwork(tmp_path)


def test_a_star_in_the_training_data_is_scored_only_by_members_not_trained_on_it():
    views = read_views(shared_path("views/tess_yu2019_views.npz"))
    network = load_network()
    assert network.was_trained_on("tess", views.star_id).all()
    some = slice(0, 20)
    arrays = views.global_view[some], views.local_view[some], views.scalars[some]
    each = network.member_probabilities(*arrays)
    mean = network.probabilities(*arrays, "tess", views.star_id[some])
    from app_tess.scoring.light_curve_model.folds import fold_of_star

    for i, fold in enumerate(fold_of_star(views.star_id[some])):
        assert mean[i] == pytest.approx(each[network.member_folds == fold, i].mean(axis=0))
    assert network.probabilities(*arrays) == pytest.approx(each.mean(axis=0))


def test_a_kepler_file_has_one_task_and_a_tess_file_two(tmp_path):
    kepler = evaluate_network(load_network(), read_views(write_views(tmp_path, "kepler")))
    tess = evaluate_network(load_network(), read_views(write_views(tmp_path, drop=("snr",))))
    assert "transit_vs_junk" not in to_json(kepler) and kepler.pc_vs_rest.n == 400
    assert tess.transit_vs_junk.n == 400 and tess.scalars_known == 0
    assert tess.stars_in_training_data == 0
    json.dumps(to_json([kepler, tess]), allow_nan=False)


def test_the_manifest_states_data_versions_and_held_out_figures():
    manifest = load_network().manifest
    assert to_json(manifest) == json.loads((ARTIFACTS / "manifest.json").read_text())
    assert {views.mission for views in manifest.data} == {"kepler", "tess"}
    for figures in manifest.held_out.values():
        assert figures["pc_vs_rest"].auc.low > 0.96
    assert sum(path.stat().st_size for path in ARTIFACTS.iterdir()) < 15e6


def test_classifying_does_not_import_tensorflow(tmp_path):
    import subprocess

    code = (
        "import sys; from app_tess.scoring.light_curve_model.classify import classify;"
        " import app_tess.cli.light_curves;"
        " classify({'global_view': [0.0]*100+[-1.0]+[0.0]*100, 'local_view': [0.0]*30+[-1.0]+[0.0]*30}, None);"
        " assert not [m for m in sys.modules if m.split('.')[0] in ('tensorflow', 'keras')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ARTIFACTS.parents[3])
