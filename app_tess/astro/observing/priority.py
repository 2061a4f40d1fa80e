"""The priority of a transit for one night: a product of shares, each with a stated rule."""

import math
from dataclasses import dataclass, fields

FULL_SIGNIFICANCE = 10.0
"""Significance from which a deeper transit gains nothing."""
MOON_DEG = 30.0
"""Distance at which a full Moon takes away all of the priority [deg]."""
UNKNOWN = 0.5
"""The share of what is unknown."""


@dataclass(frozen=True)
class Priority:
    """The shares, each in [0, 1]."""

    probability: float
    """Planet probability."""
    coverage: float
    """Observable part of the transit."""
    altitude: float
    """1 / air mass in the middle of the observable part."""
    moon: float
    """Darkness of the sky near the target, see `moon_share`."""
    timing: float
    """duration / (duration + 1-sigma timing error)."""
    detection: float
    """Significance of the depth over 10, at most 1."""

    @property
    def value(self) -> float:
        """The product."""
        return float(math.prod(getattr(self, field.name) for field in fields(self)))


def moon_share(separation_deg: float, altitude_deg: float, illumination: float) -> float:
    """Return 1 - f min(1, (30 deg / separation)^2) for an illuminated fraction f; 1 for a Moon below the horizon.

    Brightness by scattered moonlight falls about as the inverse square beyond some ten degrees.
    """
    if altitude_deg < 0:
        return 1.0
    return 1 - illumination * min(1.0, (MOON_DEG / max(separation_deg, 1.0)) ** 2)


def timing_share(error_min: float | None, duration_min: float | None) -> float:
    """Return duration / (duration + error); 0.5 where one is unknown."""
    if error_min is None or not duration_min:
        return UNKNOWN
    return duration_min / (duration_min + error_min)


def detection_share(significance: float | None) -> float:
    """Return significance / 10, at most 1; 0.5 where it is unknown."""
    return UNKNOWN if significance is None else min(1.0, significance / FULL_SIGNIFICANCE)
