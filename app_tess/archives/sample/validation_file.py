"""Write SPOC's `_dvt.fits` from simulated photometry: PRIMARY, TCE_1..n, then the statistics.

The pipeline numbers its events by strength, not by TOI: match them by period and epoch.
"""

import numpy as np
from astropy.io import fits

from app_tess.archives.sample.catalogue import Event, Star
from app_tess.archives.sample.fits_headers import (
    Card,
    TableColumn,
    extension_cards,
    file_cards,
    star_cards,
    table_hdu,
    time_cards,
    write_file,
)
from app_tess.archives.sample.sectors import SECTORS, Sector
from app_tess.archives.sample.simulated_transits import event_dip, transit_times
from app_tess.archives.sample.simulator import Photometry, relative_noise, simulate_sector, target_flux_e_s
from app_tess.astro.arrays import FloatArray
from app_tess.astro.constants import SECONDS_PER_DAY

CADENCE_S = 120


def render_validation(star: Star, first_sector: int, last_sector: int) -> bytes:
    """Return the bytes of a data-validation file over the star's simulated sectors of this range."""
    numbers = [number for number in star.light_curves if first_sector <= number <= last_sector]
    sectors = [SECTORS[number] for number in numbers]
    parts = [simulate_sector(star, number) for number in numbers]
    start, stop = sectors[0].start_btjd, sectors[-1].stop_btjd
    found = _found_events(star, sectors)

    primary = fits.PrimaryHDU()
    cards = file_cards(star, "DvTimeSeriesExporter simulation", len(found) + 1, start, stop)
    cards += [
        *star_cards(star),
        ("NUMTCES", len(found), "number of TCEs found"),
        ("SECTOR", first_sector, "First observing sector"),
    ]
    primary.header.extend(cards, end=True)

    sigma = relative_noise(target_flux_e_s(star.tmag), CADENCE_S)
    common = _common_columns(parts)
    residual = np.concatenate([part.detrended for part in parts])
    quality = np.concatenate([part.quality for part in parts])
    hdus = [primary]
    for number, (event, times) in enumerate(found, start=1):
        dip = np.concatenate(
            [
                event_dip(star, event, _all_times(part), CADENCE_S / SECONDS_PER_DAY, n)
                for part, n in zip(parts, numbers, strict=True)
            ]
        )
        columns = common + _event_columns(event, times, common[0][-1], residual, dip, sigma)
        cards = extension_cards(star, f"TCE_{number}") + time_cards(start, stop, CADENCE_S)
        hdus.append(table_hdu(columns, cards + _event_cards(event, times, sigma)))
        residual = residual + dip
    statistics = [
        *common,
        ("PDCSAP_FLUX", "E", "e-/s", "E14.7", np.concatenate([part.pdcsap_flux for part in parts])),
        ("PDCSAP_FLUX_ERR", "E", "e-/s", "E14.7", np.concatenate([part.pdcsap_error for part in parts])),
        ("RESIDUAL_LC", "E", None, "E14.7", residual / sigma),
        ("DEWEIGHTS", "E", "proportion", "E14.7", np.where(np.isnan(residual), 0.0, 1.0)),
        ("QUALITY", "J", None, "B16.16", quality),
    ]
    cards = extension_cards(star, "Statistics") + time_cards(start, stop, CADENCE_S)
    return write_file([*hdus, table_hdu(statistics, cards)], stop)


def _found_events(star: Star, sectors: list[Sector]) -> list[tuple[Event, FloatArray]]:
    """Return the periodic events with two or more transits in the data, strongest first, and their transit times."""
    found = []
    for event in star.events:
        times = np.concatenate([transit_times(event, sector.start_btjd, sector.stop_btjd) for sector in sectors])
        if event.period_d is not None and times.size >= 2:
            found.append((event, times))
    return sorted(found, key=lambda pair: -pair[0].depth_ppm * np.sqrt(pair[1].size * pair[0].duration_h))


def _all_times(part: Photometry) -> FloatArray:
    """Return the times without gaps: a model has values everywhere."""
    holes = np.isnan(part.time_btjd)
    index = np.arange(part.time_btjd.size)
    return np.interp(index, index[~holes], part.time_btjd[~holes])


def _common_columns(parts: list[Photometry]) -> list[TableColumn]:
    return [
        ("TIME", "D", "BJD - 2457000, days", "D14.7", np.concatenate([part.time_btjd for part in parts])),
        ("TIMECORR", "E", "d", "E14.7", np.concatenate([part.time_correction_d for part in parts])),
        ("CADENCENO", "J", None, "I10", np.concatenate([part.cadence_number for part in parts])),
    ]


def _event_columns(
    event: Event, times: FloatArray, time_btjd: FloatArray, flux: FloatArray, dip: FloatArray, sigma: float
) -> list[TableColumn]:
    """Return an event's columns; PHASE [d] starts a quarter period before the transit, fluxes are zero-centered."""
    if event.period_d is None:
        raise ValueError(f"TOI {event.toi} has no period to fold on")
    quarter = event.period_d / 4
    phase = (time_btjd - times[0] + quarter) % event.period_d - quarter
    return [
        ("PHASE", "E", "days", "E14.7", phase),
        ("LC_INIT", "E", "dimensionless", "E14.7", flux),
        ("LC_INIT_ERR", "E", "dimensionless", "E14.7", np.where(np.isnan(flux), np.nan, sigma)),
        ("LC_WHITE", "E", "dimensionless", "E14.7", flux / sigma),
        ("LC_DETREND", "E", "dimensionless", "E14.7", flux),
        ("MODEL_INIT", "E", "dimensionless", "E14.7", -dip),
        ("MODEL_WHITE", "E", "dimensionless", "E14.7", -dip / sigma),
    ]


def _event_cards(event: Event, times: FloatArray, sigma: float) -> list[Card]:
    """Return what the transit search and fit would report on an event."""
    per_transit = event.duration_h * 3600 / CADENCE_S
    snr = event.depth_ppm * 1e-6 / sigma * np.sqrt(per_transit * times.size)
    return [
        ("TPERIOD", event.period_d, "[days] orbital period"),
        ("TEPOCH", round(float(times[0]), 6), "[BTJD] epoch of first transit"),
        ("TDUR", event.duration_h, "[hr] transit duration"),
        ("TDEPTH", float(event.depth_ppm), "[ppm] fitted transit depth"),
        ("TSNR", round(float(snr), 3), "signal-to-noise of the transit model fit"),
        ("MAXMES", round(float(snr), 3), "maximum multiple event statistic"),
        ("NTRANS", int(times.size), "expected number of transits"),
        ("IMPACT", event.impact, "impact parameter"),
        ("RADRATIO", round((event.depth_ppm * 1e-6) ** 0.5, 6), "ratio of planet radius to star radius"),
        ("PRADIUS", event.radius_rearth, "[Earth radii] planet radius"),
        ("CONVRGE", True, "model fit converged"),
    ]
