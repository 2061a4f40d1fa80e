"""Remove the transits of a star's other objects from its light curve."""

from collections.abc import Sequence

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import IN_TRANSIT_DURATIONS
from app_tess.astro.stitching import StitchedLightCurve


def without_others(
    stitched: StitchedLightCurve, ephemeris: Ephemeris, others: Sequence[Ephemeris]
) -> tuple[StitchedLightCurve, bool]:
    """Return the light curve without the transits of the star's other objects, and whether they had to be kept.

    They are kept where none of this object's own transits would remain: the catalogue may list one signal twice, with
    its period and a multiple of it, and both entries are measured.
    """
    cut = stitched.without_transits(others)
    left, there = (ephemeris.in_transit(curve.time_btjd, IN_TRANSIT_DURATIONS).any() for curve in (cut, stitched))
    return (stitched.without_transits(others, spared=ephemeris), True) if there and not left else (cut, False)
