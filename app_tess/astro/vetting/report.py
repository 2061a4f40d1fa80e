"""The result of vetting one object: measurements, transits and views, as plain values that can be stored as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from app_tess.astro.ephemeris import Ephemeris
from app_tess.astro.timed_ephemeris import TimedEphemeris

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


def make_ephemeris(
    values: dict[str, float | None], deviations: Sequence[tuple[int, float]] = ()
) -> Ephemeris | TimedEphemeris:
    """Return the ephemeris with these values, aligned on measured times where there are deviations."""
    epoch = values["epoch_btjd"]
    assert epoch is not None
    rest = {name: values[name] for name in ("duration_h", "period_err_d", "epoch_err_d")}
    if not deviations:
        return Ephemeris(values["period_d"], epoch, **rest)
    pairs = tuple((int(number), float(late)) for number, late in deviations)
    return TimedEphemeris(values["period_d"], epoch, **rest, deviations=pairs)


def ephemeris_values(ephemeris: Ephemeris) -> dict[str, float | None]:
    """Return the values of an ephemeris by name, for JSON."""
    names = ("period_d", "epoch_btjd", "duration_h", "period_err_d", "epoch_err_d")
    return {name: getattr(ephemeris, name) for name in names}


@dataclass(frozen=True)
class TransitRow:
    """One observed transit: number, mid-transit time [BTJD d], depth and its error [ppm]."""

    number: int
    time_btjd: float
    depth_ppm: float
    depth_err_ppm: float


@dataclass(frozen=True)
class TimeRow:
    """A measured mid-transit time.

    Number in the catalogue's ephemeris, time [BTJD d] and its error [d], deviation from the catalogue's prediction [d],
    and how many transits were combined.
    """

    number: int
    time_btjd: float
    error_d: float
    late_d: float
    transits: int


@dataclass(frozen=True)
class EphemerisUsed:
    """Which ephemeris an object was measured with, and why.

    Parameters
    ----------
    status : str
        "catalogue"; "refined" here from the light curve; or "not found", where the catalogue's was used.
    note : str
        The same in sentences.
    used, catalogue : dict
        period_d, epoch_btjd, duration_h, period_err_d, epoch_err_d.
    deviations : tuple of (int, float)
        Number of a transit and its measured minus its linear time [d], where the fold is aligned on measured times.
    times : tuple of TimeRow
    others : tuple of dict
        Ephemerides of the star's other objects, as `used`, with their `deviations`.
    """

    status: str
    note: str
    used: dict[str, float | None]
    catalogue: dict[str, float | None]
    deviations: tuple[tuple[int, float], ...] = ()
    times: tuple[TimeRow, ...] = ()
    others: tuple[dict[str, Any], ...] = ()

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Return what `asdict` stored."""
        return cls(
            **{name: stored[name] for name in ("status", "note", "used", "catalogue")},
            deviations=tuple((int(number), late) for number, late in stored["deviations"]),
            times=tuple(TimeRow(**row) for row in stored["times"]),
            others=tuple(stored["others"]),
        )


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
    ephemeris_used: EphemerisUsed | None = None

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
        if self.ephemeris_used is None:
            return Ephemeris(self.period_d, self.epoch_btjd, self.duration_h)
        return make_ephemeris(self.ephemeris_used.used, self.ephemeris_used.deviations)

    @property
    def other_ephemerides(self) -> list[Ephemeris] | None:
        """Those of the star's other objects; None in a report that did not store them."""
        if self.ephemeris_used is None:
            return None
        return [make_ephemeris(other["used"], other["deviations"]) for other in self.ephemeris_used.others]

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
            ephemeris_used=stored["ephemeris_used"] and EphemerisUsed.from_dict(stored["ephemeris_used"]),
        )
