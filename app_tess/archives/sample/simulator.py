"""Simulated TESS photometry of the bundled systems: published transits with a spacecraft's systematics.

Deterministic: the random numbers are seeded by the star, the sector and the cadence.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app_tess.archives.sample.catalogue import Star
from app_tess.archives.sample.sectors import SECTORS, Sector
from app_tess.archives.sample.simulated_transits import event_dip
from app_tess.astro import quality as quality_bits
from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import JULIAN_YEAR_D, SECONDS_PER_DAY

QualityArray = npt.NDArray[np.int32]

EXPOSURE_FRACTION = 0.79
"""Share of a cadence spent collecting light, after read-out and cosmic-ray mitigation (DEADC in real headers)."""

TESS_ZERO_POINT_MAG = 20.44
"""TESS magnitude that yields 1 e-/s. Source: TESS Instrument Handbook."""

APERTURE_PIXELS = 9
BACKGROUND_E_S = 1200.0
"""Sky in the aperture [e-/s], typical of the real files."""
READ_NOISE_E = 10.0
"""Per pixel and 2-second read-out [e-]."""
NOISE_FLOOR = 8e-5
"""Pointing jitter left in bright stars' 2-minute flux, relative."""

DUMP_INTERVAL_D = 2.5
"""Time between momentum dumps in the first year [d]; later years had longer ones, which nothing here needs."""

COARSE_POINT, EARTH_POINT, DESATURATION, MANUAL_EXCLUDE, IMPULSIVE_OUTLIER = (
    bit.value
    for bit in (
        quality_bits.COARSE_POINT,
        quality_bits.EARTH_POINT,
        quality_bits.DESATURATION,
        quality_bits.MANUAL_EXCLUDE,
        quality_bits.IMPULSIVE_OUTLIER,
    )
)

FIRST_CADENCE = (70444, 1325.29898)
"""Number and time [BTJD d] of the first 2-minute cadence of sector 1."""


@dataclass
class Photometry:
    """One sector of one star; arrays of shape (N,), fluxes in e-/s; NaN where the spacecraft has no value.

    `detrended` is the relative flux, zero-centred, without the trends that a pipeline would remove.
    """

    time_btjd: FloatArray
    cadence_number: QualityArray
    time_correction_d: FloatArray
    quality: QualityArray
    sap_flux: FloatArray
    sap_error: FloatArray
    background: FloatArray
    background_error: FloatArray
    pdcsap_flux: FloatArray
    pdcsap_error: FloatArray
    detrended: FloatArray
    centroid: FloatArray  # shape (2, N), [pixel]
    centroid_error: float
    pointing: FloatArray  # shape (2, N), [pixel]


def target_flux_e_s(tmag: float) -> float:
    """Return the flux of a star of this TESS magnitude [e-/s]."""
    return 10 ** (-0.4 * (tmag - TESS_ZERO_POINT_MAG))


def relative_noise(flux_e_s: float, cadence_s: int) -> float:
    """Return the standard deviation of one cadence, relative to the flux: photons, sky, read-out, and a floor."""
    collected_s = cadence_s * EXPOSURE_FRACTION
    read_variance = READ_NOISE_E**2 * APERTURE_PIXELS * cadence_s / 2
    electrons = np.sqrt((flux_e_s + BACKGROUND_E_S) * collected_s + read_variance)
    return float(np.hypot(electrons / (flux_e_s * collected_s), NOISE_FLOOR * np.sqrt(120 / cadence_s)))


