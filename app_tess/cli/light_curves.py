"""flask --app app_tess train-light-curves | evaluate-light-curves: the network that looks at the light curve itself."""

import json
import shutil
from pathlib import Path

import click

from app_tess.scoring.light_curve_model.ensemble import ARTIFACTS, LightCurveNetwork, load_network
from app_tess.scoring.light_curve_model.evaluation import evaluate
from app_tess.scoring.light_curve_model.views_file import find_views, read_views


def _report(line):
    click.echo(line, err=True)


@click.command("train-light-curves")
@click.option(
    "--views", required=True, type=click.Path(path_type=Path), help="Folder of labelled .npz files of folded views."
)
@click.option(
    "--out", default=None, type=click.Path(path_type=Path), help="Where the artifact goes; default: the package's own."
)
@click.option(
    "--epochs", default=None, type=click.IntRange(1), help="Passes over the data a member; default: the plan's."
)
@click.option("--seeds", default=None, type=click.IntRange(1), help="Members a fold; default: the plan's.")
@click.option(
    "--jobs", default=1, type=click.IntRange(1), show_default=True, help="Members trained side by side, a core each."
)
def train_light_curves(views, out, epochs, seeds, jobs):
    """Train the light-curve network; start the same command again after an interruption and it goes on where it was."""
    from app_tess.scoring.light_curve_model.artifact import write_artifact
    from app_tess.scoring.light_curve_model.training import TrainingPlan, train_ensemble

    out = out or ARTIFACTS
    files = find_views(views)
    plan = TrainingPlan(**{name: value for name, value in (("epochs", epochs), ("seeds", seeds)) if value})
    for file in files:
        _report(f"{file.source}: {len(file):,} events of {file.mission}")
    members = train_ensemble(files, plan, out / "unfinished", _report, jobs)
    _report("Evaluating each star by the members that never saw it")
    manifest = write_artifact(out, members, files, plan)
    shutil.rmtree(out / "unfinished")  # kept until now to go on after an interruption; the next training starts anew
    click.echo(json.dumps(manifest["held_out"], allow_nan=False))


@click.command("evaluate-light-curves")
@click.option(
    "--views",
    required=True,
    type=click.Path(path_type=Path),
    help="A labelled .npz file of folded views, TESS or Kepler.",
)
@click.option(
    "--network",
    default=None,
    type=click.Path(path_type=Path),
    help="Folder of a trained network; default: the package's own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate_light_curves(views, network, as_json):
    """Print how well the network does on a file, each star judged by members that never saw it, with 95 % intervals."""
    figures = evaluate(LightCurveNetwork(network) if network else load_network(), read_views(views))
    if as_json:
        click.echo(json.dumps(figures, allow_nan=False))
        return
    click.echo(
        f"{figures['file']}: {figures['events']:,} events of {figures['stars']:,} stars,"
        f" {figures['stars_in_training_data']:,} of them in the training data"
    )
    for task in ("pc_vs_rest", "transit_vs_junk"):
        if task in figures:
            click.echo(f"{task}: n {figures[task]['n']:,}, base rate {figures[task]['base_rate']:.3f}")
            for name, figure in figures[task].items():
                if isinstance(figure, dict) and figure["value"] is not None:
                    click.echo(f"  {name:24s} {figure['value']:.4f}  ({figure['low']:.4f} to {figure['high']:.4f})")


COMMANDS = [train_light_curves, evaluate_light_curves]
