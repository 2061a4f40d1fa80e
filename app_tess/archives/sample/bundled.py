"""The bundled sample in the archives' own columns: ExoFOP's TOI table, TIC rows, observations, and simulated files."""

import csv
import io
from functools import cache
from typing import Any

from astropy import units as u
from astropy.coordinates import SkyCoord

from app_tess.archives.sample.catalogue import (
    Event,
    Star,
    equilibrium_temperature_k,
    insolation_earth,
    load_stars,
)
from app_tess.archives.sample.exoplanet_archive_api import bundled_planets
from app_tess.archives.sample.observations import observation_row
from app_tess.astro.physics import depth_mmag_from_ppm
from app_tess.astro.times import btjd_to_bjd

TOI_COLUMNS = [
    "TIC ID",
    "TOI",
    "Previous CTOI",
    "Master",
    "SG1A",
    "SG1B",
    "SG2",
    "SG3",
    "SG4",
    "SG5",
    "ESM",
    "TSM",
    "Predicted Mass (M_Earth)",
    "Time Series Observations",
    "Spectroscopy Observations",
    "Imaging Observations",
    "TESS Disposition",
    "TFOPWG Disposition",
    "TESS Mag",
    "TESS Mag err",
    "Planet Name",
    "Pipeline Signal ID",
    "Source",
    "Detection",
    "RA",
    "Dec",
    "PM RA (mas/yr)",
    "PM RA err (mas/yr)",
    "PM Dec (mas/yr)",
    "PM Dec err (mas/yr)",
    "Epoch (BJD)",
    "Epoch (BJD) err",
    "Period (days)",
    "Period (days) err",
    "Duration (hours)",
    "Duration (hours) err",
    "Depth (mmag)",
    "Depth (mmag) err",
    "Depth (ppm)",
    "Depth (ppm) err",
    "Planet Radius (R_Earth)",
    "Planet Radius (R_Earth) err",
    "Planet Insolation (Earth Flux)",
    "Planet Equil Temp (K)",
    "Planet SNR",
    "Stellar Distance (pc)",
    "Stellar Distance (pc) err",
    "Stellar Eff Temp (K)",
    "Stellar Eff Temp (K) err",
    "Stellar log(g) (cm/s^2)",
    "Stellar log(g) (cm/s^2) err",
    "Stellar Radius (R_Sun)",
    "Stellar Radius (R_Sun) err",
    "Stellar Metallicity",
    "Stellar Metallicity err",
    "Stellar Mass (M_Sun)",
    "Stellar Mass (M_Sun) err",
    "Sectors",
    "Date TOI Alerted (UTC)",
    "Date TOI Updated (UTC)",
    "Date Modified",
    "Comments",
]
"""The columns of ExoFOP's export of 2025, in its order."""


