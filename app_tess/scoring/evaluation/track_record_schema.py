"""The layout of track_record.json, which the replay writes and the page reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app_tess.astro.probability_bands import UNLIKELY, VERY_LIKELY
from app_tess.scoring.common.json_records import read_record
from app_tess.scoring.evaluation.report_schema import SubsetFigures

TRACK_RECORD_NAME = "track_record.json"

PREDICTED_PLANET = 0.5
"""A TOI with at least this probability counts as predicted to be a planet."""

CONFIDENT_PLANET, CONFIDENT_OTHER = VERY_LIKELY.lowest, UNLIKELY.lowest
"""Incorrect predictions at or beyond these probabilities, very likely and very unlikely, are listed by name."""

LONGEST_LIST = 25
"""Predictions listed by name, at most, in each of the three lists of one date."""


@dataclass(frozen=True)
class ReplayedScore:
    """A frozen probability, and the first disposition that followed."""

    toi: str
    tic_id: int
    probability: float
    disposition: str
    planet: bool
    year: str
    """Year of the table with the disposition."""


@dataclass(frozen=True)
class PredictionCounts:
    """Correct and incorrect predictions at a probability of PREDICTED_PLANET."""

    planets_right: int
    planets_wrong: int
    others_right: int
    others_wrong: int


@dataclass(frozen=True)
class FrozenDate:
    """The open TOIs of one dated table, scored by a model trained on it, and their later dispositions."""

    name: str
    date: str | None
    open: int
    dispositioned: int
    dispositioned_by: str
    """Name of the last table."""
    figures: SubsetFigures
    predictions: PredictionCounts
    scores: list[ReplayedScore]

    def correct_planets(self) -> list[ReplayedScore]:
        """Return the planets predicted most confidently, in descending order of probability."""
        return self._first(lambda score: score.planet and score.probability >= PREDICTED_PLANET, descending=True)

    def incorrect_planets(self) -> list[ReplayedScore]:
        """Return the confident predictions of a planet that were wrong, in descending order of probability."""
        return self._first(lambda score: not score.planet and score.probability >= CONFIDENT_PLANET, descending=True)

    def missed_planets(self) -> list[ReplayedScore]:
        """Return the planets confidently predicted to be none, in ascending order of probability."""
        return self._first(lambda score: score.planet and score.probability <= CONFIDENT_OTHER, descending=False)

    def _first(self, listed: Callable[[ReplayedScore], bool], descending: bool) -> list[ReplayedScore]:
        ordered = sorted(self.scores, key=lambda score: -score.probability)
        return [score for score in (ordered if descending else reversed(ordered)) if listed(score)][:LONGEST_LIST]


@dataclass(frozen=True, kw_only=True)
class YearFigures(SubsetFigures):
    """Figures of all frozen scores whose disposition came in one year."""

    year: str


@dataclass(frozen=True)
class TrackRecord:
    """track_record.json."""

    last: str
    last_date: str | None
    dates: list[FrozenDate]
    years: list[YearFigures]

    @cached_property
    def latest(self) -> dict[tuple[str, str], tuple[FrozenDate, ReplayedScore]]:
        """(TOI, disposition) -> the last date on which that TOI was open, and its score."""
        return {(score.toi, score.disposition): (date, score) for date in self.dates for score in reversed(date.scores)}


def read_track_record(directory: Path) -> TrackRecord:
    """Read the replayed track record beside a trained model; ArtifactError names what is wrong with the file."""
    return read_record(directory / TRACK_RECORD_NAME, TrackRecord, "flask --app app_tess track-record")
