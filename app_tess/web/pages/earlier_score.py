"""The score of a TOI with a final disposition, by a model that had not seen it, and exactly which model that is."""

import re
from dataclasses import dataclass

from app_tess.astro.dispositions import describe_disposition
from app_tess.storage.graded_scores import find_graded_scores
from app_tess.web.pages.model_files import find_track_record, try_to
from app_tess.web.pages.reasons import explain, training_date


@dataclass(frozen=True)
class EarlierScore:
    """A probability, with the words before and after it."""

    before: str
    probability: float
    after: str


def earlier_scores(detail) -> dict[str, EarlierScore]:
    """Return TOI -> the footnote on its score, of the star's TOIs that have a final disposition and a score.

    The first of these that exists: the score of this site before the disposition came, the replayed one of the last
    dated catalogue in which the TOI was open, the stored one.
    """
    final = [toi for toi in detail.tois if describe_disposition(toi.tfopwg_disposition).is_planet is not None]
    if not final:
        return {}
    live = {row["toi"]: row for row in reversed(find_graded_scores(detail.tic_id))}
    found = {
        toi.toi: _live(toi, live.get(toi.toi)) or _replayed(toi) or _stored(toi, detail.scores.get(toi.toi))
        for toi in final
    }
    return {name: footnote for name, footnote in found.items() if footnote}


def _live(toi, row):
    if row is None or row["verdict_after"] != toi.tfopwg_disposition:
        return None
    return EarlierScore(
        f"{_before(toi)} the model gave",
        row["planet_probability"],
        f"(score of {row['scored_at']:%Y-%m-%d} on this site).",
    )


def _replayed(toi):
    record, _ = try_to(find_track_record)
    found = record and record.latest.get((toi.toi, toi.tfopwg_disposition))
    if not found:
        return None
    date, score = found
    return EarlierScore(
        f"{_before(toi)} the model gave",
        score.probability,
        f"(trained on the catalogue of {_date_of(date)}, when this TOI was open, with its values).",
    )


def _date_of(date):
    """Return a catalogue's date; where its table has none, the month in its file's name."""
    month = re.search(r"\d{4}-\d{2}", date.name)
    return date.date or (month.group() if month else date.name)


def _stored(toi, score):
    explanation, _ = explain(score)
    if explanation is None:
        return None
    date = training_date() or "its training"
    if explanation.held_out_probability is None:
        return EarlierScore(
            f"Trained {_before(toi).lower()}, the model gives",
            score.planet_probability,
            f"(catalogue of {date}; today's values).",
        )
    why = (
        "Known before TESS, so no earlier score exists."
        if toi.tfopwg_disposition == "KP"
        else "No earlier score exists."
    )
    return EarlierScore(
        f"{why} Trained without this star, the model gives",
        explanation.held_out_probability,
        f"(values of {date}).",
    )


def _before(toi):
    return (
        "Before confirmation" if describe_disposition(toi.tfopwg_disposition).is_planet else "Before this disposition"
    )
