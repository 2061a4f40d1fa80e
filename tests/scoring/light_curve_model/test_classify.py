import json
import shutil
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from app_tess.cli.light_curves import evaluate_light_curves
from app_tess.errors import AppTessError, ArtifactError, TrainingError
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.light_curve_model import trained_network
from app_tess.scoring.light_curve_model.classify import classify
from app_tess.scoring.light_curve_model.folds import fold_of_star
from app_tess.scoring.light_curve_model.held_out import evaluate_network, score_file
from app_tess.scoring.light_curve_model.trained_network import ARTIFACTS, LightCurveNetwork, load_network
from app_tess.scoring.light_curve_model.views_file import CLASSES, SCALAR_NAMES, read_views
from tests.support.shared import shared_path
from tests.support.views import make_views, write_views


def views_and_scalars(path):
    views = read_views(path)
    row = int(np.flatnonzero(views.label == "PC")[0])
    return (
        {"global_view": views.global_view[row].tolist(), "local_view": views.local_view[row].tolist()},
        {
            name: float(value)
            for name, value in zip(SCALAR_NAMES, views.scalars[row], strict=True)
            if np.isfinite(value)
        },
    )


def test_a_classification_has_five_probabilities_goes_into_json_and_shows_which_bins_matter(tmp_path):
    result = classify(*views_and_scalars(write_views(tmp_path)))
    json.dumps(result, allow_nan=False)
    assert tuple(result["probabilities"]) == tuple(result["spread"]) == CLASSES
    assert sum(result["probabilities"].values()) == pytest.approx(1)
    assert result["best"] == max(result["probabilities"], key=result["probabilities"].get)
    assert len(result["occlusion"]["global_view"]) == 201 and len(result["occlusion"]["local_view"]) == 61


def test_occluding_the_transit_changes_the_score_more_than_occluding_flat_bins(tmp_path):
    views, scalars = views_and_scalars(write_views(tmp_path))
    moved = np.abs(classify(views, scalars)["occlusion"]["local_view"])
    assert moved[26:35].max() > moved[:10].max()


def test_unknown_inputs_change_the_answer_but_do_not_break_it(tmp_path):
    views, scalars = views_and_scalars(write_views(tmp_path))
    second = (0.4 * np.array(views["local_view"])).tolist()
    answers = [
        classify(*given, explain=False)["probabilities"]["PC"]
        for given in (
            (views, None),
            (views, scalars),
            (views, scalars | {"stellar_radius_rsun": 1.0, "density_solar": 1.0, "tmag": 10.0}),
            (views | {"secondary_view": None}, scalars | {"snr": None}),
            (views | {"secondary_view": second}, scalars),
        )
    ]
    assert len(set(answers)) == 5 and np.isfinite(answers).all()


def test_a_broken_secondary_view_is_refused(tmp_path):
    views, scalars = views_and_scalars(write_views(tmp_path))
    with pytest.raises(AppTessError, match="secondary view of 61 finite bins"):
        classify(views | {"secondary_view": [0.0] * 60}, scalars)


def test_a_period_beyond_the_training_data_comes_with_a_caution(tmp_path):
    views, scalars = views_and_scalars(write_views(tmp_path))
    assert classify(views, scalars, explain=False)["caution"] is None
    assert "longer than almost all" in classify(views, {**scalars, "period_d": 83.9}, explain=False)["caution"]
    assert "filled in" in classify({**views, "empty_global": 150}, scalars, explain=False)["caution"]


def test_a_single_transit_without_views_is_refused_in_a_sentence():
    with pytest.raises(AppTessError, match="a single transit has none"):
        classify(None, None)


