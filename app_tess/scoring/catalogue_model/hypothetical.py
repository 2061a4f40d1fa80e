"""A TOI with other values than the catalogue's: what is changed, and what follows from it.

Quantities that the catalogue lists, but that follow from others, are carried along, so that the hypothetical TOI is one
system. What the features derive from them (density, a/R*, duration over that of a central transit, ...) is computed by
`feature_values.feature_values`, as for every score.

References
----------
Winn 2010, arXiv:1001.2010: depth = (Rp / R*)^2; insolation R*^2 Teff^4 / a^2, with Kepler's third law.
"""

import math
from dataclasses import dataclass

from app_tess.astro.constants import PPM
from app_tess.astro.physics import depth_mmag_from_ppm
from app_tess.errors import InvalidInput
from app_tess.fields import in_toi_table

INPUTS = (
    "planet_radius_rearth",
    "period_d",
    "depth_ppm",
    "duration_h",
    "stellar_radius_rsun",
    "stellar_mass_msun",
    "teff_k",
    "tmag",
    "snr",
)
"""What can be changed, by the names in the scoring frame."""

OF_STAR = ("stellar_radius_rsun", "stellar_mass_msun", "teff_k", "tmag", "logg")
"""For these the features take the TIC's value where the TOI table has none."""


@dataclass(frozen=True)
class ChangedValue:
    """A value of the hypothetical TOI that differs from the catalogue's."""

    column: str
    present: float | None
    hypothetical: float
    typed: bool
    """False: it follows from what was typed."""


def present_value(row, column):
    """Return the value of a column that the features use, or None; `row` maps the scoring frame's columns to values."""
    names = (column, in_toi_table(column)) if column in OF_STAR else (column,)
    return next((float(row[name]) for name in names if _known(row.get(name))), None)


def hypothesize(row, typed):
    """Return a TOI with other values, and all values that differ.

    Parameters
    ----------
    row : dict
        A row of the scoring frame.
    typed : dict of str to float
        Some of INPUTS, positive (but for `tmag`).

    Returns
    -------
    row : dict
    changed : list of ChangedValue
        The typed ones first.

    Raises
    ------
    InvalidInput
        A planet of this radius would be larger than its star; `field` names the input.
    """
    values = dict(typed)
    _carry_size(row, typed, values)
    _carry_orbit(row, typed, values)
    if values.get("depth_ppm", 0) >= PPM:
        field = next(name for name in ("planet_radius_rearth", "stellar_radius_rsun", "depth_ppm") if name in typed)
        raise InvalidInput(
            "the planet would cover its whole star: the depth would be 1,000,000 ppm or more.", field=field
        )
    if "depth_ppm" in values:
        values["depth_mmag"] = float(depth_mmag_from_ppm(values["depth_ppm"]))
    changed = [
        ChangedValue(name, present_value(row, name), value, name in typed)
        for name, value in values.items()
        if name != "depth_mmag"
    ]
    return {**row, **values}, changed


def _carry_size(row, typed, values):
    """Keep depth = (Rp / R*)^2, and the noise: SNR is proportional to depth times the root of the time in transit."""
    star = _factor(row, values, "stellar_radius_rsun")
    if "planet_radius_rearth" in typed and "depth_ppm" not in typed:
        _scale(row, values, "depth_ppm", (_factor(row, values, "planet_radius_rearth") / star) ** 2)
    elif "planet_radius_rearth" not in typed:
        _scale(row, values, "planet_radius_rearth", star * math.sqrt(_factor(row, values, "depth_ppm")))
    if "snr" not in typed:
        factor = _factor(row, values, "depth_ppm") * math.sqrt(_factor(row, values, "duration_h"))
        _scale(row, values, "snr", factor / math.sqrt(_factor(row, values, "period_d")))


def _carry_orbit(row, typed, values):
    """Insolation, equilibrium temperature and surface gravity follow the star and the period."""
    star, mass = _factor(row, values, "stellar_radius_rsun"), _factor(row, values, "stellar_mass_msun")
    axis = (mass * _factor(row, values, "period_d") ** 2) ** (1 / 3)
    insolation = star**2 * _factor(row, values, "teff_k") ** 4 / axis**2
    _scale(row, values, "insolation_earth", insolation)
    _scale(row, values, "equilibrium_temperature_k", insolation**0.25)
    logg = present_value(row, "logg")
    if logg is not None and mass != star**2:
        values["logg"] = logg + math.log10(mass / star**2)


def _factor(row, values, column):
    """Return by how much a value differs; 1 where it does not, or where there is nothing to compare with."""
    present = present_value(row, column)
    return values[column] / present if column in values and present else 1.0


def _scale(row, values, column, factor):
    present = present_value(row, column)
    if present is not None and not math.isclose(factor, 1.0):
        values[column] = present * factor


def _known(value):
    return isinstance(value, (int, float)) and math.isfinite(value) and value > 0