def simulate_sector(star: Star, sector_number: int, cadence_s: int = 120) -> Photometry:
    """Simulate a star's photometry in a sector.

    Parameters
    ----------
    star : catalogue.Star
    sector_number : int
        A key of SECTORS.
    cadence_s : int
        120, or 20 for a fast light curve.
    """
    sector = SECTORS[sector_number]
    rng = np.random.default_rng([star.tic_id, sector_number, cadence_s])
    step_d = cadence_s / SECONDS_PER_DAY
    time = np.arange(sector.start_btjd, sector.stop_btjd, step_d)
    since_settling = _since_settling(time, sector)

    dip, shift = _dips(star, time, step_d, sector_number)
    flux = target_flux_e_s(star.tmag)
    sigma = relative_noise(flux, cadence_s)
    noise = sigma * rng.standard_normal(time.size)
    variability = _variability(star, time)
    residual = _slow_drift(rng, time, 1.5e-4)
    systematics = 0.004 * np.exp(-since_settling / 1.2) + _slow_drift(rng, time, 1.2e-3)

    quality = _quality(rng, time, sector)
    noise[quality & IMPULSIVE_OUTLIER > 0] += 12 * sigma
    noise[quality & DESATURATION > 0] -= 0.01

    relative = (1 + variability) * (1 - dip) * (1 + residual) + noise
    aperture = flux * (relative + (1 - star.crowding) / star.crowding) * (1 + systematics) * 0.92
    background = BACKGROUND_E_S * (1 + 0.3 * np.exp(-since_settling / 2.0))
    pdcsap = np.where(quality & MANUAL_EXCLUDE, np.nan, flux * relative)
    pointing = 0.003 * rng.standard_normal((2, time.size)) + 0.01 * np.exp(-since_settling / 2.0)
    centroid = pointing + np.array([[1800.4], [1200.7]]) + shift * np.array([[0.8], [0.6]])

    photometry = Photometry(
        time_btjd=time,
        cadence_number=_cadence_numbers(time, cadence_s),
        time_correction_d=0.0048 * np.cos(2 * np.pi * (time - star.ra_deg) / JULIAN_YEAR_D),
        quality=quality,
        sap_flux=aperture,
        sap_error=np.full(time.size, sigma * flux * 0.92),
        background=background,
        background_error=np.full(time.size, 0.003 * BACKGROUND_E_S),
        pdcsap_flux=pdcsap,
        pdcsap_error=np.where(np.isnan(pdcsap), np.nan, sigma * flux),
        detrended=np.where(quality & (MANUAL_EXCLUDE | DESATURATION), np.nan, noise - dip),
        centroid=centroid,
        centroid_error=0.0008,
        pointing=pointing,
    )
    _remove_download_gap(photometry)
    return photometry


def _dips(star: Star, time: FloatArray, step_d: float, sector_number: int) -> tuple[FloatArray, FloatArray]:
    """Return the sum of all events, and the centroid's shift [pixel] while a neighbor is eclipsed."""
    total, shift = np.zeros_like(time), np.zeros_like(time)
    for event in star.events:
        dip = event_dip(star, event, time, step_d, sector_number)
        total += dip
        shift += event.centroid_shift_px * dip / (event.depth_ppm * 1e-6)
    return total, shift


def _since_settling(time: FloatArray, sector: Sector) -> FloatArray:
    """Return the time since the sector's start or the end of its download gap, when the telescope settles [d]."""
    return np.where(time < sector.gap_btjd[1], time - sector.start_btjd, np.abs(time - sector.gap_btjd[1]))


def _variability(star: Star, time: FloatArray) -> FloatArray:
    """Return the rotational modulation of a spotted star: a sinusoid and its first harmonic."""
    amplitude_ppm, period_d = star.variability
    angle = 2 * np.pi * time / period_d + star.tic_id % 6
    return amplitude_ppm * 1e-6 * (0.8 * np.sin(angle) + 0.3 * np.sin(2 * angle + 1.0))


def _slow_drift(rng: np.random.Generator, time: FloatArray, amplitude: float) -> FloatArray:
    """Return a smooth random curve with knots three days apart."""
    knots = np.arange(time[0] - 3, time[-1] + 6, 3.0)
    values = amplitude * rng.standard_normal(knots.size)
    position = (time - knots[0]) / 3.0
    left = position.astype(int)
    weight = (1 - np.cos(np.pi * (position - left))) / 2
    return np.asarray(values[left] * (1 - weight) + values[left + 1] * weight)


def _quality(rng: np.random.Generator, time: FloatArray, sector: Sector) -> QualityArray:
    """Return the quality bits: momentum dumps, settling, outliers, the download gap."""
    quality = np.zeros(time.size, dtype=np.int32)
    for dump in np.arange(sector.start_btjd + DUMP_INTERVAL_D, sector.stop_btjd, DUMP_INTERVAL_D):
        quality[np.abs(time - dump) < 4 / 720] |= DESATURATION | MANUAL_EXCLUDE
    quality[rng.integers(0, time.size, 4)] |= IMPULSIVE_OUTLIER
    start, end = sector.gap_btjd
    quality[(time > end) & (time < end + 0.1)] |= COARSE_POINT | MANUAL_EXCLUDE
    quality[(time >= start) & (time <= end)] = EARTH_POINT | MANUAL_EXCLUDE
    return quality


def _cadence_numbers(time: FloatArray, cadence_s: int) -> QualityArray:
    number, first_btjd = FIRST_CADENCE
    return (np.round((time - first_btjd) * SECONDS_PER_DAY / cadence_s) + number * 120 // cadence_s).astype(np.int32)


def _remove_download_gap(photometry: Photometry) -> None:
    """Set all values to NaN, even TIME, while the spacecraft downloads its data, as in the real files."""
    gap = photometry.quality & EARTH_POINT > 0
    for values in vars(photometry).values():
        if isinstance(values, np.ndarray) and values.dtype.kind == "f":
            values[..., gap] = np.nan
