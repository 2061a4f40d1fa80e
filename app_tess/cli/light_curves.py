"""Commands of the light-curve network: train-light-curves and evaluate-light-curves."""

import json
import shutil
from pathlib import Path

import click

from app_tess.scoring.common.json_records import to_json
from app_tess.scoring.light_curve_model.network_manifest import TrainingPlan


def _report(line):
    click.echo(line, err=True)


@click.command("train-light-curves")
@click.option(
    "--views", required=True, type=click.Path(path_type=Path), help="Folder of labeled .npz files of folded views."
)
@click.option(
    "--out",
    default=None,
    type=click.Path(path_type=Path),
    help="Where to write the network; default: inside the package.",
)
@click.option(
    "--epochs",
    default=None,
    type=click.IntRange(1),
    help=f"Passes over the data per member; default: {TrainingPlan.epochs}.",
)
@click.option("--seeds", default=None, type=click.IntRange(1), help=f"Members per fold; default: {TrainingPlan.seeds}.")
@click.option(
    "--jobs", default=1, type=click.IntRange(1), show_default=True, help="Members trained in parallel, one core each."
)
def train_light_curves(views, out, epochs, seeds, jobs):
    """Train the light-curve network. After an interruption, the same command resumes the training."""
    from app_tess.scoring.light_curve_model.network_file import write_network
    from app_tess.scoring.light_curve_model.network_training import train_ensemble
    from app_tess.scoring.light_curve_model.trained_network import ARTIFACTS
    from app_tess.scoring.light_curve_model.views_file import find_views

    out = out or ARTIFACTS
    files = find_views(views)
    plan = TrainingPlan(**{name: value for name, value in (("epochs", epochs), ("seeds", seeds)) if value})
    for file in files:
        _report(f"{file.source}: {len(file):,} {file.mission} events")
    members = train_ensemble(files, plan, out / "unfinished", _report, jobs)
    _report("Evaluating each star with the members that were not trained on it")
    manifest = write_network(out, members, files, plan)
    shutil.rmtree(out / "unfinished")  # kept until now so that an interrupted training can resume
    click.echo(json.dumps(to_json(manifest.held_out), allow_nan=False))


@click.command("evaluate-light-curves")
@click.option(
    "--views",
    required=True,
    type=click.Path(path_type=Path),
    help="A labeled .npz file of folded views, TESS or Kepler.",
)
@click.option(
    "--network",
    default=None,
    type=click.Path(path_type=Path),
    help="Folder of a trained network; default: the one in the package.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_light_curves(views, network, as_json):
    """Evaluate the network on a file, each star by members that were not trained on it, with 95 % intervals."""
    from app_tess.scoring.light_curve_model.held_out import TASK_METRICS, evaluate_network
    from app_tess.scoring.light_curve_model.trained_network import LightCurveNetwork, load_network
    from app_tess.scoring.light_curve_model.views_file import read_views

    evaluation = evaluate_network(LightCurveNetwork(network) if network else load_network(), read_views(views))
    if as_json:
        click.echo(json.dumps(to_json(evaluation), allow_nan=False))
        return
    click.echo(
        f"{evaluation.file}: {evaluation.events:,} events of {evaluation.stars:,} stars,"
        f" {evaluation.stars_in_training_data:,} of them in the training data"
    )
    for task, figures in evaluation.tasks().items():
        click.echo(f"{task}: n {figures.n:,}, base rate {figures.base_rate:.3f}")
        for metric in TASK_METRICS:
            figure = getattr(figures, metric)
            if figure.value is not None:
                click.echo(f"  {metric:24s} {figure.value:.4f}  ({figure.low:.4f} to {figure.high:.4f})")


COMMANDS = [train_light_curves, evaluate_light_curves]
