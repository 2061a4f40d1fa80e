"""flask --app app_tess match, and load-eclipsing-binaries: whose signal is it?"""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.signal_match import DOUBTS, ObservedSignal
from app_tess.tasks import match
from app_tess.tasks.load_eclipsing_binaries import load_eclipsing_binaries

NOTES_SHOWN = 20


@click.command("load-eclipsing-binaries")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def load_eclipsing_binaries_command(file):
    """Load the eclipsing binaries of Prša et al. 2022 from FILE, a CSV (plain or gzip), replacing previous ones."""
    message, notes = load_eclipsing_binaries(file)
    click.echo(message)
    for note in notes[:NOTES_SHOWN]:
        click.echo(f"  {note}", err=True)
    if len(notes) > NOTES_SHOWN:
        click.echo(f"  and {len(notes) - NOTES_SHOWN:,} more", err=True)


@click.command("match")
@click.argument("star")
@click.option("--time", "times", type=float, multiple=True, required=True, help="Mid-transit time [BTJD]; repeatable.")
@click.option("--time-err", type=float, help="Standard error of the times [d].")
@click.option("--period", type=float, help="Period [d].")
@click.option("--period-err", type=float, help="Standard error of the period [d].")
@click.option("--duration", type=float, help="Duration [h].")
@click.option("--depth", type=float, help="Depth [ppm].")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_appcontext
def match_command(star, times, time_err, period, period_err, duration, depth, as_json):
    """List the catalogued signals of STAR (a TIC id or a position) and its neighbors that explain a dip."""
    report = match.match(star, ObservedSignal(times, time_err, period, period_err, duration, depth))
    if as_json:
        click.echo(json.dumps(match.as_record(report), allow_nan=False))
        return
    for remark in report.remarks:
        click.echo(f"! {remark}")
    click.echo(f"{len(report.explanations)} of {report.compared_count} catalogued signals explain it.")
    for found in report.explanations:
        _print_explanation(found)
    for signal, ratio in report.period_only:
        click.echo(f"  {signal.name} ({signal.kind}): period at ratio {ratio:g}, transit time unknown")
    if report.bright_neighbours is not None:
        click.echo(f"{len(report.bright_neighbours)} neighbors are bright enough:")
        for one in report.bright_neighbours:
            click.echo(
                f"  TIC {one.tic_id}  {one.separation_arcsec:.1f} arcsec  Tmag {one.tmag:.2f}"
                f"  necessary eclipse {100 * one.eclipse_depth:.3g} %"
            )


def _print_explanation(found):
    signal = found.signal
    period = f"{signal.period_d:.7g} d" if signal.period_d else "single transit"
    doubt = "" if found.match.is_firm else f", possible only: {DOUBTS[found.match.doubt]}"
    click.echo(
        f"  {signal.name} ({signal.kind}), TIC {signal.tic_id} at {signal.separation_arcsec:.1f} arcsec, {period},"
        f" observed / catalogued period {found.match.ratio:g}{doubt}"
    )
    for difference in found.match.differences:
        error = "error unknown" if difference.sigma is None else f"{difference.sigma:+.1f} sigma"
        minutes = difference.difference_d * MINUTES_PER_DAY
        click.echo(f"    BTJD {difference.time_btjd:.4f}: {minutes:+.1f} min, {error}")


COMMANDS = [match_command, load_eclipsing_binaries_command]
