"""The result of vetting one object: measurements, transits and views, as plain values that can be stored as JSON."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from app_tess.astro.ephemeris import Ephemeris

NO_RED_FLAGS = "No red flags in the light curve."


@dataclass(frozen=True)
class Measurement:
    """One measured quantity of an object.

    Parameters
    ----------
    name, title : str
        Key in JSON, and title on pages.
    value, error : float or None
        Value and its standard deviation, in `unit`; None where it could not be measured.
    unit : str
    finding : str
        A sentence about the value, or the reason why there is none.
    concern : bool or None
        True for a red flag, False for none, None where the quantity does not discriminate.
    formula, source : str
        Definition of the quantity, and its reference.
    """

    name: str
    title: str
    value: float | None
    error: float | None
    unit: str
    finding: str
    concern: bool | None
    formula: str
    source: str


@dataclass(frozen=True)
class TransitRow:
    """One observed transit: number, mid-transit time [BTJD d], depth and its error [ppm]."""

    number: int
    time_btjd: float
    depth_ppm: float
    depth_err_ppm: float


@dataclass(frozen=True)
class VettingReport:
    """All measurements of one object; all fields are plain Python values, so that `as_dict` can be written as JSON.

    `cautions` are sentences on what limits every measurement, such as a trend that could not be removed.
    """

    tic_id: int
    label: str
    period_d: float | None
    epoch_btjd: float
    duration_h: float
    measurements: tuple[Measurement, ...]
    transits: tuple[TransitRow, ...]
    views: dict[str, Any] | None
    scalars: dict[str, float | None] | None
    provenance: dict[str, Any]
    simulated: bool
    cautions: tuple[str, ...] = ()

    @property
    def concerns(self) -> list[Measurement]:
        """The red flags."""
        return [m for m in self.measurements if m.concern]

    @property
    def summary(self) -> str:
        """The findings of all red flags, or a sentence stating that there are none."""
        return " ".join(m.finding for m in self.concerns) or NO_RED_FLAGS

    @property
    def ephemeris(self) -> Ephemeris:
        """The ephemeris used for the measurements."""
        return Ephemeris(self.period_d, self.epoch_btjd, self.duration_h)

    def get(self, name: str) -> Measurement:
        """Return a measurement by name.

        Raises
        ------
        KeyError
            There is no such measurement.
        """
        return {m.name: m for m in self.measurements}[name]

    def as_dict(self) -> dict[str, Any]:
        """Return nested dicts and lists of numbers, text and None, for JSON."""
        return {**asdict(self), "concerns": [m.name for m in self.concerns]}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Return the report stored by `as_dict`, without its provenance."""
        names = ("tic_id", "label", "period_d", "epoch_btjd", "duration_h", "views", "scalars", "simulated")
        return cls(
            **{name: stored[name] for name in names},
            measurements=tuple(Measurement(**row) for row in stored["measurements"]),
            transits=tuple(TransitRow(**row) for row in stored["transits"]),
            provenance={},
            cautions=tuple(stored["cautions"]),
        )
