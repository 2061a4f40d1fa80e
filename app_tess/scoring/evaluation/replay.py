"""The track record: the scores as they would have been at each date, and the dispositions that followed."""

import numpy as np

from app_tess.astro.dispositions import PLANETS
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.frame import planet_labels, table_date, training_rows
from app_tess.scoring.catalogue_model.pipeline import SEED, fit_pipeline
from app_tess.scoring.common.metrics import plain
from app_tess.scoring.evaluation.pair_figures import subset_figures
from app_tess.scoring.evaluation.report_schema import SubsetFigures
from app_tess.scoring.evaluation.track_record_schema import (
    PREDICTED_PLANET,
    FrozenDate,
    PredictionCounts,
    ReplayedScore,
    TrackRecord,
    YearFigures,
)


def replay(snapshots, seed=SEED, progress=None, pipelines=None) -> TrackRecord:
    """Replay history over dated tables.

    Parameters
    ----------
    snapshots : list of (str, DataFrame)
        Names and scoring frames, in ascending order of date.
    pipelines : dict of str to Pipeline, optional
        Models already trained on these tables, by name; the others are trained here.

    Raises
    ------
    TrainingError
        Fewer than two tables.
    """
    if len(snapshots) < 2:
        raise TrainingError("a track record needs TOI tables of at least two dates")
    dates, scores = [], []
    for number, (name, frame) in enumerate(snapshots[:-1]):
        if progress is not None:
            progress(f"track record: {name}")
        pipeline = (pipelines or {}).get(name) or fit_pipeline(training_rows(frame, name), seed)
        is_open = planet_labels(frame["tfopwg_disposition"]).isna()
        rows = frame[is_open.to_numpy()]
        outcomes = find_outcomes(rows, pipeline.predict_proba(rows)[:, 1], snapshots[number + 1 :])
        dates.append(
            FrozenDate(
                name=name,
                date=table_date(frame),
                open=len(rows),
                dispositioned=len(outcomes),
                dispositioned_by=snapshots[-1][0],
                figures=_figures(outcomes),
                predictions=count_predictions(outcomes),
                scores=outcomes,
            )
        )
        scores += outcomes
    return TrackRecord(
        last=snapshots[-1][0], last_date=table_date(snapshots[-1][1]), dates=dates, years=figures_by_year(scores)
    )


def find_outcomes(rows, probabilities, later) -> list[ReplayedScore]:
    """Find the first disposition in later tables of each TOI with a frozen score."""
    first: dict[tuple[str, int], tuple[str, str]] = {}
    for name, frame in later:
        dispositioned = frame[planet_labels(frame["tfopwg_disposition"]).notna()]
        year = table_year(name, frame)
        for toi, star, disposition in zip(
            dispositioned["toi"], dispositioned["tic_id"], dispositioned["tfopwg_disposition"], strict=True
        ):
            first.setdefault((toi, star), (disposition, year))
    outcomes = []
    for toi, star, probability in zip(rows["toi"], rows["tic_id"], probabilities, strict=True):
        if (toi, star) in first:
            disposition, year = first[toi, star]
            planet = disposition in PLANETS
            outcomes.append(ReplayedScore(str(toi), int(star), plain(probability), disposition, planet, year))
    return outcomes


def table_year(name, frame):
    """Return the year of a table's newest date as text; of the table of 2019, which has no dates, the name."""
    date = table_date(frame)
    return date[:4] if date else name


def count_predictions(scores: list[ReplayedScore]) -> PredictionCounts:
    """Count correct and incorrect predictions."""
    planets = [score.planet for score in scores if score.probability >= PREDICTED_PLANET]
    others = [score.planet for score in scores if score.probability < PREDICTED_PLANET]
    return PredictionCounts(
        planets_right=sum(planets),
        planets_wrong=len(planets) - sum(planets),
        others_right=len(others) - sum(others),
        others_wrong=sum(others),
    )


def figures_by_year(scores: list[ReplayedScore]) -> list[YearFigures]:
    """Measure the figures of the scores by the year of the disposition."""
    years = sorted({score.year for score in scores})
    return [
        YearFigures(**vars(_figures([score for score in scores if score.year == year])), year=year) for year in years
    ]


def _figures(scores: list[ReplayedScore]) -> SubsetFigures:
    return subset_figures(
        np.array([score.planet for score in scores], dtype=float),
        np.array([score.probability for score in scores], dtype=float),
        np.array([score.tic_id for score in scores]),
    )
