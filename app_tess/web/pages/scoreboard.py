"""/scoreboard: which classifier agrees with the dispositions that followed its scores, and where they differ."""

from flask import Blueprint, jsonify, render_template, request, url_for

from app_tess.errors import MissingData
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.evaluation.scoreboard import KIND_CLASSES, METRICS, SMALLEST_CLASS
from app_tess.scoring.evaluation.track_record_schema import TRACK_RECORD_NAME
from app_tess.storage import classifiers
from app_tess.storage.data_version import read_shown_version
from app_tess.tasks.load_scores import OURS, count_unmatched
from app_tess.tasks.scoreboard import find_differences, grade_classifiers
from app_tess.web.http.kept import kept
from app_tess.web.http.parameters import read_look
from app_tess.web.http.responses import FIGURE_MAX_AGE_S, picture_response
from app_tess.web.http.shared import shared
from app_tess.web.pages.model_files import find_track_record, try_to, version_of

pages = Blueprint("scoreboard", __name__)


@pages.get("/scoreboard")
@kept()
def show():
    from app_tess.plots.scoreboard import MOST_ENTRIES, describe_scoreboard, plotted_rows

    board, problem = _board()
    loaded = classifiers.find_classifiers()
    matched = classifiers.count_matched()
    drawn = board.entries[:MOST_ENTRIES]
    return render_template(
        "scoreboard/show.html",
        board=board,
        finding=write_finding(board),
        problem=problem,
        loaded=[(classifier, matched.get(classifier.id, 0), count_unmatched(classifier)) for classifier in loaded],
        differences=find_differences(),
        picture_alt=describe_scoreboard(drawn) if plotted_rows(drawn) else None,
        kinds={kind: _classes(board, kind) for kind in KIND_CLASSES},
        metrics=METRICS,
        smallest=SMALLEST_CLASS,
        ours=OURS,
    )


@pages.get("/scoreboard.json")
@pages.get("/api/v1/scoreboard")
@kept()
def show_json():
    """The scoreboard as JSON."""
    board, problem = _board()
    matched = classifiers.count_matched()
    return jsonify(
        to_json(board)
        | {
            "finding": write_finding(board),
            "problem": problem,
            "classifiers": [
                {
                    "name": classifier.name,
                    "file_name": classifier.file_name,
                    "sha256": classifier.sha256,
                    "loaded_at": classifier.loaded_at.isoformat(),
                    "rows": classifier.row_count,
                    "matched_tois": matched.get(classifier.id, 0),
                    "unmatched": count_unmatched(classifier),
                }
                for classifier in classifiers.find_classifiers()
            ],
            "differences": [
                {
                    "toi": row.toi,
                    "tic_id": row.tic_id,
                    "scores": row.scores,
                    "url": url_for("stars.show", tic_id=row.tic_id, _anchor=f"toi-{row.toi}"),
                }
                for row in find_differences()
            ],
        }
    )


@pages.get("/scoreboard/kinds.png")
def kinds_picture():
    """The AUC of each classifier by kind of TOI."""
    from app_tess.plots.scoreboard import MOST_ENTRIES, plotted_rows, scoreboard_chart

    theme = read_look(request.args)
    board, _ = _board()
    entries = board.entries[:MOST_ENTRIES]
    if not plotted_rows(entries):
        raise MissingData("Too few dispositions followed a score for a picture.")
    key = ("scoreboard picture", theme, *_version())
    return picture_response(shared(key, lambda: scoreboard_chart(entries, theme)), FIGURE_MAX_AGE_S)


def _version():
    return read_shown_version(), version_of(TRACK_RECORD_NAME)


def _board():
    """Return the Scoreboard, and why the replayed track record cannot be read, or None."""
    replay, problem = try_to(find_track_record)
    return shared(("scoreboard", *_version()), lambda: grade_classifiers(replay)), problem


def _classes(board, kind):
    """Return (class, [Graded of each entry]) of a kind of TOI, for the classes that any entry has."""
    parts = {name: [entry.kinds[kind][name] for entry in board.entries] for name in KIND_CLASSES[kind]}
    return [(name, graded) for name, graded in parts.items() if any(part.n for part in graded)]


def write_finding(board):
    """Return the result in a sentence or two: the comparison with this model on most TOIs, dated scores first."""
    compared = [pair for pair in board.pairs if pair.first == OURS and pair.difference]
    if not compared:
        return (
            "No comparison yet: this model and another classifier have to have scored the same TOIs before their "
            f"disposition, at least {SMALLEST_CLASS} planets and {SMALLEST_CLASS} others."
        )
    best = max(compared, key=lambda pair: (not pair.undated, pair.n))
    name, gap = best.second.removesuffix(" (undated)"), best.difference
    measured = f"AUC {best.first_auc.value:.3f} (this model) and {best.second_auc.value:.3f} ({name})"
    interval = f"difference {gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})"
    basis = f"On the {best.n} TOIs that both scored ({100 * best.base_rate:.0f} % planets), "
    if not best.better:
        text = f"{basis}this model and {name} do not differ significantly: "
    else:
        better, worse = ("this model", name) if best.better == 1 else (name, "this model")
        text = f"{basis}{better} separates planets from others better than {worse}: "
    caution = (
        f" {name}'s scores are undated, so it may have been trained on these dispositions; ours were given before them."
        if best.undated
        else " Each score was given before the disposition."
    )
    return f"{text}{measured}, {interval}.{_better_on(best, name)}{caution}"


def _better_on(pair, name):
    """Return a sentence on the kinds of TOIs on which one of the two is better, or nothing."""
    found = [(who, pair.better_on(which)) for which, who in ((1, "this model"), (2, name)) if pair.better_on(which)]
    parts = "; ".join(f"{who} is better on {', '.join(kinds)}" for who, kinds in found)
    return f" By kind: {parts}." if parts else " On no kind of TOI does the interval of the difference exclude 0."
