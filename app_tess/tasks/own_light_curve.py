"""Classify a light curve of one's own: the package as a library, without a site, a database or a network."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from app_tess.astro.constants import SECONDS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.light_curve import NO_TIC_ID, Flux, FluxType, LightCurve, NoUsableData
from app_tess.astro.light_curve_classes import LIGHT_CURVE_CLASSES
from app_tess.astro.own_columns import read_number, read_times_btjd, read_values
from app_tess.astro.quality import NONE
from app_tess.astro.vetting.report import VettingReport
from app_tess.astro.vetting.star import Target, vet_star
from app_tess.errors import AppTessError, InvalidInput
from app_tess.tasks.judgement import judge

GIVEN = FluxType("given", "given", "flux as it was given", "no pipeline is known", unit="")


@dataclass(frozen=True)
class Classification:
    """What the network finds in a light curve, and what was measured in it. Printed, it is a short summary.

    Attributes
    ----------
    probabilities : dict of str to float
        By class: PC, EB, V, IS, J. Calibrated; they sum to 1.
    best : str
        The most probable class.
    spread : dict of str to float
        Standard deviation of each probability among the ensemble's members.
    caution : str or None
        Why the probabilities carry little weight.
    report : VettingReport
        Depth, signal-to-noise ratio, odd and even transits, secondary eclipse and the other vetting tests.
    """

    probabilities: dict[str, float]
    best: str
    spread: dict[str, float]
    caution: str | None
    report: VettingReport

    def __str__(self) -> str:
        rows = [
            f"{code:2} {LIGHT_CURVE_CLASSES[code]:23} {probability:6.1%} +- {self.spread[code]:.1%}"
            for code, probability in self.probabilities.items()
        ]
        return "\n".join([*rows, self.report.summary, *([self.caution] if self.caution else [])])


def classify_light_curve(
    time: Any,
    flux: Any = None,
    *,
    period_d: Any,
    epoch_btjd: Any,
    duration_h: Any,
    flux_err: Any = None,
    tic_id: int | None = None,
    tmag: float | None = None,
    stellar_radius_rsun: float | None = None,
    density_solar: float | None = None,
) -> Classification:
    """Classify a light curve folded on an ephemeris.

    It is detrended with the transits masked, vetted and classified as TOIs are. Nothing is read from or sent to an
    archive.

    Parameters
    ----------
    time : array_like, shape (N,), or a light curve
        BTJD or BJD [d], or a Time of astropy. Without `flux`: an object with the attributes `time` and `flux`, such as
        a lightkurve.LightCurve.
    flux : array_like, shape (N,), optional
        Of any unit, positive out of transit and not detrended. Cadences may be masked or NaN, and in any order.
    period_d, epoch_btjd, duration_h : float
        Orbital period [d], a mid-transit time (BTJD or BJD) and the duration from first to last contact [h]; also as a
        Quantity or Time of astropy.
    flux_err : array_like, shape (N,), optional
        Errors; the scatter of the data is what counts.
    tic_id : int, optional
        A star in the network's training data is scored only by members that were not trained on it.
    tmag, stellar_radius_rsun, density_solar : float, optional
        TESS magnitude, radius and density of the star [solar units]: inputs of the network, which may be unknown.

    Returns
    -------
    Classification

    Raises
    ------
    AppTessError
        There is no answer, and the message says why: a single transit, no cadence in transit, a constant flux, arrays
        of different lengths, an impossible ephemeris.
    """
    if flux is None:
        time, flux, flux_err = _columns_of(time)
    ephemeris = _ephemeris(period_d, epoch_btjd, duration_h)
    (vetted,) = vet_star(
        [_light_curve(time, flux, flux_err, tic_id)],
        [Target("the signal", ephemeris)],
        mask=NONE.name,
        stellar_radius_rsun=read_number(stellar_radius_rsun, "solRad", "stellar_radius_rsun"),
        density_solar=density_solar,
    )
    if vetted.report is None:
        raise vetted.refusal or AppTessError("This light curve could not be measured.")
    return _classification(vetted.report, tmag)


def _ephemeris(period_d: Any, epoch_btjd: Any, duration_h: Any) -> Ephemeris:
    """Return the given numbers, quantities and times as an ephemeris; a single transit is refused."""
    epoch = read_number(epoch_btjd, "d", "epoch_btjd")
    ephemeris = Ephemeris(
        read_number(period_d, "d", "period_d"),
        math.nan if epoch is None else float(read_times_btjd([epoch], "epoch_btjd")[0]),
        read_number(duration_h, "h", "duration_h"),
    )
    ephemeris.require_period()
    return ephemeris


def _classification(report: VettingReport, tmag: float | None) -> Classification:
    judgement, problem = judge(report, tmag)
    if judgement is None:
        raise AppTessError(problem)
    found = {name: judgement[name] for name in ("probabilities", "best", "spread", "caution")}
    return Classification(**found, report=report)


def _columns_of(light_curve: Any) -> tuple[Any, Any, Any]:
    """Return time, flux and errors of an object that holds them, such as a lightkurve.LightCurve."""
    if not (hasattr(light_curve, "time") and hasattr(light_curve, "flux")):
        raise InvalidInput("give times and fluxes, or an object with the attributes time and flux.", field="flux")
    return light_curve.time, light_curve.flux, getattr(light_curve, "flux_err", None)


def _light_curve(time: Any, flux: Any, flux_err: Any, tic_id: int | None) -> LightCurve:
    """Return the given columns as a light curve, ascending in time."""
    days, values = read_times_btjd(time), read_values(flux, "flux")
    errors = np.full(len(values), np.nan) if flux_err is None else read_values(flux_err, "flux_err")
    if not len(days) == len(values) == len(errors):
        lengths = f"{len(days)} times, {len(values)} fluxes and {len(errors)} errors"
        raise InvalidInput(f"{lengths} do not belong together.", field="flux")
    good = np.isfinite(days) & np.isfinite(values)
    if not good.any():
        raise NoUsableData(f"None of the {len(days)} cadences has both a time and a flux.")
    days, first = np.unique(days[good], return_index=True)  # ascending; of cadences at the same time the first counts
    values, errors = values[good][first], errors[good][first]
    steps = np.diff(days)
    unknown = np.full(len(days), np.nan)
    return LightCurve(
        tic_id=NO_TIC_ID if tic_id is None else tic_id,
        sector=None,
        camera=None,
        ccd=None,
        cadence_s=float(SECONDS_PER_DAY * np.median(steps)) if len(steps) else None,
        time_btjd=days,
        fluxes={GIVEN.name: Flux(GIVEN, values, errors)},
        default_flux=GIVEN.name,
        quality=np.zeros(len(days), int),
        quality_masks={NONE.name: NONE},
        mom_centr1_px=unknown,
        mom_centr2_px=unknown,
        pos_corr1_px=unknown,
        pos_corr2_px=unknown,
        crowdsap=None,
        tmag=None,
        teff_k=None,
        logg=None,
        stellar_radius_rsun=None,
        ra_deg=None,
        dec_deg=None,
        origin="given",
        simulated=False,
        source="This light curve",
    )
