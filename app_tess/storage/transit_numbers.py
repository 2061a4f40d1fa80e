"""Numbers of transits that survive a re-referenced epoch, so that a calendar's entries are updated, not duplicated.

A transit has the number of periods between a fixed date and its mid-transit time. Rounding alone would number it anew
whenever a small shift crosses a half, and a refined period would add up over thousands of periods. So a number, once
given, is carried over to the next catalogue: the transits nearest to the day of the update keep theirs.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from app_tess.astro.ephemeris import SAME_SIGNAL, Ephemeris
from app_tess.errors import EphemerisError
from app_tess.storage.database import db
from app_tess.storage.old_tois import NUMBERED, old

COUNTED_FROM_BTJD = 3000.0
"""BJD 2460000, 2023-02-24: a day in the middle of the data [d]."""

Numbering = dict[str, tuple[int, Ephemeris]]
"""TOI -> the number of the transit at its epoch, and its ephemeris."""


def number_of_epoch(toi: Any) -> int | None:
    """Return the number of the transit at the epoch of a TOI (a row with its ephemeris); None for a single transit."""
    if toi.epoch_number is not None:
        return int(toi.epoch_number)
    ephemeris = _ephemeris(toi)
    return None if ephemeris is None else _first_number(ephemeris)


def numbering(tois: Sequence[str]) -> Numbering:
    """Return the numbers that some TOIs, at most IDS_A_STATEMENT, have in the catalogue that is being replaced."""
    rows = db.session.execute(select(old.toi, *(old[name] for name in NUMBERED)).where(old.toi.in_(tois)))
    found = ((row.toi, number_of_epoch(row), _ephemeris(row)) for row in rows)
    return {toi: (number, ephemeris) for toi, number, ephemeris in found if number is not None and ephemeris}


def number_epochs(rows: Iterable[dict[str, Any]], before: Numbering, now_btjd: float) -> Iterator[dict[str, Any]]:
    """Yield the rows of a new catalogue with their `epoch_number`.

    Parameters
    ----------
    rows : iterable of dict
        toi, period_d and epoch_btjd.
    before : Numbering
        Of the catalogue that it replaces.
    now_btjd : float
        The moment at which the transits of both are matched [BTJD d].
    """
    for row in rows:
        ephemeris = _ephemeris_from(row["period_d"], row["epoch_btjd"])
        row["epoch_number"] = None if ephemeris is None else _number(ephemeris, before.get(row["toi"]), now_btjd)
        yield row


def _number(ephemeris: Ephemeris, before: tuple[int, Ephemeris] | None, now_btjd: float) -> int:
    if before is None:
        return _first_number(ephemeris)
    epoch_number, old = before
    if ephemeris == old:  # as of most TOIs in an update
        return epoch_number
    if abs(ephemeris.require_period() / old.require_period() - 1) > SAME_SIGNAL:
        return _first_number(ephemeris)  # these are other transits
    middle = now_btjd - float(old.fold(now_btjd))
    return epoch_number + int(old.transit_number(middle)) - int(ephemeris.transit_number(middle))


def _first_number(ephemeris: Ephemeris) -> int:
    return math.floor((ephemeris.epoch_btjd - COUNTED_FROM_BTJD) / ephemeris.require_period() + 0.5)


def _ephemeris(toi: Any) -> Ephemeris | None:
    return _ephemeris_from(toi.period_d, toi.epoch_btjd)


def _ephemeris_from(period_d: float | None, epoch_btjd: float | None) -> Ephemeris | None:
    """Return an ephemeris with a period, or None."""
    try:
        ephemeris = Ephemeris(period_d, math.nan if epoch_btjd is None else epoch_btjd)
    except EphemerisError:
        return None
    return None if ephemeris.is_single_transit else ephemeris
