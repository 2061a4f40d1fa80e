"""Grade classifiers on the dispositions that followed their scores, each alone and in pairs on the same TOIs."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from app_tess.scoring.common.metrics import Figure, bootstrap, compute, figure_of, plain, star_resamples
from app_tess.scoring.evaluation.report_schema import RADIUS_SLICES

RESAMPLES = 500
"""Bootstrap resamples of the stars: a limit of an interval then scatters by a tenth of its width."""
SMALLEST_CLASS = 10
"""Planets and others, at least, for a figure."""
METRICS = ("auc", "ap", "brier", "ece")
UNKNOWN, SINGLE_TRANSIT = "unknown", "single transit"
BRIGHTNESS = ((-9, 10, "brighter than 10"), (10, 12, "10 to 12"), (12, 99, "12 and fainter"))
PERIODS = ((0, 3, "below 3 d"), (3, 10, "3 to 10 d"), (10, 1e9, "10 d and longer"))


@dataclass(frozen=True)
class GradedToi:
    """A TOI with a final disposition."""

    toi: str
    tic_id: int
    is_planet: bool
    open_on: dt.date | None
    """The last day on which it is known to have had no final disposition; None: not known."""
    kinds: dict[str, str]
    """Kind -> class, as `kinds_of` gives them."""


@dataclass(frozen=True)
class GivenScore:
    """A score of a TOI and the day on which it was given; None: the file has no date."""

    score: float
    given_on: dt.date | None


@dataclass(frozen=True)
class Graded:
    """Figures of some TOIs; the metrics are None where there are fewer than SMALLEST_CLASS planets or others."""

    n: int
    base_rate: float | None
    auc: Figure | None = None
    ap: Figure | None = None
    brier: Figure | None = None
    ece: Figure | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the scoreboard: the dated scores of a classifier, or its undated ones."""

    name: str
    undated: bool
    figures: Graded
    not_later: int
    """Dated scores of TOIs whose disposition is not known to be later: not graded."""
    kinds: dict[str, dict[str, Graded]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name, and that the scores are undated."""
        return f"{self.name} (undated)" if self.undated else self.name


@dataclass(frozen=True)
class Compared:
    """Two entries on the same TOIs; the figures are None where there are fewer than SMALLEST_CLASS of a class."""

    n: int
    base_rate: float | None
    first_auc: Figure | None = None
    second_auc: Figure | None = None
    difference: Figure | None = None
    """AUC of the first minus that of the second."""

    @property
    def better(self) -> int:
        """Return 1 or 2 where the interval of the difference excludes 0, for the first or the second; else 0."""
        if self.difference is None or self.difference.low is None or self.difference.high is None:
            return 0
        return 1 if self.difference.low > 0 else 2 if self.difference.high < 0 else 0


@dataclass(frozen=True, kw_only=True)
class Pair(Compared):
    """Two entries on the TOIs that both are graded on."""

    first: str
    second: str
    undated: bool
    """Whether the scores of either are undated."""
    kinds: dict[str, dict[str, Compared]] = field(default_factory=dict)

    def better_on(self, which: int) -> list[str]:
        """Return the kinds of TOIs on which the first (1) or the second (2) is better, as "period: below 3 d"."""
        return [
            f"{kind}: {name}"
            for kind, classes in self.kinds.items()
            for name, part in classes.items()
            if part.better == which
        ]


@dataclass(frozen=True)
class Scoreboard:
    """What /scoreboard shows."""

    dispositions: int
    """TOIs with a final disposition."""
    entries: list[Entry]
    pairs: list[Pair]


def kinds_of(radius, tmag, period_d, toi_count) -> dict[str, str]:
    """Return the classes of a TOI: by planet radius [R_Earth], TESS magnitude, period [d] and TOIs of its star."""
    return {
        "planet radius": _class_of(radius, RADIUS_SLICES),
        "TESS magnitude": _class_of(tmag, BRIGHTNESS),
        "period": _class_of(period_d, PERIODS, SINGLE_TRANSIT),
        "TOIs of the star": "one" if toi_count == 1 else "several",
    }


KIND_CLASSES = {
    "planet radius": [*(name for _, _, name in RADIUS_SLICES), UNKNOWN],
    "TESS magnitude": [*(name for _, _, name in BRIGHTNESS), UNKNOWN],
    "period": [*(name for _, _, name in PERIODS), SINGLE_TRANSIT],
    "TOIs of the star": ["one", "several"],
}
"""Kind -> its classes, in order."""


def _class_of(value, classes, unknown=UNKNOWN):
    if value is None:
        return unknown
    return next((name for low, high, name in classes if low <= value < high), unknown)


def build_scoreboard(tois, classifiers) -> Scoreboard:
    """Grade every classifier.

    Parameters
    ----------
    tois : sequence of GradedToi
    classifiers : dict of str to dict
        Name -> TOI -> GivenScore. The first is this site's, whose scores were all given before the disposition.
    """
    by_name = {toi.toi: toi for toi in tois}
    entries, graded = [], {}
    for name, scores in classifiers.items():
        known = {toi: given for toi, given in scores.items() if toi in by_name}
        dated = {toi: given for toi, given in known.items() if given.given_on is not None}
        later = {toi: given for toi, given in dated.items() if is_later(by_name[toi], given)}
        undated = {toi: given for toi, given in known.items() if given.given_on is None}
        for is_undated, chosen in ((False, later), (True, undated)):
            if chosen or (not is_undated and (dated or not undated)):
                entry = _grade(name, is_undated, [by_name[toi] for toi in chosen], chosen, len(dated) - len(later))
                entries.append(entry)
                graded[entry.title] = (entry, chosen)
    pairs = [
        _compare(graded[first], graded[second], by_name)
        for first, second in combinations(graded, 2)
        if graded[first][0].name != graded[second][0].name
    ]
    return Scoreboard(len(by_name), entries, pairs)


def is_later(toi, given) -> bool:
    """Return whether the TOI is known to have been open on the day of a dated score, or later."""
    return toi.open_on is not None and given.given_on <= toi.open_on


def _grade(name, undated, tois, scores, not_later):
    return Entry(
        name,
        undated,
        _figures(tois, scores),
        0 if undated else not_later,
        {
            kind: {value: _figures(part, scores) for value, part in parts.items()}
            for kind, parts in _by_kind(tois).items()
        },
    )


def _by_kind(tois):
    """Return kind -> class -> the TOIs."""
    return {
        kind: {value: [toi for toi in tois if toi.kinds[kind] == value] for value in classes}
        for kind, classes in KIND_CLASSES.items()
    }


def _columns(tois, *scores):
    labels = np.array([toi.is_planet for toi in tois], dtype=float)
    stars = np.array([toi.tic_id for toi in tois])
    return labels, stars, *(np.array([given[toi.toi].score for toi in tois]) for given in scores)


def _figures(tois, scores):
    labels, stars, values = _columns(tois, scores)
    about = len(labels), plain(labels.mean()) if len(labels) else None
    if min((labels == 1).sum(), (labels == 0).sum()) < SMALLEST_CLASS:
        return Graded(*about)
    measured = bootstrap(METRICS, labels, values, stars, resamples=RESAMPLES)
    auc, ap, brier, ece = (measured[name].rounded(4) for name in METRICS)
    return Graded(*about, auc, ap, brier, ece)


def _compare(first, second, by_name):
    (one, scores), (other, other_scores) = first, second
    tois = [by_name[toi] for toi in scores if toi in other_scores]
    return Pair(
        first=one.title,
        second=other.title,
        undated=one.undated or other.undated,
        kinds={
            kind: {value: Compared(**_difference(part, scores, other_scores)) for value, part in parts.items()}
            for kind, parts in _by_kind(tois).items()
        },
        **_difference(tois, scores, other_scores),
    )


def _difference(tois, scores, other_scores):
    """Return the fields of a Compared."""
    labels, stars, values, other_values = _columns(tois, scores, other_scores)
    about = {"n": len(labels), "base_rate": plain(labels.mean()) if len(labels) else None}
    if min((labels == 1).sum(), (labels == 0).sum()) < SMALLEST_CLASS:
        return about
    once = np.ones((1, len(labels)))
    whole = [compute(labels, column, once)["auc"][0] for column in (values, other_values)]
    sampled = [
        [compute(labels, column, counts)["auc"] for column in (values, other_values)]
        for counts in star_resamples(stars, RESAMPLES, 0)
    ]
    ours, theirs = (np.concatenate([chunk[side] for chunk in sampled]) for side in (0, 1))
    return about | {
        "first_auc": figure_of(whole[0], ours).rounded(4),
        "second_auc": figure_of(whole[1], theirs).rounded(4),
        "difference": figure_of(whole[0] - whole[1], ours - theirs).rounded(4),
    }
