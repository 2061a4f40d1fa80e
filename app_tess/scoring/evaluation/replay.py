"""The track record: what the score would have said at each date, and how each candidate fared later."""

import numpy as np

from app_tess.astro.dispositions import FINAL, PLANETS
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.frame import planet_labels, training_rows
from app_tess.scoring.catalogue_model.pipeline import SEED, fit_pipeline
from app_tess.scoring.common.metrics import measure, plain
from app_tess.scoring.evaluation.evaluate import table_date

CALLED = 0.5
"""Score from which a TOI counts as called a planet."""

SURE_PLANET, SURE_OTHER = 0.9, 0.1
"""Scores from, and up to, which a miss is told by name."""

LONGEST_LIST = 25
"""Names listed of the worst misses and the best hits of one date; all TOIs stay in `scores`."""


def replay(snapshots, seed=SEED, progress=None, pipelines=None):
    """Replay history over dated tables.

    Parameters
    ----------
    snapshots : list of (name, DataFrame)
        Scoring frames, oldest first.
    pipelines : dict of name -> trained pipeline, or None
        Models already trained on these tables; the others are trained here.

    Returns
    -------
    dict safe for JSON
        `dates`: for each table but the last, what was frozen then and how it fared up to the last table;
        `years`: the figures by the year in which the verdict came.

    Raises
    ------
    TrainingError
        Fewer than two tables.
    """
    if len(snapshots) < 2:
        raise TrainingError("a track record needs TOI tables of at least two dates")
    dates, graded = [], []
    for number, (name, frame) in enumerate(snapshots[:-1]):
        if progress is not None:
            progress(f"track record: {name}")
        pipeline = (pipelines or {}).get(name) or fit_pipeline(training_rows(frame, name), seed)
        is_open = planet_labels(frame["tfopwg_disposition"]).isna()
        rows = frame[is_open.to_numpy()]
        frozen = pipeline.predict_proba(rows)[:, 1]
        outcomes = grade(rows, frozen, snapshots[number + 1 :])
        dates.append(_one_date(name, frame, rows, outcomes, snapshots[-1][0]))
        graded += outcomes
    return {
        "last": snapshots[-1][0],
        "last_date": table_date(snapshots[-1][1]),
        "dates": dates,
        "years": _by_year(graded),
    }


def grade(rows, probabilities, later):
    """The first verdict that each frozen score met in later tables: a list of dicts, one a TOI that was settled."""
    verdicts = {}
    for name, frame in later:
        settled, year = frame[planet_labels(frame["tfopwg_disposition"]).notna()], table_year(name, frame)
        for toi, star, code in zip(settled["toi"], settled["tic_id"], settled["tfopwg_disposition"]):
            verdicts.setdefault((toi, star), (code, year))
    outcomes = []
    for toi, star, probability in zip(rows["toi"], rows["tic_id"], probabilities):
        if (toi, star) in verdicts:
            code, year = verdicts[toi, star]
            outcomes.append(
                {
                    "toi": str(toi),
                    "tic_id": int(star),
                    "probability": plain(probability),
                    "verdict": code,
                    "planet": code in PLANETS,
                    "year": year,
                }
            )
    return outcomes


def summarise(outcomes):
    """Figures and calls of graded scores, for the live record.

    `outcomes` are dicts with toi, tic_id, probability (the one given before the verdict), verdict (CP, KP, FP, FA) and
    year (text), as storage kept them; a dict safe for JSON comes back, its figures None or absent where there are none.
    """
    graded = [
        outcome | {"planet": outcome["verdict"] in PLANETS}
        for outcome in outcomes
        if outcome["verdict"] in FINAL and outcome["probability"] is not None
    ]
    return {"figures": _figures(graded), "called": _calls(graded), "years": _by_year(graded), "scores": graded}


def table_year(name, frame):
    """Year of a table's newest date as text; the seed's table, which has none, by its name."""
    date = table_date(frame)
    return date[:4] if date else name


def _one_date(name, frame, rows, outcomes, last):
    return {
        "name": name,
        "date": table_date(frame),
        "open": len(rows),
        "settled_by": last,
        "settled": len(outcomes),
        "figures": _figures(outcomes),
        **tell_by_name(outcomes),
        "called": _calls(outcomes),
        "scores": outcomes,
    }


def tell_by_name(outcomes):
    """The outcomes worth a name, at most LONGEST_LIST of each: `hits`, planets that were called so, `misses` and `overlooked`."""
    surest = sorted(outcomes, key=lambda outcome: -outcome["probability"])
    lists = {
        "hits": [o for o in surest if o["planet"] and o["probability"] >= CALLED],
        "misses": [o for o in surest if not o["planet"] and o["probability"] >= SURE_PLANET],
        "overlooked": [o for o in reversed(surest) if o["planet"] and o["probability"] <= SURE_OTHER],
    }
    return {kind: found[:LONGEST_LIST] for kind, found in lists.items()}


def _calls(outcomes):
    called = [outcome for outcome in outcomes if outcome["probability"] >= CALLED]
    denied = [outcome for outcome in outcomes if outcome["probability"] < CALLED]
    return {
        "planets_right": sum(o["planet"] for o in called),
        "planets_wrong": sum(not o["planet"] for o in called),
        "others_right": sum(not o["planet"] for o in denied),
        "others_wrong": sum(o["planet"] for o in denied),
    }


def _by_year(graded):
    years = sorted({outcome["year"] for outcome in graded})
    return [{"year": year, **_figures([outcome for outcome in graded if outcome["year"] == year])} for year in years]


def _figures(outcomes):
    labels = np.array([outcome["planet"] for outcome in outcomes], dtype=float)
    probabilities = np.array([outcome["probability"] for outcome in outcomes], dtype=float)
    stars = np.array([outcome["tic_id"] for outcome in outcomes])
    figures = {"n": len(outcomes), "base_rate": plain(labels.mean()) if len(outcomes) else None}
    return figures | (measure(labels, probabilities, stars) if len(outcomes) else {})
