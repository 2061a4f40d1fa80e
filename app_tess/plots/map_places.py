"""Where the sky map and the period-radius plot draw a TOI: a page rings its own, without drawing anything."""

from dataclasses import dataclass

import numpy as np

PERIOD_D = (0.2, 1000.0)
RADIUS_REARTH = (0.3, 40.0)
"""Limits of the axes, which contain nearly every TOI; those outside are drawn at the edge."""

HALF_WIDTH, HALF_HEIGHT = np.pi, np.pi / 2
"""Semi-axes of the ellipse onto which the sphere is mapped [rad]."""


@dataclass(frozen=True)
class Box:
    """Fixed position of a plot's axes, in parts of the figure."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Sheet:
    """Size of both plots [CSS pixels], and the axes of each."""

    width_px: int
    height_px: int
    sky: Box
    period_radius: Box

    def pixels(self, box, x, y):
        """Return places on axes, in parts of them, in pixels from the upper left corner."""
        return self.width_px * (box.left + box.width * x), self.height_px * (1 - box.bottom - box.height * y)


WIDE = Sheet(616, 352, Box(0.04, 0.12, 0.92, 0.75), Box(0.11, 0.15, 0.85, 0.72))
NARROW = Sheet(374, 300, Box(0.04, 0.15, 0.92, 0.6), Box(0.19, 0.18, 0.74, 0.6))
"""For phones."""


def aitoff(ra_deg, dec_deg):
    """Project positions: x in [-pi, pi] with ra = 180 deg at 0 and east to the left, as on the sky; y in [-pi/2, pi/2].

    Source: Calabretta & Greisen 2002, A&A 395, 1077, sec. 5.4 (with the Aitoff scale, alpha / sin alpha).
    """
    lon = np.radians(180.0 - np.asarray(ra_deg, dtype=float))
    lat = np.radians(np.asarray(dec_deg, dtype=float))
    alpha = np.arccos(np.cos(lat) * np.cos(lon / 2))
    scale = 1 / np.sinc(alpha / np.pi)
    return 2 * np.cos(lat) * np.sin(lon / 2) * scale, np.sin(lat) * scale


def sky_pixels(ra_deg, dec_deg, sheet=WIDE):
    """Return where `render_sky` draws positions [pixels from the upper left corner], shape (N,) each."""
    x, y = aitoff(ra_deg, dec_deg)
    return sheet.pixels(sheet.sky, (x / HALF_WIDTH + 1) / 2, (y / HALF_HEIGHT + 1) / 2)


def period_radius_pixels(period_d, planet_radius_rearth, sheet=WIDE):
    """Return where `render_period_radius` draws TOIs [pixels from the upper left corner], shape (N,) each."""
    x, y = (_share(values, ends) for values, ends in ((period_d, PERIOD_D), (planet_radius_rearth, RADIUS_REARTH)))
    return sheet.pixels(sheet.period_radius, x, y)


def _share(values, ends):
    low, high = np.log10(ends)
    return np.clip((np.log10(np.asarray(values, dtype=float)) - low) / (high - low), 0, 1)