def test_an_altered_or_missing_ensemble_is_refused_before_it_is_opened(tmp_path):
    copy = tmp_path / "artifacts"
    shutil.copytree(ARTIFACTS, copy)
    ensemble = copy / "ensemble.onnx"
    ensemble.write_bytes(ensemble.read_bytes() + b"x")
    with pytest.raises(ArtifactError, match="ensemble.onnx has been altered"):
        LightCurveNetwork(copy)
    ensemble.unlink()
    with pytest.raises(ArtifactError, match="ensemble.onnx is missing"):
        LightCurveNetwork(copy)
    with pytest.raises(ArtifactError, match="manifest.json is missing; .*train-light-curves"):
        LightCurveNetwork(tmp_path)


def test_a_star_in_the_training_data_is_scored_only_by_members_not_trained_on_it():
    whole = read_views(shared_path("views/tess_yu2019_views.npz"))
    network = load_network()
    assert network.was_trained_on("tess", whole.star_id).all()
    per_event = ("star_id", "global_view", "local_view", "scalars", "epoch_btjd", "label")
    views = replace(whole, **{name: getattr(whole, name)[:20] for name in per_event})
    arrays = views.inputs
    each = network.member_probabilities(*arrays)
    mean = network.probabilities(*arrays, "tess", views.star_id)
    for i, fold in enumerate(fold_of_star(views.star_id)):
        assert mean[i] == pytest.approx(each[network.member_folds == fold, i].mean(axis=0))
    assert network.probabilities(*arrays) == pytest.approx(each.mean(axis=0))
    # and so is one on its page, whose probabilities are those of the file before its other events count
    row = {"global_view": arrays[0][3], "local_view": arrays[1][3]}
    single = classify(row, dict(zip(SCALAR_NAMES, arrays[3][3], strict=True)), int(views.star_id[3]), explain=False)
    alone, _ = score_file(network, views)
    assert (
        single["seen_in_training"]
        and single["members"] == (network.member_folds == fold_of_star([views.star_id[3]])).sum()
    )
    assert list(single["probabilities"].values()) == pytest.approx(alone[3, 1:], abs=1e-5)


def test_many_events_are_evaluated_in_batches_with_the_same_result(tmp_path, monkeypatch):
    views, network = read_views(write_views(tmp_path)), load_network()
    whole = network.member_probabilities(*views.inputs)
    monkeypatch.setattr(trained_network, "BATCH", 64)
    assert network.member_probabilities(*views.inputs) == pytest.approx(whole, abs=1e-5)


def divided(**more):
    """Arrays of a file whose junk is divided into V, IS and J."""
    arrays = make_views()
    junk = arrays["label"] == "J"
    return arrays | {"label": np.where(junk, np.resize(["V", "IS", "J"], len(junk)), arrays["label"])} | more


def evaluate(tmp_path, arrays):
    np.savez(tmp_path / "file.npz", **arrays)
    return evaluate_network(load_network(), read_views(tmp_path / "file.npz"))


def test_a_kepler_file_has_one_task_and_a_tess_file_two(tmp_path):
    kepler = evaluate_network(load_network(), read_views(write_views(tmp_path, "kepler")))
    tess = evaluate_network(load_network(), read_views(write_views(tmp_path, drop=("snr",))))
    assert "transit_vs_junk" not in to_json(kepler) and kepler.pc_vs_rest.n == 400
    assert tess.transit_vs_junk.n == 400 and tess.scalars_known == 0
    assert tess.stars_in_training_data == 0
    assert tess.five_classes is None and tess.planets_vs_binaries is None
    json.dumps(to_json([kepler, tess]), allow_nan=False)


def test_a_file_with_five_classes_has_figures_of_each_and_of_all_together(tmp_path):
    figures = to_json(evaluate(tmp_path, divided()))
    json.dumps(figures, allow_nan=False)
    five = figures["five_classes"]
    for name in CLASSES:
        assert set(five[name]) == {"n", "base_rate", "auc", "ap"}
        assert five[name]["ap"]["low"] <= five[name]["ap"]["value"] <= five[name]["ap"]["high"]
    assert sum(five[name]["base_rate"] for name in CLASSES) == pytest.approx(1)
    assert {"value", "low", "high"} == set(five["log_loss"]) == set(five["ece"])
    assert sum(sum(row.values()) for row in five["confusion"].values()) == 400
    assert figures["transit_vs_junk"]["n"] == 400


