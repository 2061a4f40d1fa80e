"""flask --app app_tess search TIC_ID: search a star for transits, like the button on its page."""

import json

import click
from flask.cli import with_appcontext

from app_tess.archives.products import FLUXES, MASKS
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.cli.catalogue import as_run
from app_tess.fields.written import measured
from app_tess.storage import stars
from app_tess.tasks.provenance import sentences
from app_tess.tasks.search import as_json, get_search, search_star


@click.command("search")
@click.argument("tic_id", type=click.IntRange(1))
@click.option("--mask", type=click.Choice(list(MASKS)), default="default", show_default=True, help="Quality mask.")
@click.option("--flux", type=click.Choice(list(FLUXES)), help="Default: each product's first.")
@click.option(
    "--mask-known/--keep-known",
    default=True,
    show_default=True,
    help="Whether the transits of the star's TOIs are removed before the search.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object.")
@with_appcontext
def search_command(tic_id, mask, flux, mask_known, json_wanted):
    """Search a star for periodic signals and single transits, vet and classify each, store the result."""
    detail = stars.get_star(tic_id)  # fail before a run is created
    choice = {"mask": mask, "flux": flux, "mask_known": mask_known}
    as_run(
        "search",
        lambda config, report: search_star(config, tic_id, report, **choice),
        tic_id,
        choice,
        to_stderr=json_wanted,
    )
    search = get_search(tic_id)
    if json_wanted:
        click.echo(json.dumps(as_json(search, detail), allow_nan=False))
        return
    if search.simulated:
        click.echo("SIMULATED light curves: not measurements of the star.")
    for signal in search.signals:
        _print_signal(signal)
    for sentence in [*search.notes, *search.rejected, *sentences(search.provenance)]:
        click.echo(f"  {sentence}")


def _print_signal(signal):
    values = signal.measured
    name = "single transit" if signal.period_d is None else f"P = {_value(values, 'period_d', 'period_err_d')} d"
    click.echo(
        f"\nSignal {signal.number}, {f'{signal.same_as} found again' if signal.same_as else 'not a TOI'}: {name}"
        f"\n  epoch BTJD {_value(values, 'epoch_btjd', 'epoch_err_d')},"
        f" duration {_value(values, 'duration_h', 'duration_err_h')} h,"
        f" depth {_value(values, 'depth_ppm', 'depth_err_ppm')} ppm"
        f"\n  SNR {signal.snr:.1f}"
        + (f", SDE {signal.sde:.1f}" if signal.sde is not None else "")
        + f", {values['transits_observed']} of {values['transits_expected']} transits observed"
    )
    if values["aliases"]:
        click.echo("  SNR at " + ", ".join(f"{a['name']} {a['snr']:.1f}" for a in values["aliases"]))
    for note in values["notes"]:
        click.echo(f"  {note}")
    report = signal.report
    if report is None:
        click.echo(f"  Not vetted: {signal.message}")
        return
    flags = [row["finding"] for row in report["measurements"] if row["concern"]]
    click.echo("  " + (f"Red flags: {' '.join(flags)}" if flags else "No red flags in the light curve."))
    if report["judgement"]:
        best = report["judgement"]["best"]
        probability = report["judgement"]["probabilities"][best]
        click.echo(f"  Most probable class: {LIGHT_CURVE_CLASSES[best]}, {100 * probability:.0f} %")
        if report["judgement"]["context"]:
            click.echo(f"  {report['judgement']['context']['note']}")
    else:
        click.echo(f"  No network score: {report['judgement_message']}")


def _value(values, name, error):
    return measured(values[name], values[error], 4)


COMMANDS = [search_command]
