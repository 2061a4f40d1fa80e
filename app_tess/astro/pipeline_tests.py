"""A pipeline's own tests of a threshold-crossing event, to be shown beside ours."""

import math
from dataclasses import dataclass

from app_tess.astro.ephemeris import Ephemeris


@dataclass(frozen=True)
class PipelineTest:
    """One test.

    Attributes
    ----------
    name, title : str
        Key in JSON, and title on pages.
    value, error : float or None
        In `unit`.
    finding : str
        A sentence with the significance.
    concern : bool or None
        True for a red flag; None where the test does not discriminate.
    ours : str or None
        Name of the measurement in `astro.vetting` that tests the same.
    """

    name: str
    title: str
    value: float | None
    error: float | None
    unit: str
    finding: str
    concern: bool | None
    ours: str | None


@dataclass(frozen=True)
class TestedEvent:
    """A threshold-crossing event with its ephemeris and the pipeline's tests."""

    __test__ = False  # not a class of tests for pytest

    number: int
    period_d: float | None
    epoch_btjd: float | None
    duration_h: float | None
    depth_ppm: float | None
    tests: tuple[PipelineTest, ...]

    @property
    def ephemeris(self) -> Ephemeris:
        """The ephemeris of the event; EphemerisError without an epoch."""
        return Ephemeris(self.period_d, math.nan if self.epoch_btjd is None else self.epoch_btjd, self.duration_h)
