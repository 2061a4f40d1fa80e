"""Commands of the planet score: train it, judge it, replay its history, write its report."""

import hashlib
import json
from pathlib import Path

import click

from app_tess.archives.exofop import parse_toi_table
from app_tess.archives.mast import read_tic_csv
from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model import artifact
from app_tess.scoring.catalogue_model.frame import join_stars

FILE = click.Path(path_type=Path)
HELP_TOI = "ExoFOP TOI table (CSV, or CSV.gz) of any date."
HELP_TIC = "TIC rows of the stars (CSV); without it the TOI table's own stellar columns are used."


def say(sentence):
    """Progress goes to stderr: stdout holds the result alone."""
    click.echo(sentence, err=True)


def read_bytes(path):
    """The bytes of a file, unpacked when its name ends in .gz; TrainingError names the file."""
    import gzip

    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError) as error:
        raise TrainingError(f"{path}: cannot be read ({error})") from error


def read_frame(toi_path, tic_path=None):
    """The scoring frame of a TOI table and, where given, of TIC rows."""
    tois = parse_toi_table(read_bytes(toi_path), source=str(toi_path))
    return join_stars(tois, read_tic_csv(tic_path) if tic_path else None)


def describe_file(path, rows):
    """Name, sha256 of the bytes as they lie, and rows: the provenance in a manifest."""
    return {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": rows}


@click.command("train")
@click.option("--toi", "toi_path", type=FILE, required=True, help=HELP_TOI)
@click.option("--tic", "tic_path", type=FILE, help=HELP_TIC)
@click.option("--out", "directory", type=FILE, default=artifact.ARTIFACTS_DIRECTORY, help="Where the artifact goes.")
@click.option("--seed", type=int, help="Another seed than the model's own.")
def train_command(toi_path, tic_path, directory, seed):
    """Train the planet score on the settled TOIs of a table."""
    from app_tess.scoring.catalogue_model import pipeline
    from app_tess.scoring.catalogue_model.train import train

    frame = read_frame(toi_path, tic_path)
    sources = [describe_file(toi_path, len(frame))]
    if tic_path:
        sources.append(describe_file(tic_path, int(frame["tic_ra_deg"].notna().sum())))
    manifest, seconds = train(frame, sources, directory, pipeline.SEED if seed is None else seed, say)
    data = manifest["training_data"]
    click.echo(
        f"Trained on {data['n_settled']} settled TOIs of {toi_path} in {seconds:.0f} s; wrote {directory} "
        f"(sha256 {manifest['sha256'][:12]}...)."
    )


@click.command("evaluate")
@click.option("--train", "train_path", type=FILE, required=True, help=HELP_TOI)
@click.option("--labels", "labels_path", type=FILE, required=True, help="A later TOI table, whose verdicts judge.")
@click.option("--tic", "tic_path", type=FILE, help=HELP_TIC)
@click.option("--cv", is_flag=True, help="Add the star-grouped cross-validation on the training file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_command(train_path, labels_path, tic_path, cv, as_json):
    """Train on one date's table and judge by the verdicts of a later one."""
    from app_tess.scoring.evaluation.evaluate import cross_validate, evaluate_pair

    train, labels = read_frame(train_path, tic_path), read_frame(labels_path, tic_path)
    result = evaluate_pair(train, labels, str(train_path), str(labels_path), progress=say)
    if cv:
        result["cv"] = cross_validate(train, str(train_path), progress=say)
    click.echo(json.dumps(result, allow_nan=False) if as_json else _as_table(result))


def _as_table(result):
    lines = [
        f"{result['n']} TOIs judged, {result['base_rate']:.1%} planets",
        f"{'':22}{'auc':>8}{'ap':>8}{'brier':>8}{'ece':>8}",
    ]
    for name, figures in {"model": result["model"], **result["baselines"]}.items():
        cells = (figures[metric]["value"] for metric in ("auc", "ap", "brier", "ece"))
        lines.append(f"{name:22}" + "".join("       -" if value is None else f"{value:8.3f}" for value in cells))
    return "\n".join(lines)


def read_snapshots(directory, tic_path=None):
    """The dated TOI tables in a directory as (file name, scoring frame), oldest first."""
    from app_tess.scoring.evaluation.report import order_snapshots

    paths = sorted(path for path in Path(directory).glob("*") if path.name.endswith((".csv", ".csv.gz")))
    if len(paths) < 2:
        raise TrainingError(
            f"{directory}: holds {len(paths)} TOI tables (*.csv, *.csv.gz); at least two dates are needed"
        )
    return order_snapshots([(path.name, read_frame(path, tic_path)) for path in paths])


@click.command("track-record")
@click.option("--snapshots", "directory", type=FILE, required=True, help="Directory of dated TOI tables.")
@click.option("--tic", "tic_path", type=FILE, help=HELP_TIC)
@click.option("--out", "path", type=FILE, help="Write the replay here instead of among the artifacts.")
def track_record_command(directory, tic_path, path):
    """Replay history: freeze the scores of each date, and tell how each TOI fared later."""
    from app_tess.scoring.evaluation.replay import replay
    from app_tess.scoring.evaluation.report import TRACK_RECORD_NAME, write_json

    record = replay(read_snapshots(directory, tic_path), progress=say)
    path = path or artifact.ARTIFACTS_DIRECTORY / TRACK_RECORD_NAME
    write_json(path, record)
    for date in record["dates"]:
        calls = date["called"]
        click.echo(
            f"{date['name']}: {date['open']} open, {date['settled']} settled since; called planets "
            f"{calls['planets_right']} right, {calls['planets_wrong']} wrong"
        )
    click.echo(f"Wrote {path}.")


@click.command("report")
@click.option("--snapshots", "directory", type=FILE, required=True, help="Directory of dated TOI tables.")
@click.option(
    "--tic", "tic_path", type=FILE, help="TIC rows of today (CSV): the pairs in detail are judged once more with them."
)
@click.option("--peers", "peers_path", type=FILE, help="ExoMiner's published scores (CSV).")
@click.option("--out", "out", type=FILE, default=artifact.ARTIFACTS_DIRECTORY, help="Where the report goes.")
def report_command(directory, tic_path, peers_path, out):
    """Judge every rolling pair, and write evaluation.json, track_record.json and MODEL_CARD.md."""
    from app_tess.scoring.evaluation import lessons, model_card, peers, report

    exominer = peers.read_exominer(peers_path) if peers_path else None
    snapshots = read_snapshots(directory)
    with_stars = read_snapshots(directory, tic_path) if tic_path else None
    vetting = {name: lessons.read_vetting(directory / name) for name, _ in snapshots}
    evaluation, record = report.build_report(snapshots, exominer, vetting, with_stars, progress=say)
    report.write_json(Path(out) / report.EVALUATION_NAME, evaluation)
    report.write_json(Path(out) / report.TRACK_RECORD_NAME, record)
    model_card.write(out)
    click.echo(f"Wrote {report.EVALUATION_NAME}, {report.TRACK_RECORD_NAME} and {model_card.NAME} to {out}.")


COMMANDS = [train_command, evaluate_command, track_record_command, report_command]
