"""Where an object's transits are: the result of looking for them."""

import math
from dataclasses import dataclass

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.vetting.timing import Line, MidTime
from app_tess.astro.vetting.transit_search import Dip

SUBSTANTIAL = 0.1
"""Error of a predicted time, or deviation from it, that matters for the measurements [durations]."""

SCATTERED_SIGMA, LEAST_RMS_D = 4.0, 1.5 / 1440
"""Excess scatter of the mid-times [sigma], and its least size [d], that count as timing variations."""

CATALOGUE, REFINED, NOT_FOUND = "catalogue", "refined", "not found"


@dataclass(frozen=True)
class Located:
    """Where an object's transits are.

    Attributes
    ----------
    ephemeris : Ephemeris
        The one to measure with: the catalogue's, or one refined here; a TimedEphemeris where the times scatter.
    catalogue : Ephemeris
    status : str
        CATALOGUE, REFINED or NOT_FOUND.
    uncertainty_d : float or None
        Largest propagated error of a predicted time in the data, one standard deviation [d].
    times : tuple of MidTime
        Measured mid-times; numbers and deviations are those of the catalogue's ephemeris.
    line : Line or None
        The linear ephemeris through them.
    dip : Dip or None
        What the search found.
    is_outside : bool
        True where the dip lies outside the propagated error.
    """

    ephemeris: Ephemeris
    catalogue: Ephemeris
    status: str = CATALOGUE
    uncertainty_d: float | None = None
    times: tuple[MidTime, ...] = ()
    line: Line | None = None
    dip: Dip | None = None
    is_outside: bool = False

    @property
    def scatter_sigma(self) -> float | None:
        """Excess scatter of the mid-times about a line [sigma]; None with fewer than three."""
        if self.line is None or self.line.freedom < 1:
            return None
        # Wilson & Hilferty 1931, PNAS 17, 684: the cube root of a reduced chi2 is nearly normal
        width = 2 / (9 * self.line.freedom)
        return float(((self.line.chi2 / self.line.freedom) ** (1 / 3) - 1 + width) / math.sqrt(width))

    @property
    def times_scatter(self) -> bool:
        """True where the transits are early and late by more than the errors of their times."""
        sigma = self.scatter_sigma
        return sigma is not None and sigma > SCATTERED_SIGMA and self.line is not None and self.line.rms_d > LEAST_RMS_D