def test_unlabeled_events_count_in_no_figure(tmp_path):
    arrays = divided()
    arrays["label"][:100] = ""
    figures = evaluate(tmp_path, arrays)
    assert figures.five_classes.PC.n == figures.pc_vs_rest.n == figures.transit_vs_junk.n == 300


def test_planets_are_compared_with_binaries_that_are_no_candidates(tmp_path):
    disposition, morphology = np.full(400, "", dtype="U3"), np.full(400, np.nan)
    disposition[:20], disposition[20:40], disposition[40:50], disposition[50:60] = "CP", "KP", "PC", "FP"
    morphology[30:200] = 0.5
    arrays = divided(toi_disposition=disposition, eb_morphology=morphology)
    arrays["label"][:] = ""  # the dispositions alone are enough
    figures = evaluate(tmp_path, arrays)
    # 40 planets, ten of them listed as binaries; the ten candidates are left out, the false positives are binaries
    assert figures.planets_vs_binaries.n == 40 + 150
    assert figures.planets_vs_binaries.base_rate == pytest.approx(40 / 190)
    assert figures.pc_vs_rest is None and figures.five_classes is None


def test_a_file_without_labels_and_dispositions_cannot_be_evaluated(tmp_path):
    with pytest.raises(TrainingError, match="no array 'label'"):
        evaluate_network(load_network(), read_views(write_views(tmp_path, drop=("label",))))


def test_the_command_joins_a_table_of_events(tmp_path):
    path = write_views(tmp_path)
    arrays = make_views()
    epoch = np.linspace(1325, 1350, 400)
    np.savez(path, **arrays, epoch_btjd=epoch)
    label = np.where(arrays["label"] == "J", np.resize(["V", "IS", "J"], 400), arrays["label"])
    table = pd.DataFrame(
        {"tic_id": arrays["tic_id"], "period_d": arrays["period_d"], "epoch_btjd": epoch, "label": label}
    )
    table[:200].to_csv(tmp_path / "events.csv.gz", index=False)
    options = ["--views", str(path), "--events", str(tmp_path / "events.csv.gz")]
    result = CliRunner().invoke(evaluate_light_curves, [*options, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    # what the table does not list keeps its label: junk of any kind is none of the five classes
    assert figures["five_classes"]["V"]["n"] == 200 + int((arrays["label"][200:] != "J").sum())
    assert figures["transit_vs_junk"]["n"] == 400
    told = CliRunner().invoke(evaluate_light_curves, options).output
    assert "class EB: n" in told and "true class, then events by most probable class PC EB V IS J" in told


def test_the_manifest_states_data_versions_and_held_out_figures():
    manifest = load_network().manifest
    assert to_json(manifest) == json.loads((ARTIFACTS / "manifest.json").read_text())
    assert {views.mission for views in manifest.data} == {"kepler", "tess"}
    assert len(manifest.held_out) == 3
    for figures in manifest.held_out.values():
        assert figures.pc_vs_rest.auc.low > 0.8
    assert sum(path.stat().st_size for path in ARTIFACTS.iterdir()) < 20e6


def test_classifying_does_not_import_tensorflow(tmp_path):
    import subprocess

    code = (
        "import sys; from app_tess.scoring.light_curve_model.classify import classify;"
        " import app_tess.cli.light_curves;"
        " classify({'global_view': [0.0]*100+[-1.0]+[0.0]*100, 'local_view': [0.0]*30+[-1.0]+[0.0]*30}, None);"
        " assert not [m for m in sys.modules if m.split('.')[0] in ('tensorflow', 'keras')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ARTIFACTS.parents[3])
