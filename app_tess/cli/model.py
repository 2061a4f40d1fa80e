"""Commands of the planet score: train, evaluate, track-record and report."""

import json
from pathlib import Path

import click

from app_tess.errors import TrainingError
from app_tess.scoring.catalogue_model.pipeline_manifest import ARTIFACTS_DIRECTORY
from app_tess.scoring.common.json_records import to_json, write_record
from app_tess.scoring.common.provenance import describe_source

FILE = click.Path(path_type=Path)
HELP_TOI = "TOI table of ExoFOP or the NASA Exoplanet Archive, of any date (CSV or gzipped CSV)."
HELP_TIC = (
    "TIC rows of the stars (CSV); may be repeated: a star is taken from the first file that has it. "
    "Default: the stellar columns of the TOI table alone."
)


def say(sentence):
    """Report progress on stderr; stdout is for the result alone."""
    click.echo(sentence, err=True)


def read_bytes(path):
    """Read a file, decompressed if its name ends in .gz; a TrainingError names the file."""
    import gzip

    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError) as error:
        raise TrainingError(f"{path}: cannot be read ({error})") from error


def read_frame(toi_path, tic_paths=()):
    """Read the scoring frame of a TOI table and of files of TIC rows, of which the first with the star counts."""
    from app_tess.archives.exofop import parse_toi_table
    from app_tess.archives.tic_rows import read_tic_csv
    from app_tess.scoring.catalogue_model.frame import join_stars

    tois = parse_toi_table(read_bytes(toi_path), source=str(toi_path))
    for note in tois.attrs["skipped"]:
        say(f"{toi_path}: {note}")
    if not tic_paths:
        return join_stars(tois)
    import pandas as pd

    return join_stars(tois, pd.concat([read_tic_csv(path) for path in tic_paths], ignore_index=True))


@click.command("train")
@click.option("--toi", "toi_path", type=FILE, required=True, help=HELP_TOI)
@click.option("--tic", "tic_paths", type=FILE, multiple=True, help=HELP_TIC)
@click.option(
    "--out", "directory", type=FILE, default=ARTIFACTS_DIRECTORY, help="Directory to write to; default: the package's."
)
@click.option("--seed", type=int, help="Seed of every random choice; default: that of the shipped model.")
def train_command(toi_path, tic_paths, directory, seed):
    """Train the planet score on the dispositioned TOIs in a table. An interrupted training resumes."""
    from app_tess.archives.tic_rows import read_tic_csv
    from app_tess.scoring.catalogue_model import pipeline
    from app_tess.scoring.catalogue_model.pipeline_training import train

    frame = read_frame(toi_path, tic_paths)
    sources = [describe_source(toi_path, len(frame))]
    sources += [describe_source(path, len(read_tic_csv(path))) for path in tic_paths]
    manifest, seconds = train(frame, sources, directory, pipeline.SEED if seed is None else seed, say)
    click.echo(
        f"Trained on {manifest.training_data.n_dispositioned} dispositioned TOIs in {toi_path} in {seconds:.0f} s; "
        f"wrote {directory} (sha256 {manifest.sha256[:12]}...)."
    )


