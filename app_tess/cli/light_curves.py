"""Commands of the light-curve network: train-light-curves and evaluate-light-curves."""

import json
import shutil
from pathlib import Path

import click

from app_tess.errors import TrainingError
from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.common.metrics import Figure
from app_tess.scoring.light_curve_model.network_manifest import TrainingPlan
from app_tess.scoring.light_curve_model.views_file import CLASSES

FILE = click.Path(path_type=Path)


def _report(line):
    click.echo(line, err=True)


def read_training_files(views, events, stars):
    """Read the files of views in a folder, with the labels of a table of events and the values of a table of stars."""
    from app_tess.scoring.light_curve_model.events_file import read_events, with_events
    from app_tess.scoring.light_curve_model.star_values import read_star_values, with_star_values
    from app_tess.scoring.light_curve_model.views_file import find_views

    files = find_views(views)
    if events:
        table = read_events(events)
        files = [with_events(file, table) if file.lacks_classes else file for file in files]
    if stars:
        table = read_star_values(stars)
        files = [with_star_values(file, table) for file in files]
    return files


def read_label_tables(toi, binaries):
    """Read the TOI dispositions and the catalogue of binaries; without a file, an empty table."""
    import pandas as pd

    from app_tess.archives.exofop import parse_toi_table
    from app_tess.cli.model import read_bytes
    from app_tess.scoring.light_curve_model.objects import BINARY_COLUMNS, TOI_COLUMNS, read_binaries

    tois = parse_toi_table(read_bytes(toi), source=str(toi)) if toi else pd.DataFrame(columns=list(TOI_COLUMNS))
    return tois, read_binaries(binaries) if binaries else pd.DataFrame(columns=list(BINARY_COLUMNS))


@click.command("train-light-curves")
@click.option("--views", required=True, type=FILE, help="Folder of labeled .npz files of folded views.")
@click.option("--events", type=FILE, help="Table of the events in a file without classes V and IS (CSV).")
@click.option("--toi", type=FILE, help="TOI table, whose dispositions are labels (CSV).")
@click.option("--binaries", type=FILE, help="Catalogue of eclipsing binaries, which are labels (CSV).")
@click.option("--stars", type=FILE, help="Radii and densities of stars (CSV).")
@click.option("--out", type=FILE, help="Where to write the network; default: inside the package.")
@click.option("--epochs", type=click.IntRange(1), help=f"Passes over the data; default: {TrainingPlan.epochs}.")
@click.option("--seeds", type=click.IntRange(1), help=f"Members per fold; default: {TrainingPlan.seeds}.")
@click.option(
    "--jobs", default=1, type=click.IntRange(1), show_default=True, help="Members trained in parallel, one core each."
)
def train_light_curves(views, events, toi, binaries, stars, out, epochs, seeds, jobs):
    """Train the light-curve network. After an interruption, the same command resumes the training."""
    from app_tess.scoring.common.provenance import describe_source
    from app_tess.scoring.light_curve_model.network_file import write_network
    from app_tess.scoring.light_curve_model.network_training import join_views, train_ensemble
    from app_tess.scoring.light_curve_model.objects import join_objects
    from app_tess.scoring.light_curve_model.trained_network import ARTIFACTS

    out = out or ARTIFACTS
    files, tables = read_training_files(views, events, stars), read_label_tables(toi, binaries)
    plan = TrainingPlan(**{name: value for name, value in (("epochs", epochs), ("seeds", seeds)) if value})
    for file in files:
        _report(f"{file.source}: {len(file):,} {file.mission} events")
    objects = join_objects([file for file in files if file.mission == "tess"], *tables)
    members = train_ensemble(files, join_views(files, objects), plan, out / "unfinished", _report, jobs)
    _report("Evaluating each star with the members that were not trained on it")
    sources = [describe_source(path, len(table)) for path, table in zip((toi, binaries), tables, strict=True) if path]
    manifest = write_network(out, members, files, objects, plan, sources)
    shutil.rmtree(out / "unfinished")  # kept until now so that an interrupted training can resume
    click.echo(json.dumps(to_json(manifest.held_out), allow_nan=False))


@click.command("evaluate-light-curves")
@click.option("--views", required=True, type=FILE, help="A labeled .npz file of folded views, TESS or Kepler.")
@click.option("--events", type=FILE, help="Table with classes, positions and stellar values of the events (CSV).")
@click.option("--network", type=FILE, help="Folder of a trained network; default: the one in the package.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_light_curves(views, events, network, as_json):
    """Evaluate the network on a file, each star by members that were not trained on it, with 95 % intervals."""
    from app_tess.scoring.light_curve_model.events_file import read_events, why_no_match, with_events
    from app_tess.scoring.light_curve_model.held_out import evaluate_network
    from app_tess.scoring.light_curve_model.trained_network import LightCurveNetwork, load_network
    from app_tess.scoring.light_curve_model.views_file import read_views

    file = read_views(views)
    if events:
        table = read_events(events)
        problem = why_no_match(file, table, events.name)
        if problem and (file.label is None or not (file.label != "").any()):
            raise TrainingError(problem)
        if problem:
            _report(f"{problem} The labels are those of {file.source}.")
        file = with_events(file, table)
    evaluation = evaluate_network(LightCurveNetwork(network) if network else load_network(), file)
    if as_json:
        click.echo(json.dumps(to_json(evaluation), allow_nan=False))
        return
    click.echo(
        f"{evaluation.file}: {evaluation.events:,} events of {evaluation.stars:,} stars,"
        f" {evaluation.stars_in_training_data:,} of them in the training data"
    )
    for line in _as_lines(evaluation):
        click.echo(line)


def _as_lines(evaluation):
    """One line per task and per figure."""
    classes = evaluation.five_classes
    rows = dict(evaluation.tasks())
    rows |= {} if classes is None else {f"class {name}": getattr(classes, name) for name in CLASSES}
    rows |= {} if evaluation.planets_vs_binaries is None else {"planets_vs_binaries": evaluation.planets_vs_binaries}
    for name, figures in rows.items():
        yield f"{name}: n {figures.n:,}, base rate {figures.base_rate:.3f}"
        yield from _figure_lines(figures)
    if classes is not None:
        yield "five classes together"
        yield from _figure_lines(classes)
        yield "true class, then events by most probable class " + " ".join(CLASSES)
        for name, counts in classes.confusion.items():
            yield f"  {name:3s}" + "".join(f"{counts[found]:8d}" for found in CLASSES)


def _figure_lines(figures):
    for name, figure in vars(figures).items():
        if isinstance(figure, Figure) and figure.value is not None:
            yield f"  {name:24s} {figure.value:.4f}  ({figure.low:.4f} to {figure.high:.4f})"


COMMANDS = [train_light_curves, evaluate_light_curves]
