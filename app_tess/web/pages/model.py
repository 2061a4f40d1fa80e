"""/model: what the score is, how well it does and where it fails, drawn from the files that training and evaluation wrote."""

from flask import Blueprint, jsonify, make_response, render_template, request

from app_tess.errors import MissingData
from app_tess.plots.model_report import describe_judgement, render_judgement, slices_chart
from app_tess.scoring.catalogue_model.features import FEATURES
from app_tess.storage import scores
from app_tess.web.http.parameters import read_theme
from app_tess.web.http.responses import FIGURE_MAX_AGE_S, picture_response
from app_tess.web.pages.report_view import (
    EVALUATION,
    MANIFEST,
    METRICS,
    figure_text,
    is_measure,
    label,
    read_card,
    read_report,
    sections,
)

pages = Blueprint("model", __name__)
HANDLED = ("model", "baselines", "slices", "reliability", "curves", "scores")
"""Parts of a judgement that have a place of their own on the page."""

SUMMARIES = ("every_pair", "with_tic_rows", "aimed_at", "exominer")
"""Parts of an evaluation file that are told in tables of their own."""

COMPARED = ("auc", "ap", "brier")


@pages.get("/model")
def show():
    manifest, evaluation = read_report(MANIFEST) or {}, read_report(EVALUATION)
    judgements = find_judgements(evaluation)
    shown = [
        {
            "name": name,
            "result": result,
            "alt": describe_judgement(result),
            "figures": _figures_of(result),
            "scorers": scorers(result),
            "slices": _slices(result),
            "slices_alt": slices_chart(result).alt if result.get("slices") else None,
        }
        for name, result in judgements
    ]
    return render_template(
        "model/show.html",
        manifest=manifest,
        judgements=shown,
        metrics=METRICS,
        features=_features(manifest),
        others=_others(evaluation, [result for _, result in judgements]),
        has_card=read_card() is not None,
        aimed_at=_summary(evaluation, "aimed_at"),
        compared=COMPARED,
        every_pair=[beside_baselines(pair) for pair in _summary(evaluation, "every_pair")],
        with_tic_rows=[beside_baselines(pair) for pair in _summary(evaluation, "with_tic_rows")],
        peers=_peers(evaluation),
        out_of_fold={name: value for name, value in manifest.get("metrics", {}).items() if is_measure(value)},
        scoring_run=scores.find_current_run(),
    )


@pages.get("/model/evaluation.json")
def evaluation_json():
    """The file itself."""
    evaluation = read_report(EVALUATION)
    if evaluation is None:
        raise MissingData("This installation has no evaluation file of the model.")
    return jsonify(evaluation)


@pages.get("/model/card.md")
def card():
    """The model card as it is written, for a reader of Markdown."""
    text = read_card()
    if text is None:
        raise MissingData("This installation has no model card.")
    return make_response(text, {"Content-Type": "text/markdown; charset=utf-8"})


@pages.get("/model/judgement-<int:number>.png")
def judgement(number):
    return _picture_of(number, render_judgement)


@pages.get("/model/slices-<int:number>.png")
def judged_slices(number):
    return _picture_of(number, slices_chart)


def _picture_of(number, draw):
    theme = read_theme(request.args)
    judgements = find_judgements(read_report(EVALUATION))
    if not 1 <= number <= len(judgements):
        raise MissingData(f"There is no judgement {number} in the evaluation file: it has {len(judgements)}.")
    return picture_response(draw(judgements[number - 1][1], theme=theme), FIGURE_MAX_AGE_S)