@click.command("evaluate")
@click.option("--train", "train_path", type=FILE, required=True, help=HELP_TOI)
@click.option(
    "--labels", "labels_path", type=FILE, required=True, help="A later TOI table, on whose dispositions to evaluate."
)
@click.option("--tic", "tic_paths", type=FILE, multiple=True, help=HELP_TIC)
@click.option("--cv", is_flag=True, help="Add a star-grouped cross-validation on the training file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_command(train_path, labels_path, tic_paths, cv, as_json):
    """Train on the table of one date and evaluate on the dispositions in a later one."""
    from app_tess.scoring.evaluation.date_pairs import evaluate_pair

    train, labels = read_frame(train_path, tic_paths), read_frame(labels_path, tic_paths)
    pair = evaluate_pair(train, labels, str(train_path), str(labels_path), progress=say)
    result = to_json(pair)
    if cv:
        from app_tess.scoring.evaluation.cross_validation import cross_validate

        result["cv"] = to_json(cross_validate(train, str(train_path), progress=say))
    click.echo(json.dumps(result, allow_nan=False) if as_json else _as_table(pair))


def _as_table(pair):
    lines = [
        f"{pair.n} TOIs evaluated, {pair.base_rate:.1%} planets",
        f"{'':22}{'auc':>8}{'ap':>8}{'brier':>8}{'ece':>8}",
    ]
    for name, figures in {"model": pair.model, **pair.baselines}.items():
        cells = (getattr(figures, metric).value for metric in ("auc", "ap", "brier", "ece"))
        lines.append(f"{name:22}" + "".join("       -" if value is None else f"{value:8.3f}" for value in cells))
    return "\n".join(lines)


def read_snapshots(directory, tic_paths=()):
    """Read the dated TOI tables in a directory as (file name, scoring frame), in ascending order of date."""
    from app_tess.scoring.evaluation.report import order_snapshots

    paths = sorted(path for path in Path(directory).glob("*") if path.name.endswith((".csv", ".csv.gz")))
    if len(paths) < 2:
        raise TrainingError(
            f"{directory}: has {len(paths)} TOI tables (*.csv, *.csv.gz); tables of at least two dates are needed"
        )
    return order_snapshots([(path.name, read_frame(path, tic_paths)) for path in paths])


@click.command("track-record")
@click.option("--snapshots", "directory", type=FILE, required=True, help="Directory of dated TOI tables.")
@click.option("--tic", "tic_paths", type=FILE, multiple=True, help=HELP_TIC)
@click.option("--out", "path", type=FILE, help="File to write; default: beside the shipped model.")
def track_record_command(directory, tic_paths, path):
    """Replay history: score the open TOIs of each date and compare with their later dispositions."""
    from app_tess.scoring.evaluation.replay import replay
    from app_tess.scoring.evaluation.track_record_schema import TRACK_RECORD_NAME

    record = replay(read_snapshots(directory, tic_paths), progress=say)
    path = path or ARTIFACTS_DIRECTORY / TRACK_RECORD_NAME
    write_record(path, record)
    for date in record.dates:
        predicted = date.predictions
        click.echo(
            f"{date.name}: {date.open} open, {date.dispositioned} dispositioned since; of the predicted planets "
            f"{predicted.planets_right} correct, {predicted.planets_wrong} incorrect"
        )
    click.echo(f"Wrote {path}.")


@click.command("report")
@click.option("--snapshots", "directory", type=FILE, required=True, help="Directory of dated TOI tables.")
@click.option(
    "--tic",
    "tic_paths",
    type=FILE,
    multiple=True,
    help="TIC rows of today (CSV): the pairs in detail are evaluated with them too.",
)
@click.option("--peers", "peers_path", type=FILE, help="ExoMiner's published scores (CSV).")
@click.option(
    "--out", "out", type=FILE, default=ARTIFACTS_DIRECTORY, help="Directory to write to; default: the package's."
)
def report_command(directory, tic_paths, peers_path, out):
    """Evaluate every pair of dates: evaluation.json, track_record.json, MODEL_CARD.md and MODEL_RECORD.md.

    An interrupted report resumes.
    """
    from app_tess.scoring.catalogue_model.kept_fits import UNFINISHED, KeptFits
    from app_tess.scoring.evaluation.exominer_comparison import read_exominer
    from app_tess.scoring.evaluation.input_studies import read_vetting
    from app_tess.scoring.evaluation.model_card import CARD_NAME, RECORD_NAME, write_card
    from app_tess.scoring.evaluation.report import build_report
    from app_tess.scoring.evaluation.report_schema import EVALUATION_NAME
    from app_tess.scoring.evaluation.track_record_schema import TRACK_RECORD_NAME

    exominer = read_exominer(peers_path) if peers_path else None
    snapshots = read_snapshots(directory)
    with_stars = read_snapshots(directory, tic_paths) if tic_paths else None
    vetting = {name: read_vetting(directory / name) for name, _ in snapshots}
    kept = KeptFits(out / UNFINISHED)
    evaluation, record = build_report(snapshots, exominer, vetting, with_stars, progress=say, kept=kept)
    kept.remove()
    write_record(out / EVALUATION_NAME, evaluation)
    write_record(out / TRACK_RECORD_NAME, record)
    write_card(out)
    click.echo(f"Wrote {EVALUATION_NAME}, {TRACK_RECORD_NAME}, {CARD_NAME} and {RECORD_NAME} to {out}.")


COMMANDS = [train_command, evaluate_command, track_record_command, report_command]
