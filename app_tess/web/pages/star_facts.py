"""A star's page in words: its parameters from two catalogues, its files, its links, and why its score is what it is."""

import datetime as dt
import math
from dataclasses import dataclass
from urllib.parse import quote

from app_tess.archives import products
from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.times import btjd_to_iso_utc, iso_utc_to_btjd
from app_tess.tasks.star_files import ephemeris_of, why_not_folded
from app_tess.web.http import template_filters

SAME_SHARE, SAME_DEX, SAME_DEG = 0.005, 0.01, 0.001
"""Where neither catalogue gives an error, values are the same, rounded by somebody, within half a percent; magnitudes and decimal
exponents within 0.01; positions within 3.6 arc seconds, for they are of different epochs."""
SHARE, DEX, DEG = "share", "dex", "deg"
PARAMETERS = (
    # label, unit, TIC column, its error, ExoFOP column, its error, decimals, glossary term, how values compare
    ("TESS magnitude", "mag", "tmag", "tmag_err", "tmag", "tmag_err", 2, "tmag", DEX),
    ("Effective temperature", "K", "teff_k", "teff_err_k", "teff_k", "teff_err_k", 0, "teff", SHARE),
    ("Surface gravity log g", "cgs", "logg", "logg_err", "logg", "logg_err", 2, "logg", DEX),
    (
        "Metallicity",
        "dex",
        "metallicity_dex",
        "metallicity_err_dex",
        "metallicity_dex",
        "metallicity_err_dex",
        2,
        "metallicity",
        DEX,
    ),
    (
        "Radius",
        "R☉",
        "stellar_radius_rsun",
        "stellar_radius_err_rsun",
        "stellar_radius_rsun",
        "stellar_radius_err_rsun",
        3,
        "stellar-radius",
        SHARE,
    ),
    (
        "Mass",
        "M☉",
        "stellar_mass_msun",
        "stellar_mass_err_msun",
        "stellar_mass_msun",
        "stellar_mass_err_msun",
        3,
        "",
        SHARE,
    ),
    ("Density", "ρ☉", "density_solar", "density_err_solar", None, None, 3, "", SHARE),
    ("Luminosity", "L☉", "luminosity_lsun", "luminosity_err_lsun", None, None, 3, "", SHARE),
    (
        "Distance",
        "pc",
        "distance_pc",
        "distance_err_pc",
        "stellar_distance_pc",
        "stellar_distance_err_pc",
        1,
        "parsec",
        SHARE,
    ),
    ("Parallax", "mas", "parallax_mas", "parallax_err_mas", None, None, 3, "parallax", SHARE),
    ("Right ascension", "deg", "ra_deg", None, "ra_deg", None, 5, "ra-dec", DEG),
    ("Declination", "deg", "dec_deg", None, "dec_deg", None, 5, "ra-dec", DEG),
    ("Proper motion in RA", "mas/yr", "pm_ra_masyr", "pm_ra_err_masyr", "pm_ra_masyr", None, 2, "proper-motion", SHARE),
    (
        "Proper motion in Dec",
        "mas/yr",
        "pm_dec_masyr",
        "pm_dec_err_masyr",
        "pm_dec_masyr",
        None,
        2,
        "proper-motion",
        SHARE,
    ),
    ("Galactic longitude, latitude", "deg", ("gal_lon_deg", "gal_lat_deg"), None, None, None, 3, "galactic", DEG),
    ("Ecliptic longitude, latitude", "deg", ("ecl_lon_deg", "ecl_lat_deg"), None, None, None, 3, "", DEG),
    ("Reddening E(B-V)", "mag", "ebv_mag", "ebv_err_mag", None, None, 3, "reddening", DEX),
    ("Contamination ratio", "", "contamination_ratio", None, None, None, 4, "contamination", SHARE),
    ("Contaminating stars", "", "contaminant_count", None, None, None, 0, "contamination", SHARE),
    ("TESS target priority", "", "priority", None, None, None, 5, "", SHARE),
)


@dataclass(frozen=True)
class Fact:
    label: str
    unit: str
    tic: str
    exofop: str
    differs: bool
    term: str


