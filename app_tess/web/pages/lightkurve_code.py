"""Python code that draws a picture of this site again with lightkurve, from the archive's own files."""

from app_tess.archives.products import FLUXES_OF, find_kind
from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.flatten import window_length_d
from app_tess.tasks.product_choice import flux_of, light_curve_kind
from app_tess.tasks.star_signals import ephemeris_of, marked_transits
from app_tess.web.http.template_filters import archive_file


def sector_code(star, product, flux=None):
    """Return code for one sector: every cadence, half-hour means, and the predicted transits."""
    lines = [
        *_download(star, [product], flux),
        "curve = curves[0].remove_nans().normalize()",
        "",
        "axes = curve.scatter(s=1)",
        'curve.bin(time_bin_size=0.5 / 24).scatter(ax=axes, s=6, label="30-minute means")',
    ]
    for name, ephemeris in marked_transits(star):
        if ephemeris.is_single_transit:
            lines += [f'axes.axvline({ephemeris.epoch_btjd!r}, linestyle="--")  # {name}']
        else:
            lines += [
                f"epoch, period = {ephemeris.epoch_btjd!r}, {ephemeris.period_d!r}  # {name}",
                "first, last = ((curve.time.value[[0, -1]] - epoch) / period).round()",
                "for number in range(int(first), int(last) + 1):",
                '    axes.axvline(epoch + number * period, linestyle="--")',
            ]
    return "\n".join(lines)


def folded_code(star, toi, products, flux=None):
    """Return code for a fold of some sectors, flattened by lightkurve with every TOI's transits masked."""
    ephemeris = ephemeris_of(toi)
    known = [other for _, other in marked_transits(star) if other.period_d and other.has_duration]
    # the window is in cadences: of several, the shortest, so that none is flattened with a shorter window
    cadences_per_day = SECONDS_PER_DAY / min(light_curve_kind(one).cadence_s(one.sector) for one in products)
    window = int(window_length_d([other.duration_d for other in known]) * cadences_per_day) // 2 * 2 + 1
    lines = [
        *_download(star, products, flux),
        "curve = curves.stitch().remove_nans()",
        "",
        "# period [d], epoch [BTJD] and duration [d] of each TOI, as ExoFOP gives them",
        f"periods = {[other.period_d for other in known]!r}",
        f"epochs = {[other.epoch_btjd for other in known]!r}",
        f"durations = {[other.duration_d for other in known]!r}",
        "transits = curve.create_transit_mask(periods, epochs, [1.5 * duration for duration in durations])",
        f"flat = curve.flatten(window_length={window}, mask=transits)",
        "",
        f"folded = flat.fold(period={ephemeris.period_d!r}, epoch_time={ephemeris.epoch_btjd!r})  # TOI-{toi.toi}",
        "axes = folded.scatter(s=1)",
    ]
    if ephemeris.has_duration:
        half = min(3 * ephemeris.duration_d, ephemeris.period_d / 2)
        lines += [
            f'folded.bin(time_bin_size={2 * half / 60!r}).scatter(ax=axes, s=12, label="mean of a bin")',
            f"axes.set_xlim({-half!r}, {half!r})",
        ]
    return "\n".join(lines)


def validation_code(product, number):
    """Return code for an event of a data-validation file, which lightkurve can fold but cannot read."""
    kind = find_kind(product.kind)
    assert kind is not None, "only files of a known kind have events"
    pipeline = kind.provenance
    return "\n".join(
        [
            "import lightkurve as lk",
            "import numpy as np",
            "from astropy.io import fits",
            "",
            f'with fits.open("{archive_file(product.data_url)}") as file:',
            f'    event, header = file["TCE_{number}"].data, file["TCE_{number}"].header',
            'good = np.isfinite(event["TIME"]) & np.isfinite(event["LC_INIT"])',
            'curve = lk.LightCurve(time=event["TIME"][good], flux=1 + event["LC_INIT"][good])',
            'model = lk.LightCurve(time=event["TIME"][good], flux=1 + event["MODEL_INIT"][good])',
            "",
            'axes = curve.fold(period=header["TPERIOD"], epoch_time=header["TEPOCH"]).scatter(s=1)',
            'model.fold(period=header["TPERIOD"], epoch_time=header["TEPOCH"]).scatter(ax=axes, s=2, '
            f'label="{pipeline} model")',
        ]
    )


def _drop_cadences(kind, name):
    """Return a line that drops the cadences which the default mask drops, where lightkurve's reader does not."""
    if not kind.lightkurve_quality:
        return []
    kept = f'one[one["{kind.lightkurve_quality}"] & {kind.default_mask.number} == 0]'
    return [f"{name} = lk.LightCurveCollection([{kept} for one in {name}])"]


def _download(star, products, flux=None):
    """Return lines that fetch a flux of some files into `curves`, a search for each kind; see `flux_of`.

    The mask is given as a number, because lightkurve's named masks differ by version.
    """
    kinds = list(dict.fromkeys(light_curve_kind(product) for product in products))
    lines = ["import lightkurve as lk", ""]
    for kind in kinds:
        column = FLUXES_OF[kind.name][
            flux_of(next(one for one in products if light_curve_kind(one) is kind), flux)
        ].column
        sectors = [product.sector for product in products if light_curve_kind(product) is kind]
        cadences_s = sorted({kind.cadence_s(sector) for sector in sectors})
        exptime = cadences_s[0] if len(cadences_s) == 1 else tuple(cadences_s)
        lines += [
            f'found = lk.search_lightcurve("TIC {star.tic_id}", mission="TESS", author="{kind.lightkurve_author}",'
            f" exptime={exptime}, sector={sectors[0] if len(sectors) == 1 else sectors!r})",
            f"{'curves =' if kind is kinds[0] else 'more ='} found.download_all("
            f'quality_bitmask={kind.default_mask.number}, flux_column="{column.lower()}")',
            *_drop_cadences(kind, "curves" if kind is kinds[0] else "more"),
            *([] if kind is kinds[0] else ["curves = lk.LightCurveCollection([*curves, *more])"]),
        ]
    return lines
