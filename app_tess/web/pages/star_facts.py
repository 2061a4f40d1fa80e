"""What a star's page says in words: parameters from two catalogues, files, links, and the next transits."""

import datetime as dt
import math
from dataclasses import dataclass
from urllib.parse import quote

from app_tess.archives import products
from app_tess.astro.constants import MINUTES_PER_DAY
from app_tess.astro.identifiers import parse_sectors
from app_tess.astro.times import LAST_PREDICTION_BTJD, btjd_to_iso_utc, iso_utc_to_btjd
from app_tess.fields import EXOFOP_SIDE, STAR_FIELDS, TEXTS, TOI_FIELDS, units
from app_tess.tasks.star_signals import ephemeris_of, why_not_folded
from app_tess.web.http import template_filters

SAME_SHARE, SAME_DEX, SAME_DEG = 0.005, 0.01, 0.001
"""Where neither catalogue gives an error, two values count as the same, but rounded, within half a percent;
magnitudes and decimal exponents within 0.01; positions within 3.6 arcsec, because their epochs differ."""
STELLAR_FIELDS = sorted(
    (field for field in STAR_FIELDS if field.on_page), key=lambda field: field.unit in units.ASTROMETRIC
)
"""What the star is, then where it is."""
SIGNAL_FIELDS = sorted(
    (field for field in TOI_FIELDS if field.on_page and not field.of_star), key=lambda field: field.kind in TEXTS
)
"""What is measured, then what is said in words."""


@dataclass(frozen=True)
class StellarFact:
    """A star's parameter as both catalogues have it."""

    label: str
    unit: str
    tic: str
    exofop: str
    differs: bool
    """The two values are further apart than their errors together."""
    term: str


def stellar_facts(detail):
    """Return the star's parameters: the TIC's value and ExoFOP's, each with its own error, and whether they differ."""
    toi = detail.tois[0] if detail.tois else None
    return [_stellar_fact(detail.star, toi, field) for field in STELLAR_FIELDS]


def _stellar_fact(star, toi, field):
    value, error = _measurement(star if star.has_tic_row else None, field)
    other, other_error = _measurement(toi, EXOFOP_SIDE.get(field.name))
    differs = (
        value is not None
        and other is not None
        and _differ(value, other, math.hypot(error or 0, other_error or 0), field)
    )
    return StellarFact(
        field.title,
        field.unit.symbol,
        template_filters.measured(value, error, field.page_decimals),
        template_filters.measured(other, other_error, field.page_decimals),
        differs,
        field.term,
    )


def _measurement(row, field):
    """Return a field's (value, error) in a row; None where there is no such row, field or error."""
    if row is None or field is None:
        return None, None
    return getattr(row, field.name), getattr(row, field.error) if field.error else None


def _differ(value, other, error, field):
    if field.unit in units.LOGARITHMIC:
        same = SAME_DEX
    elif field.unit == units.DEGREE:
        same = SAME_DEG
    else:
        same = SAME_SHARE * max(abs(value), abs(other))
    away = abs(other - value)
    return min(away, 360 - away if field.unit == units.DEGREE else away) > (error or same)


@dataclass(frozen=True)
class SignalFact:
    """What ExoFOP gives for a TOI, in words."""

    label: str
    text: str
    note: str
    """The same in another unit."""
    term: str


def signal_facts(toi):
    """Return what ExoFOP gives for a TOI, with units and errors."""
    return [_signal_fact(toi, field) for field in SIGNAL_FIELDS]


KEY_FIELDS = ("period_d", "duration_h", "depth_ppm", "planet_radius_rearth")


def key_facts(toi):
    """Return what a folded light curve is read with: the values that stand beside it."""
    by_name = {field.name: field for field in SIGNAL_FIELDS}
    return [_signal_fact(toi, by_name[name]) for name in KEY_FIELDS]


def _signal_fact(toi, field):
    return SignalFact(field.title, _signal_text(toi, field), _note(toi, field), field.term)


def _signal_text(toi, field):
    value, error = _measurement(toi, field)
    if field.name == "period_d" and not value:
        return "unknown (single transit)"
    if value is None or value == "":
        return template_filters.MISSING
    if field.kind in TEXTS:
        return str(value)
    return f"{template_filters.measured(value, error, field.page_decimals)} {field.unit.symbol}".strip()


def _note(toi, field):
    if field.name == "epoch_btjd" and toi.epoch_btjd is not None:
        return f"BJD {template_filters.tess_moment(toi.epoch_btjd)}"
    if field.name == "depth_ppm" and toi.depth_mmag is not None:
        return f"{template_filters.number(toi.depth_mmag, 2)} mmag"
    return ""


def products_by_sector(detail):
    """Return the sectors of the star, by ExoFOP or MAST, with their light-curve files, those with files first:
    [(sector, [product])].
    """
    listed = {sector for toi in detail.tois for sector in parse_sectors(toi.sectors)}
    files: dict[int | None, list] = {}
    for product in detail.products:
        if isinstance(products.find_kind(product.kind), products.LightCurveKind):
            files.setdefault(product.sector, []).append(product)
    numbers = sorted(listed | files.keys(), key=lambda number: (number not in files, number or 0))
    return [(sector, files.get(sector, [])) for sector in numbers]


MAST_SEARCH = "https://mast.stsci.edu/portal/Mashup/Clients/Mast/Portal.html?searchQuery="


def name_resolver(name):
    """Return the address at which MAST resolves a name and shows what it has there."""
    return MAST_SEARCH + quote(name)


def outside_links(detail):
    """Return (name, address) of the same star elsewhere."""
    tic_id, star = detail.tic_id, detail.star
    name = quote(f"TIC {tic_id}")
    links = [
        ("ExoFOP", f"https://exofop.ipac.caltech.edu/tess/target.php?id={tic_id}"),
        ("MAST", MAST_SEARCH + name),
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
    """When a TOI transits next, at the barycenter of the solar system."""

    error_min: float | None
    """One standard deviation [minutes]."""
    middle_btjd: float

    @property
    def utc(self) -> str:
        """The middle, to the minute."""
        return btjd_to_iso_utc(self.middle_btjd)


def next_transits(detail):
    """Return TOI -> its NextTransit; None where there is none before LAST_PREDICTION_BTJD, or no usable period."""
    now_btjd = iso_utc_to_btjd(dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    return {toi.toi: next_transit(toi, now_btjd) for toi in detail.tois}


def next_transit(toi, now_btjd):
    """Return the first NextTransit of a TOI from a moment on, or None."""
    if why_not_folded(toi):
        return None
    ephemeris = ephemeris_of(toi)
    middle_btjd = ephemeris.transit_times(now_btjd, now_btjd + 1.5 * ephemeris.period_d)[0]
    if middle_btjd > LAST_PREDICTION_BTJD:
        return None
    error_d = ephemeris.error_at(middle_btjd)
    error_min = None if error_d is None else error_d * MINUTES_PER_DAY
    return NextTransit(error_min, middle_btjd)
