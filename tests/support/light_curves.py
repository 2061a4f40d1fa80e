"""Small made-up stars: a light curve with box transits and known noise, as a value or as SPOC's FITS."""

import io
from dataclasses import replace

import numpy as np
from astropy.io import fits

from app_tess.archives.products.spoc_light_curve import read_light_curve
from app_tess.astro.ephemeris import Ephemeris

PLANET = Ephemeris(3.0, 1326.0, 3.0)
DEPTH = 0.01


def make_flux(time, ephemeris=PLANET, depth=DEPTH, odd_depth=None, secondary=0.0, noise=5e-4, seed=1, v_shape=False):
    """Relative flux of a star with box (or V-shaped) transits; odd transits and phase 0.5 may have their own depth."""
    distance = ephemeris.from_transit(time)
    inside = np.abs(distance) < ephemeris.duration_d / 2
    shape = np.clip(1 - np.abs(distance) / (ephemeris.duration_d / 2), 0, 1) if v_shape else inside.astype(float)
    depths = np.where(ephemeris.transit_number(time) % 2 == 1, depth if odd_depth is None else odd_depth, depth)
    flux = 1 - depths * shape
    if ephemeris.period_d:
        other = np.abs(np.abs(distance) - ephemeris.period_d / 2) < ephemeris.duration_d / 2
        flux = flux - secondary * other
    return flux + noise * np.random.default_rng(seed).standard_normal(len(time))


def make_lc_fits(
    flux=None,
    *,
    sector=1,
    tic_id=1234,
    start=1325.0,
    days=26.0,
    cadence_s=120.0,
    gap=True,
    columns=(),
    centroid_shift=0.0,
    primary=(),
    flags=(),
    **options,
):
    """Bytes of a `_lc.fits`: 26 days with a one-day gap in the middle, a slow trend, and what the options ask for."""
    time = start + np.arange(int(days * 86400 / cadence_s)) * cadence_s / 86400
    if gap:
        half = int(43200 / cadence_s)
        time = np.delete(time, np.arange(len(time) // 2 - half, len(time) // 2 + half))
    if flux is None:
        flux = make_flux(time, **options) * (1 + 0.002 * np.sin(2 * np.pi * (time - start) / 13.0))
    flux = np.asarray(flux if np.ndim(flux) else np.full(len(time), flux), dtype=float)
    quality = np.zeros(len(time), dtype=np.int32)
    for index, bits in flags:
        quality[index] = bits
    noise = np.random.default_rng(2)
    dip = centroid_shift * (np.abs(PLANET.from_transit(time)) < PLANET.duration_d / 2)
    data = {
        "TIME": time,
        "SAP_FLUX": 1000 * flux,
        "SAP_FLUX_ERR": np.full(len(time), 0.5),
        "PDCSAP_FLUX": 1000 * flux,
        "PDCSAP_FLUX_ERR": np.full(len(time), 0.5),
        "QUALITY": quality,
        "MOM_CENTR1": 100 + dip + 1e-3 * noise.standard_normal(len(time)),
        "MOM_CENTR2": 200 + 1e-3 * noise.standard_normal(len(time)),
        "POS_CORR1": np.zeros(len(time)),
        "POS_CORR2": np.zeros(len(time)),
        **dict(columns),
    }
    table = fits.BinTableHDU.from_columns(
        [
            fits.Column(name, "J" if name == "QUALITY" else "D", array=values)
            for name, values in data.items()
            if values is not None
        ]
    )
    table.header["EXTNAME"], table.header["TIMEDEL"], table.header["CROWDSAP"] = "LIGHTCURVE", cadence_s / 86400, 0.95
    return file_bytes([primary_header(tic_id, sector, dict(primary)), table])


def primary_header(tic_id, sector, changes):
    first = fits.PrimaryHDU()
    for key, value in {
        "TELESCOP": "TESS",
        "TICID": tic_id,
        "SECTOR": sector,
        "CAMERA": 1,
        "CCD": 2,
        "TESSMAG": 10.0,
        "TEFF": 5800.0,
        "LOGG": 4.4,
        "RADIUS": 1.0,
        "RA_OBJ": 10.0,
        "DEC_OBJ": -60.0,
        **changes,
    }.items():
        first.header[key] = value
    return first


def make_light_curve(**options):
    """The same as a LightCurve."""
    return read_light_curve(make_lc_fits(**options), "made_up_lc.fits")


def with_flux(light_curve, values):
    """A copy with other values of the default flux."""
    name = light_curve.default_flux
    return replace(light_curve, fluxes={**light_curve.fluxes, name: replace(light_curve.fluxes[name], values=values)})


def make_dvt_fits(events=((3.0, 1326.0, 3.0, 10000.0),), tic_id=1234):
    """Bytes of a `_dvt.fits` with one table an event (period_d, epoch_btjd, duration_h, depth_ppm)."""
    hdus = [fits.PrimaryHDU()]
    hdus[0].header.update({"TELESCOP": "TESS", "TICID": tic_id, "NUMTCES": len(events)})
    time = 1325.0 + np.arange(10000) * 120 / 86400
    for i, (period, epoch, duration, depth) in enumerate(events):
        phase = Ephemeris(period, epoch, duration).fold(time)
        model = np.where(np.abs(phase) < duration / 48, -depth * 1e-6, 0.0)
        flux = model + 5e-4 * np.random.default_rng(i).standard_normal(len(time))
        hdu = fits.BinTableHDU.from_columns(
            [
                fits.Column(n, "D", array=v)
                for n, v in {
                    "TIME": time,
                    "PHASE": phase,
                    "LC_INIT": flux,
                    "LC_DETREND": flux,
                    "MODEL_INIT": model,
                }.items()
            ],
            name=f"TCE_{i + 1}",
        )
        hdu.header.update({"TPERIOD": period, "TEPOCH": epoch, "TDUR": duration, "TDEPTH": depth})
        hdus.append(hdu)
    return file_bytes(hdus)


def file_bytes(hdus):
    buffer = io.BytesIO()
    fits.HDUList(hdus).writeto(buffer)
    return buffer.getvalue()
