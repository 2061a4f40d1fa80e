"""Build the scoreboard: whose scores agree with the dispositions that followed them, and where they differ."""

import datetime as dt
from dataclasses import dataclass

from app_tess.astro.dispositions import PLANETS
from app_tess.scoring.evaluation.scoreboard import GivenScore, GradedToi, build_scoreboard, kinds_of
from app_tess.storage import gradings
from app_tess.tasks.load_scores import OURS

DIFFERENCES_LISTED = 25
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Difference:
    """A TOI without a final disposition and its scores, by name."""

    toi: str
    tic_id: int
    scores: dict[str, float]

    @property
    def spread(self) -> float:
        """The highest score minus the lowest."""
        return max(self.scores.values()) - min(self.scores.values())


def grade_classifiers(replay=None):
    """Return the Scoreboard of this model and every classifier whose scores are loaded.

    Parameters
    ----------
    replay : TrackRecord, optional
        The replayed track record: frozen scores of models trained on dated tables, which stand for this model where
        this site has given none before the disposition.
    """
    open_on, ours = _replayed(replay)
    for toi, day in gradings.open_dates().items():
        open_on[toi] = max(open_on.get(toi, day), day)
    for toi, (score, day) in gradings.own_scores().items():
        open_on.setdefault(toi, day)  # a catalogue that was older than the score cannot say that the TOI was open then
        ours[toi] = GivenScore(score, min(day, open_on[toi]))
    tois = [_graded(row, open_on.get(row["toi"])) for row in gradings.final_tois()]
    others = {
        name: {toi: GivenScore(*given) for toi, given in scores.items()}
        for name, scores in gradings.scores_by_classifier().items()
    }
    return build_scoreboard(tois, {OURS: ours} | others)


def _replayed(replay):
    """Return the last day on which each replayed TOI was open, and the score of the model frozen on it."""
    open_on: dict[str, dt.date] = {}
    scores: dict[str, GivenScore] = {}
    for table in sorted((table for table in replay.dates if table.date), key=_date) if replay else ():
        for row in table.scores:
            open_on[row.toi] = _date(table)
            scores[row.toi] = GivenScore(row.probability, _date(table))
    return open_on, scores


def _date(table):
    return dt.date.fromisoformat(table.date[:10])


def _graded(row, open_on):
    code = row["tfopwg_disposition"]
    if row["alerted_on"] and code != gradings.KNOWN_BEFORE:
        before = row["alerted_on"] - ONE_DAY
        open_on = max(open_on or before, before)
    kinds = kinds_of(*(row[name] for name in gradings.KINDS))
    return GradedToi(row["toi"], row["tic_id"], code in PLANETS, open_on, kinds)


def find_differences():
    """Return the open TOIs on which the classifiers differ most, this model among them, in descending order."""
    others = gradings.scores_by_classifier()
    found = []
    for row in gradings.open_scores():
        scores = {name: given[row["toi"]][0] for name, given in others.items() if row["toi"] in given}
        if row["planet_probability"] is not None:
            scores = {OURS: row["planet_probability"]} | scores
        if len(scores) > 1:
            found.append(Difference(row["toi"], row["tic_id"], scores))
    return sorted(found, key=lambda difference: -difference.spread)[:DIFFERENCES_LISTED]
