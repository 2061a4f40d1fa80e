"""flask --app app_tess vet TIC_ID: vet a star from its light curves, like the button on its page."""

import json
import math
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app_tess.archives.products import FLUXES, LIGHT_CURVE_KINDS, MASKS
from app_tess.astro.identifiers import toi_name
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.cli.catalogue import as_run
from app_tess.errors import ConfigurationError
from app_tess.storage import stars, vetting_results
from app_tess.tasks.provenance import sentences
from app_tess.tasks.vet import vet_star
from app_tess.tasks.vetting_pictures import vetting_picture


@click.command("vet")
@click.argument("tic_id", type=click.IntRange(1))
@click.option(
    "--mask",
    type=click.Choice(list(MASKS)),
    default="default",
    show_default=True,
    help="Quality mask: " + "; ".join(f"{mask.name} {mask.description}" for mask in MASKS.values()) + ".",
)
@click.option(
    "--flux",
    type=click.Choice(list(FLUXES)),
    help="; ".join(f"{flux.name}: {flux.description}" for flux in FLUXES.values()) + ". Default: the product's first.",
)
@click.option(
    "--kind",
    type=click.Choice([kind.name for kind in LIGHT_CURVE_KINDS]),
    help="Use light curves of this kind only. Default: the most preferred kind of each sector.",
)
@click.option("--panels", type=click.Path(path_type=Path), help="Folder for the vetting panel of each TOI (PNG).")
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    default="light",
    show_default=True,
    help="Color scheme of the panels.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def vet_command(tic_id, mask, flux, kind, panels, theme, as_json):
    """Vet a star: fold its light curves on each of its TOIs, measure, evaluate the network, store the result."""
    config, choice = current_app.config["TESS"], {"mask": mask, "flux": flux, "kind": kind}
    stars.get_star(tic_id)  # fail before a run is created
    as_run("vet", lambda config, report: vet_star(config, tic_id, report, **choice), tic_id, choice, to_stderr=as_json)
    results = [row for _, row in sorted(vetting_results.results_of_star(tic_id).items())]
    if as_json:
        keys = ("toi", "tic_id", "message", "outdated", "report", "provenance")
        click.echo(
            json.dumps(
                {"tic_id": tic_id, "tois": [{key: getattr(row, key) for key in keys} for row in results]},
                allow_nan=False,
            )
        )
    else:
        for row in results:
            _print_result(row)
    for row in results if panels else ():
        if row.report:
            _write(panels, f"TIC{tic_id}_TOI{row.toi}_{theme}.png", vetting_picture(config, tic_id, row.toi, theme).png)


def _print_result(row):
    click.echo(f"\n{toi_name(row.toi)}")
    if row.outdated:
        click.echo(f"  Outdated. {row.outdated}")
    if row.report is None:
        click.echo(f"  Not measured: {row.message}")
    else:
        _print_report(row.report)
    for sentence in sentences(row.provenance):
        click.echo(f"  {sentence}")


def _print_report(report):
    if report["simulated"]:
        click.echo("  SIMULATED light curves: not measurements of the star.")
    if report["ephemeris_used"]:
        click.echo(f"  {report['ephemeris_used']['note']}")
    for caution in report["cautions"]:
        click.echo(f"  ! {caution}")
    for measurement in report["measurements"]:
        click.echo(
            f"  {'!' if measurement['concern'] else ' '} {measurement['title']:32s} {_value(measurement):>26s}"
            f"  {measurement['finding']}"
        )
    judgement = report["judgement"]
    if judgement is None:
        click.echo(f"  No network score: {report['judgement_message']}")
        return
    click.echo("  Network, probability and scatter among the ensemble's members:")
    for code, probability in judgement["probabilities"].items():
        click.echo(f"    {LIGHT_CURVE_CLASSES[code]:24s} {probability:.2f}  {judgement['spread'][code]:.2f}")
    if judgement["context"]:
        click.echo(f"  {judgement['context']['note']}")
    if judgement["caution"]:
        click.echo(f"  {judgement['caution']}")


def _value(measurement):
    """Format a value to two significant digits of its error, without exponents."""
    value, error = measurement["value"], measurement["error"]
    if value is None:
        return "-"
    if not error:
        return f"{value:.4g} {measurement['unit']}".strip()
    decimals = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:,.{decimals}f} ± {error:,.{decimals}f} {measurement['unit']}".strip()


def _write(folder, name, png):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png)
    except OSError as error:
        raise ConfigurationError(f"--panels {folder}: {error.strerror or error}.") from error
    click.echo(f"  {folder / name}", err=True)


COMMANDS = [vet_command]
