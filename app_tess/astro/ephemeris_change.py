"""How a catalogue's values for a signal differ from earlier ones: in units of their errors, and of the transit.

Catalogues refine an ephemeris and refer it to another transit, so epochs are compared as transit times, propagated
to one moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app_tess.astro.constants import HOURS_PER_DAY
from app_tess.astro.ephemeris import Ephemeris
from app_tess.errors import EphemerisError
from app_tess.fields import TOI_FIELDS, Field
from app_tess.fields.written import measured

Values = Mapping[str, Any]
"""A TOI's catalogue values by the names of the register."""

MEASURED_WITH = ("period_d", "epoch_btjd", "duration_h", "depth_ppm")
"""What a vetting takes from the catalogue."""
_FIELDS = {field.name: field for field in TOI_FIELDS}
SIGNAL_COLUMNS = tuple(name for field in map(_FIELDS.get, MEASURED_WITH) if field for name in (field.name, field.error))
"""These values, each followed by its error."""

LARGE_SHARE, SMALL_SHARE = 0.5, 0.1
"""A transit moved by half a duration is missed by whoever observes the earlier prediction; a tenth is within its error.

The first counts even within the errors of both ephemerides, the second does not count even beyond them.
"""


@dataclass(frozen=True)
class Move:
    """How far a new ephemeris moves the transit nearest to a moment.

    Attributes
    ----------
    before_btjd, after_btjd : float
        The mid-transit time by either ephemeris [BTJD d].
    error_d : float or None
        The larger of their propagated errors, one standard deviation [d]; None where neither is known.
    duration_d : float or None
        The longer of the two durations [d]; None where neither is known.
    """

    before_btjd: float
    after_btjd: float
    error_d: float | None
    duration_d: float | None

    @property
    def shift_d(self) -> float:
        """By how much transits happen later [d]; negative: earlier."""
        return self.after_btjd - self.before_btjd

    @property
    def sigmas(self) -> float | None:
        """The shift in units of its error."""
        return abs(self.shift_d) / self.error_d if self.error_d else None

    @property
    def durations(self) -> float | None:
        """The shift in units of the duration."""
        return abs(self.shift_d) / self.duration_d if self.duration_d else None

    @property
    def exceeds_error(self) -> bool:
        """Whether the shift exceeds its error; where that is unknown, a tenth of the duration."""
        if self.sigmas is not None:
            return self.sigmas > 1
        return abs(self.shift_d) > SMALL_SHARE * (self.duration_d or 0.0)

    @property
    def is_notable(self) -> bool:
        """Whether an observer should know of it."""
        durations = 1.0 if self.durations is None else self.durations
        return durations > LARGE_SHARE or (self.exceeds_error and durations > SMALL_SHARE)

    def describe(self) -> str:
        """Return the shift in words: "10.7 h later (1.1 sigma, 3.8 durations)"."""
        hours = abs(self.shift_d) * HOURS_PER_DAY
        size = f"{hours:.1f} h" if hours >= 1 else f"{60 * hours:.1f} min"
        units = [
            in_units(number, unit)
            for number, unit in ((self.sigmas, "sigma"), (self.durations, "durations"))
            if number is not None
        ]
        return f"{size} {'later' if self.shift_d > 0 else 'earlier'}" + (f" ({', '.join(units)})" if units else "")


def in_units(number: float, unit: str) -> str:
    """Return a change in a unit: "1.1 sigma", "5,500 sigma"."""
    return f"{number:,.{1 if number < 100 else 0}f} {unit}"


def find_move(before: Values, after: Values, at_btjd: float) -> Move | None:
    """Return how far the transit nearest to a moment moved, or None where one of the two has no usable ephemeris."""
    try:
        old, new = _ephemeris(before), _ephemeris(after)
    except EphemerisError:
        return None
    if old.is_single_transit != new.is_single_transit:
        return None
    middle = old.epoch_btjd if old.is_single_transit else at_btjd - float(old.from_transit(at_btjd))
    moved = middle - float(new.from_transit(middle))
    errors = [error for error in (old.error_at(middle), new.error_at(moved)) if error is not None]
    durations = [ephemeris.duration_d for ephemeris in (old, new) if ephemeris.has_duration]
    return Move(middle, moved, max(errors, default=None), max(durations, default=None))


def _ephemeris(values: Values) -> Ephemeris:
    return Ephemeris(
        values["period_d"],
        values["epoch_btjd"],
        values["duration_h"],
        values.get("period_err_d"),
        values.get("epoch_err_d"),
    )


def find_sigmas(field: Field, before: Values, after: Values) -> float | None:
    """Return by how many of its errors a value changed, the larger of the two; None where none is known."""
    errors = [values.get(field.error) for values in (before, after)] if field.error else []
    error = max((error for error in errors if error), default=None)
    old, new = before[field.name], after[field.name]
    return abs(new - old) / error if error and old is not None and new is not None else None


def differs(field: Field, before: Values, after: Values) -> bool:
    """Return whether a number changed by more than its error; where that is unknown, by more than a refinement."""
    old, new = before[field.name], after[field.name]
    if old is None or new is None:
        return (old is None) != (new is None)
    sigmas = find_sigmas(field, before, after)
    if sigmas is not None:
        return sigmas > 1
    assert field.recorded is not None
    return bool(abs(new - old) > field.recorded.tolerance * abs(old))


def find_differences(before: Values, after: Values, at_btjd: float) -> list[str]:
    """Return a phrase for each value that a vetting used and that has changed by more than its error since.

    Parameters
    ----------
    before, after : mapping
        SIGNAL_COLUMNS; what is not known of `before` (as in results of earlier versions) is not compared.
    at_btjd : float
        The moment to which the ephemerides are propagated [BTJD d]. They are compared at the earlier epoch as well,
        where an old ephemeris is most precise.
    """
    found = []
    for name in MEASURED_WITH:
        field = _FIELDS[name]
        if name == "epoch_btjd" or name not in before or not differs(field, before, after):
            continue
        found.append(f"{field.label} from {_text(field, before[name])} to {_text(field, after[name])}")
    if any(phrase.startswith("period") for phrase in found):
        return found
    moments = [moment for moment in (before["epoch_btjd"], at_btjd) if moment is not None]
    moves = [move for moment in moments if (move := find_move(before, after, moment)) is not None]
    moved = [move for move in moves if move.exceeds_error]
    if moved:
        found.insert(0, f"transits {moved[-1].describe()}")
    elif not moves and before["epoch_btjd"] != after["epoch_btjd"]:
        field = _FIELDS["epoch_btjd"]
        found.insert(0, f"epoch from {_text(field, before['epoch_btjd'])} to {_text(field, after['epoch_btjd'])}")
    return found


def _text(field: Field, value: float | None) -> str:
    return "none" if value is None else f"{measured(value, None, field.page_decimals or 0)} {field.unit.symbol}".strip()
