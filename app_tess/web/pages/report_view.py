"""A report file (JSON written beside the model) as what a template can loop over: figures, texts and tables, by its own names.

The files are the model's; the pages show whatever is in them, so that a figure is never typed twice.
"""

import json

from flask import current_app

from app_tess.scoring.catalogue_model.artifact import ARTIFACTS_DIRECTORY

EVALUATION, TRACK_RECORD, CARD, MANIFEST = "evaluation.json", "track_record.json", "MODEL_CARD.md", "manifest.json"
NAMES = {
    "auc": "AUC",
    "ap": "average precision",
    "brier": "Brier score",
    "log_loss": "log loss",
    "ece": "calibration error (ECE)",
    "recall_at_precision_90": "recall at precision 0.90",
    "recall_at_precision_95": "recall at precision 0.95",
    "n": "TOIs judged",
    "n_train": "TOIs trained on",
    "base_rate": "share of planets",
    "toi": "TOI",
    "tic_id": "TIC",
    "exominer": "ExoMiner",
    "cv": "cross-validation",
    "train": "training table",
    "labels": "verdicts from",
    "train_date": "training table until",
    "labels_date": "verdicts until",
    "train_base_rate": "share of planets trained on",
    "n_ambiguous": "ambiguous, taught as false positives",
    "misses": "misses: scored 0.9 or more, judged no planet",
    "overlooked": "overlooked: scored 0.1 or less, judged a planet",
    "hits": "the surest hits",
    "open": "open then",
    "settled": "settled since",
    "settled_by": "by",
    "last": "newest table",
    "last_date": "newest date in it",
}
METRICS = ("auc", "ap", "accuracy", "brier", "log_loss", "ece", "recall_at_precision_90", "recall_at_precision_95")
MOST_ROWS = 200
"""Rows of a table shown; the file has them all."""


def _directory():
    """Where the model that is in use lies; the tests put another there."""
    return current_app.config.get("MODEL_DIRECTORY", ARTIFACTS_DIRECTORY)


def read_report(name):
    """A JSON report as a dict or list; None when the file is not there or not JSON."""
    try:
        return json.loads((_directory() / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def read_card():
    """The model card's text, or None."""
    try:
        return (_directory() / CARD).read_text(encoding="utf-8")
    except OSError:
        return None


def label(name):
    """`recall_at_precision_90` -> "recall at precision 0.90"."""
    return NAMES.get(name, str(name).replace("_", " "))


def is_measure(value):
    """A figure with its interval: {"value", "low", "high"}."""
    return isinstance(value, dict) and {"value", "low", "high"} <= set(value)


def figure_text(value):
    """A figure as text: 0.922 (0.901 to 0.940); a dash where it has no meaning."""
    if is_measure(value):
        if value["value"] is None:
            return "–"
        interval = "" if value["low"] is None else f" ({value['low']:.3f} to {value['high']:.3f})"
        return f"{value['value']:.3f}{interval}"
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}" if value != int(value) else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) and value >= 100_000 else str(value)


def sections(title, value):
    """A value as a list of sections: {"title", "depth", "figures": [(name, text)], "tables": [{"title", "columns", "rows"}]}.

    Dicts of dicts with the same keys become a table with a row each, lists of dicts likewise; what is deeper, a section below.
    """
    here = {"title": title, "figures": [], "tables": []}
    below = []
    for name, part in value.items() if isinstance(value, dict) else [(title, value)]:
        rows = _as_rows(part)
        if rows:
            here["tables"].append(_table(label(name), rows))
        elif isinstance(part, dict) and not is_measure(part) and part:
            below += sections(label(name), part)
        elif isinstance(part, list):
            here["figures"].append((label(name), ", ".join(figure_text(item) for item in part[:MOST_ROWS])))
        elif part not in ({}, []):
            here["figures"].append((label(name), figure_text(part)))
    return ([here] if here["figures"] or here["tables"] else []) + below


def _as_rows(part):
    """A list of dicts of plain figures, from such a list or from a dict of dicts; None where it is neither."""
    if (
        isinstance(part, dict)
        and not is_measure(part)
        and part
        and all(isinstance(item, dict) and not is_measure(item) for item in part.values())
    ):
        part = [{"": name} | item for name, item in part.items()]
    if not (isinstance(part, list) and part and all(isinstance(item, dict) for item in part)):
        return None
    plain = all(is_measure(cell) or not isinstance(cell, (dict, list)) for item in part for cell in item.values())
    return part if plain else None


def _table(title, rows):
    keys = list(dict.fromkeys(key for row in rows for key in row))
    return {
        "title": title,
        "columns": [(key, label(key) if key else "") for key in keys],
        "total": len(rows),
        "rows": [
            [
                {"key": key, "text": label(row[key]) if key == "" else figure_text(row.get(key)), "raw": row.get(key)}
                for key in keys
            ]
            for row in rows[:MOST_ROWS]
        ],
    }