def stellar_facts(detail):
    """The star's parameters: the TIC's value and ExoFOP's, each with its own error, and whether they differ."""
    toi = detail.tois[0] if detail.tois else None
    return [_fact(detail.star, toi, *parameter) for parameter in PARAMETERS]


def _fact(star, toi, label, unit, tic_name, tic_error_name, exofop_name, exofop_error_name, decimals, term, compared):
    names = tic_name if isinstance(tic_name, tuple) else (tic_name,)
    values = [getattr(star, name) for name in names]
    error = getattr(star, tic_error_name) if tic_error_name else None
    theirs = getattr(toi, exofop_name) if toi is not None and exofop_name else None
    their_error = getattr(toi, exofop_error_name) if toi is not None and exofop_error_name else None
    known = star.has_tic_row and values[0] is not None
    ours = (
        ", ".join(template_filters.measured(value, error, decimals) for value in values)
        if known
        else template_filters.MISSING
    )
    differs = (
        known and theirs is not None and _differ(values[0], theirs, math.hypot(error or 0, their_error or 0), compared)
    )
    return Fact(label, unit, ours, template_filters.measured(theirs, their_error, decimals), differs, term)


def _differ(ours, theirs, error, compared):
    same = error or {SHARE: SAME_SHARE * max(abs(ours), abs(theirs)), DEX: SAME_DEX, DEG: SAME_DEG}[compared]
    away = abs(theirs - ours)
    return min(away, 360 - away if compared == DEG else away) > same


def products_by_sector(detail):
    """Every sector of the star, by ExoFOP or MAST, with its light-curve files: [(sector, [product])], and a word if none."""
    listed = {int(text) for toi in detail.tois for text in (toi.sectors or "").split(",") if text.strip().isdigit()}
    files: dict[int | None, list] = {}
    for product in detail.products:
        if isinstance(products.find_kind(product.kind), products.LightCurveKind):
            files.setdefault(product.sector, []).append(product)
    return [(sector, files.get(sector, [])) for sector in sorted(listed | files.keys(), key=lambda number: number or 0)]


def outside_links(detail):
    """(name, address) of the same star elsewhere."""
    tic_id, star = detail.tic_id, detail.star
    name = quote(f"TIC {tic_id}")
    links = [
        ("ExoFOP", f"https://exofop.ipac.caltech.edu/tess/target.php?id={tic_id}"),
        ("MAST", "https://mast.stsci.edu/portal/Mashup/Clients/Mast/Portal.html?searchQuery=" + name),
        ("SIMBAD", f"https://simbad.cds.unistra.fr/simbad/sim-id?Ident={name}"),
        ("NASA Exoplanet Archive", f"https://exoplanetarchive.ipac.caltech.edu/overview/{name}"),
        ("ADS", f"https://ui.adsabs.harvard.edu/search/q=object%3A%22{name}%22"),
    ]
    if star.ra_deg is not None and star.dec_deg is not None:
        links.append(
            (
                "Aladin sky view",
                f"https://aladin.cds.unistra.fr/AladinLite/?target={star.ra_deg:.6f}%20{star.dec_deg:+.6f}&fov=0.1",
            )
        )
    return links


@dataclass(frozen=True)
class NextTransit:
    """When a TOI transits next: UTC to the minute as the barycentre has it, and one standard deviation [minutes] or None."""

    utc: str
    error_min: float | None


def next_transits(detail):
    """TOI -> its NextTransit, or None where nobody knows."""
    now_btjd = iso_utc_to_btjd(dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    return {toi.toi: _next_transit(toi, now_btjd) for toi in detail.tois}


def _next_transit(toi, now_btjd):
    if why_not_folded(toi):
        return None
    ephemeris = ephemeris_of(toi)
    middle_btjd = ephemeris.transit_times(now_btjd, now_btjd + 1.5 * ephemeris.period_d)[0]
    error_d = ephemeris.error_at(middle_btjd)
    return NextTransit(btjd_to_iso_utc(middle_btjd), None if error_d is None else error_d * MINUTES_PER_DAY)