class BundledContents:
    """What the archive serves when no folder is given."""

    description = "bundled sample, simulated light curves"

    def toi_csv(self) -> bytes:
        """Return the TOI table, as bytes, with ExoFOP's columns; what is not published stays blank."""
        return _toi_csv()

    def tic_rows(self) -> list[dict[str, Any]]:
        """Return a TIC row for each star; blank where nothing is published."""
        return [dict(row) for row in _tic_rows()]

    def observation_rows(self, tic_rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return a row of MAST's observation catalogue for each simulated file."""
        return [
            observation_row(str(star.tic_id), _data_url(name), (star.ra_deg, star.dec_deg))
            for star in load_stars()
            for name in star.product_names()
        ]

    def planets(self) -> tuple[dict[str, Any], ...]:
        """Return the published planets of the stars, as rows of `pscomppars`."""
        return bundled_planets()

    def file_bytes(self, filename: str) -> bytes:
        """Return a simulated file; MissingData, with a sentence, for any other name."""
        # Imported when the first file is asked for: a server of tables needs no simulator.
        from app_tess.archives.sample.products import render_product

        return render_product(filename)


@cache
def _toi_csv() -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, TOI_COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for star in load_stars():
        for event in star.events:
            writer.writerow(_toi_row(star, event))
    return text.getvalue().encode()


@cache
def _tic_rows() -> tuple[dict[str, Any], ...]:
    return tuple(_tic_row(star) for star in load_stars())


def _data_url(filename: str) -> str:
    """Return MAST's address of a file; high-level products are in folders of their pipeline."""
    pipeline = filename.split("_")[1] if filename.startswith("hlsp_") else ""
    return f"mast:HLSP/{pipeline}/{filename}" if pipeline else f"mast:TESS/product/{filename}"


def _toi_row(star: Star, event: Event) -> dict[str, Any]:
    place = SkyCoord(star.ra_deg, star.dec_deg, unit="deg")
    ra, dec = place.to_string("hmsdms", sep=":", precision=2).split()
    row = {
        "TIC ID": star.tic_id,
        "TOI": event.toi,
        "TESS Disposition": "KP" if event.disposition == "KP" else "PC",
        "TFOPWG Disposition": event.disposition,
        "TESS Mag": star.tmag,
        "Source": "SPOC",
        "RA": ra,
        "Dec": dec,
        "PM RA (mas/yr)": star.pm_ra_masyr,
        "PM Dec (mas/yr)": star.pm_dec_masyr,
        "Epoch (BJD)": f"{btjd_to_bjd(event.epoch_btjd):.6f}",
        "Epoch (BJD) err": event.epoch_err_d,
        "Period (days) err": event.period_err_d,
        "Period (days)": event.period_d or 0,  # ExoFOP writes 0 for a single transit
        "Duration (hours)": event.duration_h,
        "Depth (mmag)": round(float(depth_mmag_from_ppm(event.depth_ppm)), 4),
        "Depth (ppm)": event.depth_ppm,
        "Planet Radius (R_Earth)": event.radius_rearth,
        "Planet Insolation (Earth Flux)": _rounded(insolation_earth(star, event), 3),
        "Planet Equil Temp (K)": _rounded(equilibrium_temperature_k(star, event), 0),
        "Stellar Distance (pc)": star.distance_pc,
        "Stellar Eff Temp (K)": star.teff_k,
        "Stellar log(g) (cm/s^2)": star.logg,
        "Stellar Radius (R_Sun)": star.radius_rsun,
        "Stellar Metallicity": star.metallicity_dex,
        "Stellar Mass (M_Sun)": star.mass_msun,
        "Sectors": ",".join(str(sector) for sector in star.sectors),
        "Comments": "; ".join(part for part in (event.planet, event.comment, event.reference) if part),
    }
    return {name: "" if value is None else value for name, value in row.items()}


def _tic_row(star: Star) -> dict[str, Any]:
    place = SkyCoord(star.ra_deg * u.deg, star.dec_deg * u.deg, frame="icrs")
    galactic, ecliptic = place.galactic, place.barycentrictrueecliptic
    return {
        "ID": str(star.tic_id),
        "objType": "STAR",
        "ra": star.ra_deg,
        "dec": star.dec_deg,
        "pmRA": star.pm_ra_masyr,
        "pmDEC": star.pm_dec_masyr,
        "plx": None if star.distance_pc is None else _rounded(1000.0 / star.distance_pc, 4),
        "gallong": _rounded(galactic.l.deg, 6),
        "gallat": _rounded(galactic.b.deg, 6),
        "eclong": _rounded(ecliptic.lon.deg, 6),
        "eclat": _rounded(ecliptic.lat.deg, 6),
        "Tmag": star.tmag,
        "Teff": star.teff_k,
        "logg": star.logg,
        "MH": star.metallicity_dex,
        "rad": star.radius_rsun,
        "mass": star.mass_msun,
        "rho": _rounded(star.density_solar, 5),
        "lum": _rounded(star.luminosity_lsun, 5),
        "d": star.distance_pc,
        "contratio": _rounded((1.0 - star.crowding) / star.crowding, 4),
        "version": "bundled sample",
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(float(value), digits)
