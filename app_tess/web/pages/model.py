"""/model, the model card, and /model/record, all that was measured: from the files of training and evaluation."""

from flask import Blueprint, jsonify, make_response, render_template, request

from app_tess.errors import MissingData
from app_tess.scoring.catalogue_model.feature_list import FEATURES
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.common.metrics import METRICS
from app_tess.scoring.evaluation.external_test import EXTERNAL_TEST
from app_tess.scoring.evaluation.report_schema import COMPARED, EVALUATION_NAME, GIANTS
from app_tess.storage import scores
from app_tess.web.http.parameters import read_look
from app_tess.web.http.responses import FIGURE_MAX_AGE_S, picture_response
from app_tess.web.http.shared import shared
from app_tess.web.pages.model_files import (
    figure_text,
    find_card,
    find_evaluation,
    find_manifest,
    find_network,
    find_real_files,
    label,
    try_to,
    version_of,
)

pages = Blueprint("model", __name__)


FIGURES_SHOWN = ("auc", "ap", "brier", "ece")
"""Metrics in the card's table."""


@pages.get("/model")
def show():
    """Both models in two minutes: what they give, how well, where they fail."""
    manifest, manifest_problem = try_to(find_manifest)
    evaluation, evaluation_problem = try_to(find_evaluation)
    network, network_problem = try_to(find_network)
    real_files, _ = try_to(find_real_files)
    return render_template(
        "model/show.html",
        manifest=manifest,
        manifest_problem=manifest_problem,
        evaluation=evaluation,
        evaluation_problem=evaluation_problem,
        network=network,
        network_problem=network_problem,
        real_files=real_files,
        figures_shown=FIGURES_SHOWN,
        external=EXTERNAL_TEST,
        giants=GIANTS,
        has_card=find_card() is not None,
        scoring_run=scores.find_current_run(),
    )


@pages.get("/model/record")
def record():
    """Everything that was measured of the planet probability."""
    from app_tess.plots.model_report import describe_evaluation, describe_slices

    manifest, manifest_problem = try_to(find_manifest)
    evaluation, evaluation_problem = try_to(find_evaluation)
    pairs = evaluation.pairs if evaluation else []
    return render_template(
        "model/record.html",
        manifest=manifest,
        manifest_problem=manifest_problem,
        evaluation=evaluation,
        evaluation_problem=evaluation_problem,
        alternative_texts=[(describe_evaluation(pair), describe_slices(pair)) for pair in pairs],
        metrics=METRICS,
        compared=COMPARED,
        features=[feature for feature in FEATURES if manifest and feature.name in manifest.feature_names],
        scoring_run=scores.find_current_run(),
    )


@pages.get("/model/evaluation.json")
def evaluation_json():
    """The evaluation report as JSON."""
    return jsonify(to_json(_get_evaluation()))


@pages.get("/model/card.md")
def card():
    """The model card as Markdown."""
    text = find_card()
    if text is None:
        raise MissingData("This installation has no model card.")
    return make_response(text, {"Content-Type": "text/markdown; charset=utf-8"})


@pages.get("/model/judgement-<int:number>.png")
def pair_plot(number):
    """Reliability, ROC and precision-recall of a pair of dates."""
    from app_tess.plots.model_report import render_evaluation

    return _plot_pair(number, render_evaluation)


@pages.get("/model/slices-<int:number>.png")
def slices_plot(number):
    """The AUC of a pair of dates by radius and disposition."""
    from app_tess.plots.model_report import slices_chart

    return _plot_pair(number, slices_chart)


def _plot_pair(number, draw):
    theme = read_look(request.args)
    pairs = _get_evaluation().pairs
    if not 1 <= number <= len(pairs):
        raise MissingData(f"There is no pair {number} in the evaluation file: it has {len(pairs)}.")
    key = (draw.__name__, number, theme, version_of(EVALUATION_NAME))
    return picture_response(shared(key, lambda: draw(pairs[number - 1], theme=theme)), FIGURE_MAX_AGE_S)


def _get_evaluation():
    evaluation = find_evaluation()
    if evaluation is None:
        raise MissingData("This installation has no evaluation file of the model.")
    return evaluation


pages.add_app_template_filter(label, "report_label")
pages.add_app_template_filter(figure_text, "report_figure")
