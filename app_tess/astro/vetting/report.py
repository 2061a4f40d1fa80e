"""The result of vetting one object: measurements, transits and views, as plain values that go into JSON and back."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from app_tess.astro.ephemeris import Ephemeris

NO_RED_FLAGS = "No red flags in the light curve."


@dataclass(frozen=True)
class Measurement:
    """One measured quantity of an object.

    `value` and `error` are None where it could not be measured; `finding`, a sentence, then says why. `concern` is True
    for a red flag, False for none, None where the quantity does not discriminate. `formula` and `source` say how it is
    measured and by whom it was published.
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
    """Everything measured of one object; every field is plain Python, so that `as_dict` goes into JSON as it is."""

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

    @property
    def concerns(self) -> list[Measurement]:
        """The red flags."""
        return [m for m in self.measurements if m.concern]

    @property
    def summary(self) -> str:
        """The findings of all red flags, or a sentence that there are none."""
        return " ".join(m.finding for m in self.concerns) or NO_RED_FLAGS

    @property
    def ephemeris(self) -> Ephemeris:
        """The ephemeris it was measured with."""
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
        """Return nested dicts and lists of plain numbers, text and None, ready for JSON."""
        return {**asdict(self), "concerns": [m.name for m in self.concerns]}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Return the report that `as_dict` wrote, without its provenance."""
        names = ("tic_id", "label", "period_d", "epoch_btjd", "duration_h", "views", "scalars", "simulated")
        return cls(
            **{name: stored[name] for name in names},
            measurements=tuple(Measurement(**row) for row in stored["measurements"]),
            transits=tuple(TransitRow(**row) for row in stored["transits"]),
            provenance={},
        )
