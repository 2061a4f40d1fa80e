"""Input shared by all vetting tests: light curve, ephemeris, star, and results that are computed once."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.folding import FoldedDepth, measure_depth
from app_tess.astro.stitching import StitchedLightCurve
from app_tess.astro.vetting.located import Located
from app_tess.astro.vetting.transit_depths import TransitDepths, measure_transits

Result = TypeVar("Result")

SIGNIFICANT_DIP = 3.0
"""Depth over its error [sigma] above which the shape and size of a dip are measured."""


@dataclass(frozen=True, eq=False)
class VettingContext:
    """Light curve, ephemeris and star of one object.

    Parameters
    ----------
    stitched : StitchedLightCurve
        Light curve without the transits of the star's other objects.
    ephemeris : Ephemeris
        Ephemeris with a duration.
    stellar_radius_rsun, density_solar : float or None
        Radius [R_sun] and mean density [solar] of the star.
    transits_shared : bool
        True where transits of another object coincide with all of this one's and remain in the light curve.
    located : Located, optional
        Where the transits were found, and the catalogue's ephemeris, if these were looked for.
    """

    stitched: StitchedLightCurve
    ephemeris: Ephemeris
    stellar_radius_rsun: float | None = None
    density_solar: float | None = None
    transits_shared: bool = False
    located: Located | None = None
    _results: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    def shared(self, compute: Callable[["VettingContext"], Result]) -> Result:
        """Return compute(self), evaluated once, for a fit or a search that several tests use."""
        if compute not in self._results:
            self._results[compute] = compute(self)
        result: Result = self._results[compute]
        return result

    @property
    def duration_h(self) -> float:
        """The transit duration of the ephemeris in use, first to fourth contact [h]."""
        return self.ephemeris.duration_h or math.nan

    @property
    def catalogue_duration_h(self) -> float:
        """The catalogue's transit duration, first to fourth contact [h]."""
        return self.duration_h if self.located is None else self.located.catalogue.duration_h or math.nan

    @cached_property
    def rows(self) -> TransitDepths:
        """The depth of each observed transit."""
        return measure_transits(self.stitched, self.ephemeris)

    @property
    def red_noise(self) -> float:
        """Factor by which noise on the timescale of a transit exceeds white noise; at least 1."""
        return self.rows.red_noise_factor

    @cached_property
    def depth(self) -> FoldedDepth:
        """The depth of the folded transit; its error is that of white noise."""
        return measure_depth(self.stitched, self.ephemeris)

    @property
    def depth_err_ppm(self) -> float:
        """The error of the folded depth [ppm], with red noise."""
        return self.depth.depth_err_ppm * self.red_noise

    @property
    def is_dip_significant(self) -> bool:
        """True where the depth exceeds three times its error."""
        return self.depth.depth_ppm > SIGNIFICANT_DIP * self.depth.depth_err_ppm * self.red_noise

    @property
    def diluting_share(self) -> float | None:
        """Fraction of the flux from other stars; None where it is unknown or has been subtracted."""
        crowdsap = self.stitched.crowdsap
        return 1 - crowdsap if crowdsap and not self.stitched.flux_type.crowding_corrected else None
