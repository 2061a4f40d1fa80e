"""Air mass and altitude."""

import math

HORIZON_AIRMASS = 37.92
"""Air mass at the horizon, the largest, by the formula below."""


def airmass_at(altitude_deg: float) -> float:
    """Return the air mass at an altitude [deg], 1 at the zenith; infinite below the horizon.

    References
    ----------
    Kasten & Young 1989, Applied Optics 28, 4735, eq. 3: 1 / (sin h + 0.50572 (h + 6.07995)^-1.6364).
    """
    if altitude_deg < 0:
        return math.inf
    return float(1 / (math.sin(math.radians(altitude_deg)) + 0.50572 * (altitude_deg + 6.07995) ** -1.6364))


def altitude_of(airmass: float) -> float:
    """Return the altitude [deg] below which the air mass exceeds a value, by bisection, to 1e-9 deg."""
    low, high = 0.0, 90.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if airmass_at(middle) > airmass else (low, middle)
    return high
