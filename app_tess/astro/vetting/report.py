"""What vetting found about one object: measurements, transits, views. Plain values, so that it goes into JSON and back."""

from dataclasses import asdict, dataclass

from app_tess.astro.ephemeris import Ephemeris


@dataclass(frozen=True)
class Measurement:
    """One number about an object. `value`, `error` are None where it could not be measured; then `verdict` says why.

    `concern` is True where the number speaks against a planet, False where it does not, None where it says nothing.
    """

    name: str
    title: str
    value: float | None
    error: float | None
    unit: str
    verdict: str
    concern: bool | None
    formula: str
    source: str


@dataclass(frozen=True)
class TransitRow:
    """One observed transit: number, mid-time [BTJD d], depth and error [ppm]."""

    number: int
    time_btjd: float
    depth_ppm: float
    depth_err_ppm: float


@dataclass(frozen=True)
class VettingReport:
    """All that was measured of one object; every field is plain Python, so `as_dict` goes into JSON as it is."""

    tic_id: int
    label: str
    period_d: float | None
    epoch_btjd: float
    duration_h: float
    measurements: tuple
    transits: tuple
    views: dict | None
    scalars: dict | None
    provenance: dict
    simulated: bool

    @property
    def concerns(self):
        """The measurements that speak against a planet."""
        return [m for m in self.measurements if m.concern]

    def get(self, name):
        """The measurement of a name; KeyError for an unknown one."""
        return {m.name: m for m in self.measurements}[name]

    def as_dict(self):
        """Nested dicts and lists of plain numbers, text and None, ready for JSON."""
        return {**asdict(self), "concerns": [m.name for m in self.concerns]}

    @classmethod
    def from_dict(cls, stored):
        """The report that `as_dict` wrote, without its provenance: what is drawn later is what was measured."""
        return cls(
            **{
                name: stored[name]
                for name in ("tic_id", "label", "period_d", "epoch_btjd", "duration_h", "views", "scalars", "simulated")
            },
            measurements=tuple(Measurement(**row) for row in stored["measurements"]),
            transits=tuple(TransitRow(**row) for row in stored["transits"]),
            provenance={},
        )

    @property
    def ephemeris(self):
        """The Ephemeris that it was measured with."""
        return Ephemeris(self.period_d, self.epoch_btjd, self.duration_h)
