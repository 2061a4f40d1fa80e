"""What a search finds: periodic signals and single transits, and the result as a whole."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from app_tess.astro.ephemeris import Ephemeris


@dataclass(frozen=True)
class Alias:
    """A signal measured at a multiple of its period.

    Attributes
    ----------
    name : str
        "P/2", "P" or "2P".
    period_d : float
    snr : float
        Significance of the box there, at the best phase.
    """

    name: str
    period_d: float
    snr: float


@dataclass(frozen=True)
class Signal:
    """A periodic dip, or a single one.

    Attributes
    ----------
    number : int
        In order of detection, from 1.
    period_d, period_err_d : float or None
        None for a single transit [d].
    epoch_btjd, epoch_err_d : float
        Mid-time of a transit in the middle of the data [BTJD d]; the errors of epoch and period are then uncorrelated.
    duration_h, duration_err_h : float
        First to fourth contact [h].
    depth_ppm, depth_err_ppm : float
    snr : float
        Depth over its error, with red noise.
    sde : float or None
        Signal detection efficiency; None for a single transit.
    transits_observed, transits_expected : int
        With half of their cadences; and within the first and last cadence of each sector.
    aliases : tuple of Alias
    notes : tuple of str
        Sentences on what the numbers do not say.
    """

    number: int
    period_d: float | None
    period_err_d: float | None
    epoch_btjd: float
    epoch_err_d: float
    duration_h: float
    duration_err_h: float
    depth_ppm: float
    depth_err_ppm: float
    snr: float
    sde: float | None
    transits_observed: int
    transits_expected: int
    aliases: tuple[Alias, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_single(self) -> bool:
        """True for a single transit."""
        return self.period_d is None

    @property
    def ephemeris(self) -> Ephemeris:
        """Its linear ephemeris."""
        return Ephemeris(self.period_d, self.epoch_btjd, self.duration_h, self.period_err_d, self.epoch_err_d)

    def numbered(self, number: int) -> "Signal":
        """Return a copy with another number."""
        return replace(self, number=number)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Return the signal that `as_dict` stored."""
        return cls(
            **stored
            | {"aliases": tuple(Alias(**alias) for alias in stored["aliases"]), "notes": tuple(stored["notes"])}
        )


@dataclass(frozen=True)
class Settings:
    """The limits of a search; stored with its result.

    Attributes
    ----------
    least_snr, least_sde : float
        Both must be reached by a periodic signal.
    least_single_snr : float
        Of a single transit.
    shortest_period_d : float
        [d]; the longest is half the time span.
    most_signals : int
        Periodic signals, and single transits, at most.
    """

    least_snr: float = 7.0
    least_sde: float = 6.0
    least_single_snr: float = 7.5
    shortest_period_d: float = 0.3
    most_signals: int = 3


DEFAULT_SETTINGS = Settings()
"""Chosen on simulated stars and half of the real quiet ones (`benchmarks.search_completeness --choose`)."""
