"""Write SPOC's `_lc.fits` from simulated photometry: PRIMARY, LIGHTCURVE, APERTURE."""

from typing import Any

import numpy as np
from astropy.io import fits

from app_tess.archives.sample.catalogue import Star
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
from app_tess.archives.sample.sectors import SECTORS
from app_tess.archives.sample.simulator import (
    APERTURE_PIXELS,
    Photometry,
    relative_noise,
    simulate_sector,
    target_flux_e_s,
)

CAMERA, CCD = 2, 4
"""Where on the detectors the star fell; made up, the same for all."""

COLLECTED, IN_APERTURE, IN_BACKGROUND = 1, 2, 4
PIXEL_FLAGS = 256
"""Bits of the APERTURE image: pixel collected, in the optimal aperture, used for the background, CCD output D."""


def render_light_curve(star: Star, sector_number: int, cadence_s: int) -> bytes:
    """Return the bytes of a light-curve file.

    Parameters
    ----------
    star : catalogue.Star
    sector_number : int
    cadence_s : int
        120, or 20 for a `_fast-lc.fits`.
    """
    sector = SECTORS[sector_number]
    start, stop = sector.start_btjd, sector.stop_btjd
    where = [
        ("SECTOR", sector_number, "Observing sector"),
        ("CAMERA", CAMERA, "Camera number"),
        ("CCD", CCD, "CCD chip number"),
        ("PXTABLE", 128, "pixel table id"),
    ]
    primary = fits.PrimaryHDU()
    primary.header.extend(
        file_cards(star, "LightCurveExporter simulation", 2, start, stop) + where + star_cards(star), end=True
    )
    photometry = simulate_sector(star, sector_number, cadence_s)
    cards = extension_cards(star, "LIGHTCURVE") + time_cards(start, stop, cadence_s) + _quality_cards(star, cadence_s)
    table = table_hdu(_columns(photometry), cards)
    return write_file([primary, table, _aperture_hdu(star)], stop)


def _columns(photometry: Photometry) -> list[TableColumn]:
    """Return the twenty columns of a real file, in its order, with its formats and units."""
    empty = np.full(photometry.time_btjd.size, np.nan)
    error = np.where(np.isnan(photometry.time_btjd), np.nan, photometry.centroid_error)
    rate, wide, narrow = "e-/s", "E14.7", "F10.5"
    return [
        ("TIME", "D", "BJD - 2457000, days", "D14.7", photometry.time_btjd),
        ("TIMECORR", "E", "d", wide, photometry.time_correction_d),
        ("CADENCENO", "J", None, "I10", photometry.cadence_number),
        ("SAP_FLUX", "E", rate, wide, photometry.sap_flux),
        ("SAP_FLUX_ERR", "E", rate, wide, photometry.sap_error),
        ("SAP_BKG", "E", rate, wide, photometry.background),
        ("SAP_BKG_ERR", "E", rate, wide, photometry.background_error),
        ("PDCSAP_FLUX", "E", rate, wide, photometry.pdcsap_flux),
        ("PDCSAP_FLUX_ERR", "E", rate, wide, photometry.pdcsap_error),
        ("QUALITY", "J", None, "B16.16", photometry.quality),
        ("PSF_CENTR1", "D", "pixel", narrow, empty),
        ("PSF_CENTR1_ERR", "E", "pixel", wide, empty),
        ("PSF_CENTR2", "D", "pixel", narrow, empty),
        ("PSF_CENTR2_ERR", "E", "pixel", wide, empty),
        ("MOM_CENTR1", "D", "pixel", narrow, photometry.centroid[0]),
        ("MOM_CENTR1_ERR", "E", "pixel", wide, error),
        ("MOM_CENTR2", "D", "pixel", narrow, photometry.centroid[1]),
        ("MOM_CENTR2_ERR", "E", "pixel", wide, error),
        ("POS_CORR1", "E", "pixels", wide, photometry.pointing[0]),
        ("POS_CORR2", "E", "pixels", wide, photometry.pointing[1]),
    ]


def _quality_cards(star: Star, cadence_s: int) -> list[Card]:
    """Return the cards on background, noise and crowding."""
    noise_ppm = relative_noise(target_flux_e_s(star.tmag), cadence_s) * 1e6
    half_hour = noise_ppm / np.sqrt(1800 / cadence_s)
    return [
        ("BACKAPP", True, "background is subtracted"),
        ("DEADAPP", True, "deadtime applied"),
        ("VIGNAPP", True, "vignetting or collimator correction applied"),
        ("CDPP0_5", round(half_hour, 4), "RMS CDPP on 0.5-hr time scales"),
        ("CDPP1_0", round(half_hour / 2**0.5, 4), "RMS CDPP on 1.0-hr time scales"),
        ("CDPP2_0", round(half_hour / 2, 4), "RMS CDPP on 2.0-hr time scales"),
        ("CROWDSAP", star.crowding, "Ratio of target flux to total flux in op. ap."),
        ("FLFRCSAP", 0.92, "Frac. of target flux w/in the op. aperture"),
        ("PDCMETHD", "simulated", "PDC algorithm used for target"),
    ]


def _aperture_hdu(star: Star) -> Any:
    """Return an 11 x 11 image with a 3 x 3 aperture in the middle."""
    image = np.full((11, 11), PIXEL_FLAGS | COLLECTED, dtype=np.int32)
    image[4:7, 4:7] |= IN_APERTURE
    image[0, :] |= IN_BACKGROUND
    hdu = fits.ImageHDU(image)
    wcs = [
        ("WCSAXES", 2, "number of WCS axes"),
        ("CTYPE1", "RA---TAN", "right ascension coordinate type"),
        ("CTYPE2", "DEC--TAN", "declination coordinate type"),
        ("CRPIX1", 6.0, "[pixel] reference pixel along image axis 1"),
        ("CRPIX2", 6.0, "[pixel] reference pixel along image axis 2"),
        ("CRVAL1", star.ra_deg, "[deg] right ascension at reference pixel"),
        ("CRVAL2", star.dec_deg, "[deg] declination at reference pixel"),
        ("CUNIT1", "deg", "physical unit in column dimension"),
        ("CUNIT2", "deg", "physical unit in row dimension"),
        ("CDELT1", -0.0056, "[deg] pixel scale in RA dimension"),
        ("CDELT2", 0.0056, "[deg] pixel scale in Dec dimension"),
        ("NPIXSAP", APERTURE_PIXELS, "Number of pixels in optimal aperture"),
        ("NPIXMISS", 0, "Number of op. aperture pixels not collected"),
    ]
    hdu.header.extend(extension_cards(star, "APERTURE") + wcs, end=True)
    return hdu