def beside_baselines(pair):
    """A row of the table of all pairs: our figure and the best baseline's for each of COMPARED, and whether ours is better."""
    cells = []
    for metric in COMPARED:
        theirs = [
            figures[metric]["value"] for figures in pair["baselines"].values() if figures[metric]["value"] is not None
        ]
        best = (min if metric == "brier" else max)(theirs, default=None)
        cells.append(
            {
                "ours": figure_text(pair["model"][metric]["value"]),
                "best": figure_text(best),
                "better": pair["above_baselines"][metric],
            }
        )
    return {
        "name": f"{pair['train_date'] or '2019'} to {pair['labels_date']}",
        "n": pair["n"],
        "base_rate": pair["base_rate"],
        "ece": figure_text(pair["model"]["ece"]["value"]),
        "cells": cells,
        "behind": [label(metric) for metric in COMPARED if pair["above_baselines"][metric] is False],
    }


def find_judgements(evaluation, name=""):
    """[(name, result)]: every part of the file that is a judgement (it has `model` with an AUC, `n` and `base_rate`)."""
    if isinstance(evaluation, list):
        return [found for part in evaluation for found in find_judgements(part, name)]
    if not isinstance(evaluation, dict):
        return []
    own = isinstance(evaluation.get("model"), dict) and "auc" in evaluation["model"]
    if own and evaluation.get("n") and evaluation.get("base_rate") is not None:
        return [(_name(evaluation, name), evaluation)] + [
            found
            for key, part in evaluation.items()
            if key not in ("model", "baselines", "slices")
            for found in find_judgements(part, label(key))
        ]
    return [
        found for key, part in evaluation.items() if key not in SUMMARIES for found in find_judgements(part, label(key))
    ]


def _summary(evaluation, name):
    """A part of the file that is a list, or nothing."""
    return evaluation.get(name) or [] if isinstance(evaluation, dict) else []


def _name(result, otherwise):
    if result.get("train_date") or result.get("labels_date"):
        return (
            f"Trained on {result.get('train_date') or '2019'}, judged by the verdicts until {result.get('labels_date')}"
        )
    return otherwise or "The model judged"


def scorers(result):
    """[(name, [text of each metric])]: our model, then the baselines."""
    everyone = {"this model": result["model"]} | (result.get("baselines") or {})
    return [
        (label(name), [figure_text(figures.get(metric)) for metric in METRICS]) for name, figures in everyone.items()
    ]


def _peers(evaluation):
    """ExoMiner's figures beside ours: {"facts": counts and what must be known, "scorers": as of `scorers`}, or None."""
    peers = evaluation.get("exominer") if isinstance(evaluation, dict) else None
    if not isinstance(peers, dict):
        return None
    names = {"exominer": "ExoMiner", "ours": "this model", "both": "both together"}
    return {
        "n": peers.get("n"),
        "n_judged": peers.get("n_judged"),
        "base_rate": peers.get("base_rate"),
        "remarks": [peers[key] for key in ("censoring", "head_start") if peers.get(key)],
        "scorers": [
            (name, [figure_text(peers[key].get(metric)) for metric in METRICS])
            for key, name in names.items()
            if key in peers
        ],
    }


def _figures_of(result):
    return [
        (label(key), figure_text(value))
        for key, value in result.items()
        if key not in HANDLED and not isinstance(value, (dict, list))
    ]


def _slices(result):
    return sections("Slices", result.get("slices") or {}) + sections(
        "Conformal set: promised and measured", result.get("conformal") or {}
    )


def _others(evaluation, judgements):
    """What the file holds besides the judgements."""
    if not isinstance(evaluation, dict):
        return []
    rest = (
        {key: value for key, value in evaluation.items() if key not in SUMMARIES and not find_judgements({key: value})}
        if not any(evaluation is result for result in judgements)
        else {
            key: value
            for key, value in evaluation.items()
            if isinstance(value, dict) and key not in HANDLED and not find_judgements(value)
        }
    )
    return sections("Lessons and parts", rest)


def _features(manifest):
    """The features that the stored model uses, with formula, unit and inputs."""
    used = manifest.get("feature_names") or []
    return [feature for feature in FEATURES if feature.name in used]


pages.add_app_template_filter(label, "report_label")
pages.add_app_template_filter(figure_text, "report_figure")
